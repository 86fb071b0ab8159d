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
# A birth date without separators, such as 040780.
SHORT_DATE_DIGITS = 6
YEAR_DIGITS, FIRST_YEAR = 4, 1900
MAX_WORDS = 6


@dataclass(frozen=True)
class SearchTerms:
    """A parsed search. `problem` is an error message for the field."""

    words: tuple[str, ...] = ()
    born: dt.date | None = None
    digits: str = ""
    ref: str = ""
    problem: str = ""
    # read as something else at first, and tried where that finds nobody
    year: int | None = None
    maybe_born: dt.date | None = None
    email: str = ""

    @property
    def is_empty(self) -> bool:
        """Nothing that a name, a birth date, a phone number or a reference begins with."""
        return not (self.words or self.born or self.digits or self.ref)

    @property
    def is_reference(self) -> bool:
        """A reference, and nothing that could be anything else."""
        return bool(self.ref) and not (self.words or self.born or self.digits)

    @property
    def are_initials(self) -> bool:
        """Nothing but single letters."""
        alone = not (self.born or self.digits or self.ref)
        return alone and bool(self.words) and all(len(word) == 1 for word in self.words)

    @property
    def whole_names(self) -> frozenset[str]:
        """The name keys that these words may be, if they are nothing but a name and a birth date."""
        return name_keys_in(self.words) if self.born and not self.digits else frozenset()


def parse_search(text: str, *, today: dt.date) -> SearchTerms:
    """The search terms in what somebody typed into the search box."""
    typed = text.strip()
    if _is_meant_as_reference(typed):
        return _reference(typed)
    typed, email = _email_in(typed)
    born, rest = _birth_date_in(_EXTENSION.sub("", typed), today)
    digits = "".join(c for c in parsing.normalise(rest) if c.isdigit())
    if len(digits) >= FEWEST_PHONE_DIGITS:
        rest = re.sub(r"[\d()+./-]+", " ", parsing.normalise(rest))
        # the country code 1 in front is not part of the stored national number
        national = formats.of_country("PHONE_DIGITS")
        digits = digits.removeprefix("1") if len(digits) == national + 1 else digits
    else:
        digits = ""
    ref = references.normalise(typed) if references.is_valid(typed) else ""
    words = tuple(words_of(rest)[:MAX_WORDS])
    year = int(digits) if len(digits) == YEAR_DIGITS and FIRST_YEAR <= int(digits) <= today.year else None
    return SearchTerms(
        words, born, digits, ref, year=year, maybe_born=_short_date(digits, today), email=email
    )


def _email_in(typed: str) -> tuple[str, str]:
    """The text without the email address in it, and the address."""
    found = _EMAIL.search(typed)
    if not found:
        return typed, ""
    return f"{typed[: found.start()]} {typed[found.end() :]}", found.group().lower()


def _short_date(digits: str, today: dt.date) -> dt.date | None:
    if len(digits) != SHORT_DATE_DIGITS:
        return None
    try:
        return parsing.birth_date(f"{digits[:2]}/{digits[2:4]}/{digits[4:]}", today=today)
    except parsing.Unreadable:
        return None


def typed_person(text: str, *, today: dt.date) -> dict[str, str]:
    """What was typed into the search box, as the form of a new patient has it. First name first."""
    text, email = _email_in(text.strip())
    born, rest = _birth_date_in(_EXTENSION.sub("", text), today)
    number = _NUMBER_IN.search(rest)
    phone = number.group().strip() if number and parse_search(rest, today=today).digits else ""
    name = " ".join(word for word in _NUMBER_IN.sub(" ", rest).split() if any(map(str.isalpha, word)))
    family, comma, given = name.partition(",")
    if not comma:
        given, _space, family = name.rpartition(" ")
    typed_born = formats.typed_day(born) if born else ""
    parts = {"family_name": family, "given_name": given, "born": typed_born, "phone": phone, "email": email}
    return {field: value.strip() for field, value in parts.items() if value.strip()}


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
    r"|\b\d{1,2}\s+[^\W\d]{3,9}\.?\s+\d{2,4}\b|\b[^\W\d]{3,9}\.?\s+\d{1,2},?\s+\d{2,4}\b"
)
_NUMBER_IN = re.compile(r"[+(]?\d[\d()+./ -]*")
_EMAIL = re.compile(r"[^\s@,;]+@[^\s@,;]+\.[^\s@,;]+")
# The extension behind a phone number, which is kept nowhere.
_EXTENSION = re.compile(r"(?<=\d)\s*,?\s*(?:ext(?:ension)?\.?|x)\s*\d{1,6}\s*$", re.IGNORECASE)


def _birth_date_in(typed: str, today: dt.date) -> tuple[dt.date | None, str]:
    """The birth date in the text, and the text without it. An impossible date stays in the text."""
    for found in _DATE_IN.finditer(typed):
        try:
            born = parsing.birth_date(found.group(), today=today)
        except parsing.Unreadable:
            continue
        return born, f"{typed[: found.start()]} {typed[found.end() :]}"
    return None, typed
