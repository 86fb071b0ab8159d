"""Parses the text of the search box into names, a birth date, a phone number or a reference."""

import datetime as dt
import re
from dataclasses import dataclass

from django.utils.translation import gettext as _

from clinic import formats
from clinic.rules import parsing
from clinic.values import references
from patients.rules.identity.keys import name_keys_in, words_of

FEWEST_PHONE_DIGITS = 4
MAX_WORDS = 6


@dataclass(frozen=True)
class SearchTerms:
    """A parsed search. `problem` is an error message for the field."""

    words: tuple[str, ...] = ()
    born: dt.date | None = None
    digits: str = ""
    ref: str = ""
    problem: str = ""

    @property
    def is_empty(self) -> bool:
        return not (self.words or self.born or self.digits or self.ref)

    @property
    def whole_names(self) -> frozenset[str]:
        """The name keys that these words may be, if they are nothing but a name and a birth date."""
        return name_keys_in(self.words) if self.born and not self.digits else frozenset()


def parse_search(text: str, *, today: dt.date) -> SearchTerms:
    """The search terms in what somebody typed into the search box."""
    typed = text.strip()
    if _is_meant_as_reference(typed):
        return _reference(typed)
    born, rest = _birth_date_in(typed, today)
    digits = "".join(c for c in parsing.normalise(rest) if c.isdigit())
    if len(digits) >= FEWEST_PHONE_DIGITS:
        rest = re.sub(r"[\d()+./-]+", " ", parsing.normalise(rest))
        # the country code 1 in front is not part of the stored national number
        national = formats.of_country("PHONE_DIGITS")
        digits = digits.removeprefix("1") if len(digits) == national + 1 else digits
    else:
        digits = ""
    ref = references.normalise(typed) if references.is_valid(typed) else ""
    return SearchTerms(tuple(words_of(rest)[:MAX_WORDS]), born, digits, ref)


def _is_meant_as_reference(typed: str) -> bool:
    if references.looks_like(typed) and not typed.isdigit():
        first = typed.split(maxsplit=1)[0]
        return len(typed.split()) == 1 or any(c.isdigit() for c in first)
    mixed = any(c.isdigit() for c in typed) and any(c.isalpha() for c in typed)
    return len(typed) in references.LENGTHS and typed.isascii() and typed.isalnum() and mixed


def _reference(typed: str) -> SearchTerms:
    ref = references.normalise(typed)
    if not set(ref) <= set(references.ALPHABET):
        return SearchTerms(problem=_("References never contain 0, O, 1, I or L. Read the reference again."))
    if not references.is_valid(ref):
        return SearchTerms(
            problem=_(
                "“%(ref)s” is not a reference: one of its letters is wrong. Compare it letter by letter."
            )
            % {"ref": ref}
        )
    return SearchTerms(ref=ref)


_DATE_IN = re.compile(
    r"\d{4}-\d{1,2}-\d{1,2}|\b\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4}\b|\b\d{8}\b"
    r"|\b\d{1,2}\s+[^\W\d]{3,9}\.?\s+\d{2,4}\b"
)


def _birth_date_in(typed: str, today: dt.date) -> tuple[dt.date | None, str]:
    """The birth date in the text, and the text without it. An impossible date stays in the text."""
    found = _DATE_IN.search(typed)
    if not found:
        return None, typed
    try:
        born = parsing.birth_date(found.group(), today=today)
    except parsing.Unreadable:
        return None, typed
    return born, f"{typed[: found.start()]} {typed[found.end() :]}"
