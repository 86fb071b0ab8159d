"""Days, times and numbers on a page that are written in another country's way."""

import re

MONTHS = "Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec"
# A day before its month, a day for machines, a time without its half of the day, and Django's own "2 p.m.".
FOREIGN = re.compile(
    rf"\b\d{{1,2}} (?:{MONTHS})[a-z]*\b(?: \d{{4}})?|\b\d{{4}}-\d\d-\d\d\b"
    r"|(?<![\d:])\b[0-2]?\d:[0-5]\d\b(?!:?\d*\s?[AP]M| in\b)"
    r"|\b\d{1,2}(?::\d\d)? [ap]\.m\.|\b(?:noon|midnight)\b"
)
TAGS = re.compile(r"<script.*?</script>|<style.*?</style>|<[^>]*>", re.DOTALL)
BOXES = re.compile(r'<input type="text"[^>]* value="([^"]*)"')


def foreign(html: str) -> set[str]:
    """What a person reads on the page in another country's way."""
    text = TAGS.sub(" ", html)
    return {found[0] for part in (text, *BOXES.findall(html)) for found in FOREIGN.finditer(part)}
