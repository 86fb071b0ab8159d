"""What a signature on a consent text refers to."""

import hashlib
import json


def text_digest(title: str, body: str, statements: list[str]) -> str:
    """SHA-256 over title, body and statements: what a signature refers to."""
    canonical = json.dumps([title, body, statements], ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def statements_in(cell: str) -> list[str]:
    """The statements of a text, which stand in one cell of its file."""
    return [part.strip() for part in cell.split(";") if part.strip()]
