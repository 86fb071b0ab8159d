"""Answers packed one beside the other, each with the version of the words in which it was asked.

An entry is “code version answer level” in one text, and a list of that text, the details and the parts of the
body where the patient gave them: "pacemaker 1 no stop", ["lymph-swelling 2 yes stop", "since May", [...]].
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _


@dataclass(frozen=True)
class Answered:
    """One answer. `level` where the question has one; `regions` are ({"region": code, "side": side}, …)."""

    code: str
    version: int
    answer: str
    level: str = ""
    detail: str = ""
    regions: tuple[dict, ...] = ()


def packed(answers: Iterable[Answered]) -> list[str | list]:
    """Raises ValueError where a question is answered twice."""
    given = list(answers)
    if len({each.code for each in given}) < len(given):
        raise ValueError(_("A question has one answer."))
    return [_entry(each) for each in given]


def unpacked(entries: Iterable[str | list]) -> list[Answered]:
    return [_answered(entry) for entry in entries]


def words_of(answered: Answered, wordings: Iterable[Mapping]) -> str:
    """The question as it was asked. Wordings are {"code", "version", "text"}, as a statement lists them."""
    found = (row["text"] for row in wordings if _key(row) == (answered.code, answered.version))
    # a wording that somebody removed is named by verification; the answer shows all the same
    return next(found, answered.code)


def _key(wording: Mapping) -> tuple[str, int]:
    return wording["code"], wording["version"]


def _entry(given: Answered) -> str | list:
    fixed = " ".join(filter(None, (given.code, str(given.version), given.answer, given.level)))
    if given.regions:
        return [fixed, given.detail, list(given.regions)]
    return [fixed, given.detail] if given.detail else fixed


def _answered(entry: str | list) -> Answered:
    parts: list = [entry] if isinstance(entry, str) else entry
    code, version, answer, *level = parts[0].split(" ")
    detail = parts[1] if len(parts) > 1 else ""
    regions = tuple(parts[2]) if len(parts) > 2 else ()
    return Answered(code, int(version), answer, "".join(level), detail, regions)
