"""The texts of scripts in the practice's language, put in as they are collected; no page loads a list."""

import json
import re

from django.conf import settings
from django.utils.translation.trans_real import DjangoTranslation

LITERAL = r'"(?:[^"\\\n]|\\.)*"'
ALONE = re.compile(rf"\bgettext\(({LITERAL})\)")
WITH_VALUES = re.compile(rf"\bgettext\(({LITERAL}),")
COUNTED = re.compile(rf"\bngettext\(\s*({LITERAL}),\s*({LITERAL}),")
IMPORTED = re.compile(r"(?<=[{,])gettext,|,gettext(?=\})")


def translated(script: str) -> str:
    """A text without values stands there alone: where nothing is to be filled in, nothing is called."""
    catalogue = DjangoTranslation(settings.LANGUAGE_CODE, domain="djangojs", localedirs=settings.LOCALE_PATHS)

    def one(literal: str) -> str:
        return _literal(catalogue.gettext(json.loads(literal)))

    def counted(call: re.Match) -> str:
        singular, plural = json.loads(call[1]), json.loads(call[2])
        forms = (catalogue.ngettext(singular, plural, number) for number in (1, 2))
        return f"ngettext({','.join(map(_literal, forms))},"

    script = ALONE.sub(lambda call: one(call[1]), script)
    script = WITH_VALUES.sub(lambda call: f"gettext({one(call[1])},", script)
    script = COUNTED.sub(counted, script)
    return script if re.search(r"\bgettext\b[(=]", script) else IMPORTED.sub("", script)


def _literal(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
