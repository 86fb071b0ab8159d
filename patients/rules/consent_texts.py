"""A consent text: its named statements, what a signature on it refers to, and what two versions differ in."""

import difflib
import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from clinic.values.errors import Reason

# A name is a few words; where a line has more before its colon, the colon belongs to the statement.
# own choice: characters of a name
MAX_NAME = 60
# own choice: characters of a sentence that is ticked
MAX_STATEMENT = 500


@dataclass(frozen=True)
class Statement:
    """A sentence that the patient ticks, and the name by which versions are compared."""

    name: str
    text: str


@dataclass(frozen=True)
class Difference:
    """One statement or paragraph of two versions. Empty: that version does not have it."""

    name: str
    former: str
    current: str

    @property
    def kind(self) -> str:
        if self.former == self.current:
            return "same"
        if not self.former:
            return "added"
        return "changed" if self.current else "removed"

    @property
    def label(self) -> str:
        labels = {"same": _("The same"), "added": _("New"), "changed": _("Changed"), "removed": _("Left out")}
        return labels[self.kind]


def text_digest(title: str, body: str, statements: list[str]) -> str:
    """SHA-256 over title, body and statements: what a signature refers to."""
    canonical = json.dumps([title, body, statements], ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def statements_in(cell: str) -> list[Statement]:
    """The statements of a text, “name: sentence”, which stand in one cell of its file."""
    return [statement_of(part.strip()) for part in cell.split(";") if part.strip()]


def statement_of(line: str) -> Statement:
    """A line as it is typed. One without a name is named by its own words."""
    name, colon, text = line.partition(":")
    if colon and name.strip() and text.strip() and len(name.strip()) <= MAX_NAME:
        return Statement(name.strip(), text.strip())
    return Statement("", line.strip())


def named(statements: Iterable[str], names: Iterable[str]) -> list[Statement]:
    """The statements of a stored text. An older one has no names."""
    found = list(statements)
    given = [*names, *([""] * len(found))]
    return [Statement(name or text, text) for name, text in zip(given, found, strict=False)]


def typed_lines(statements: Iterable[str], names: Iterable[str]) -> list[str]:
    """The statements as they are typed, a line for each."""
    return [each.text if each.name == each.text else f"{each.name}: {each.text}"
            for each in named(statements, names)]  # fmt: skip


def line_reasons(statements: list[Statement]) -> list[Reason]:
    """Why the lines cannot be statements. The number of a line is as it was typed, from 1 on."""
    found, seen = [], set()
    for number, statement in enumerate(statements, start=1):
        said = {"number": number, "name": statement.name, "limit": MAX_STATEMENT}
        if not statement.name:
            message = _("Line %(number)s has no name. Write a short name, a colon and the statement.")
            found.append(Reason("statement-unnamed", message % said, field="statements"))
        elif statement.name.casefold() in seen:
            message = _("Line %(number)s: “%(name)s” is the name of another statement.")
            found.append(Reason("statement-named-twice", message % said, field="statements"))
        if len(statement.text) > MAX_STATEMENT:
            message = _("Line %(number)s is too long: %(limit)s characters fit.")
            found.append(Reason("statement-too-long", message % said, field="statements"))
        seen.add(statement.name.casefold())
    return found


def statement_differences(former: Iterable[Statement], current: Iterable[Statement]) -> list[Difference]:
    """By name, else by the words; in the order of the current version, what was left out at the end."""
    before, after = list(former), list(current)
    left = {statement.name: statement.text for statement in before}
    # a version without names is compared by its words
    by_text = {statement.text: statement.name for statement in before}
    found = []
    for statement in after:
        name = statement.name if statement.name in left else by_text.get(statement.text, "")
        found.append(Difference(statement.name, left.pop(name, ""), statement.text))
    return [*found, *(Difference(name, text, "") for name, text in left.items())]


def paragraph_differences(former: str, current: str) -> list[Difference]:
    """The paragraphs of two bodies beside each other, in the order of reading."""
    before, after = _paragraphs(former), _paragraphs(current)
    found = []
    matcher = difflib.SequenceMatcher(a=before, b=after, autojunk=False)
    for _tag, first, last, start, end in matcher.get_opcodes():
        for offset in range(max(last - first, end - start)):
            old = before[first + offset] if first + offset < last else ""
            new = after[start + offset] if start + offset < end else ""
            found.append(Difference("", old, new))
    return found


def differences(former, current) -> dict:
    """What two stored texts say otherwise: their statements and their paragraphs.

    `asked`: how many statements of the current one are asked of who agreed to the former.
    """
    before, after = (named(text.statements, text.statement_names) for text in (former, current))
    return {
        "asked": len(unagreed(current.statements, former.statements)),
        "statement_differences": statement_differences(before, after),
        "paragraphs": paragraph_differences(former.body, current.body),
    }


def former_version(others: list, chosen: str, *, language: str):
    """What another text is compared with: the chosen one, else the newest of its language that is signed."""
    served = [text for text in others if text.published_at and not text.retired_at]
    nearest = sorted(served, key=lambda text: text.language != language)
    return next((text for text in others if str(text.pk) == chosen), next(iter(nearest), None))


def retiring_reasons(*, is_last: bool, only_for: Iterable[str] = ()) -> list[Reason]:
    """`only_for`: the state rules, among those that hold somewhere, under which it is the only text."""
    if is_last:
        message = _("It is the only text that patients can sign. Publish another one first.")
        return [Reason("only-consent-text", message)]
    message = _("It is the only text that can be signed under “%(rules)s”. Publish another one first.")
    return [Reason("only-consent-text-there", message % {"rules": rules}) for rules in only_for]


def unagreed(statements: Iterable[str], agreed: Iterable[str]) -> list[str]:
    """The statements of a text that somebody has not agreed to, word for word."""
    known = set(agreed)
    return [statement for statement in statements if statement not in known]


def _paragraphs(body: str) -> list[str]:
    return [part.strip() for part in body.replace("\r\n", "\n").split("\n\n") if part.strip()]
