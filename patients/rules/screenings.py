"""What the answers to the health questions mean: how grave, why, and what a review may make of it."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from clinic.values.errors import CAUTION, STOP, Reason
from patients.models import Level, Screening, ScreeningAnswer, ScreeningItem
from patients.rules import ages

_GRAVITY: dict[str, int] = {Level.CLEAR: 0, Level.CAUTION: 1, Level.STOP: 2}

Decision = Screening.Decision
# What each decision leaves standing. Proceeding where the answers said stop keeps a caution: see level_after.
_LEFT_BY = {
    Decision.PROCEED: Level.CLEAR,
    Decision.MODIFY: Level.CAUTION,
    Decision.DEFER: Level.STOP,
    Decision.REFER: Level.STOP,
}


@dataclass(frozen=True)
class GivenAnswer:
    """One answer as it was given. `regions` are ({"region": code, "side": side}, …)."""

    answer: str
    detail: str = ""
    regions: tuple[dict, ...] = ()


@dataclass(frozen=True)
class Finding:
    """An answer that somebody should think about. `level` is the answer's own, for a site or the patient."""

    item: ScreeningItem
    given: GivenAnswer
    level: str

    @property
    def is_local(self) -> bool:
        return self.item.scope == ScreeningItem.Scope.SITE


def level_of(items: Iterable[ScreeningItem], answers: Mapping[str, GivenAnswer], *, age: int) -> str:
    """The worst level for the whole patient. Who is under 18 is never simply clear."""
    levels = [_level_for_patient(finding) for finding in findings(items, answers)]
    if age < ages.ADULT_AGE:
        levels.append(Level.CAUTION)
    return worst(levels)


def findings(items: Iterable[ScreeningItem], answers: Mapping[str, GivenAnswer]) -> list[Finding]:
    """The answers of concern, gravest first; a stop for one limb comes after a stop for everything."""
    found = [
        Finding(item, answers[item.code], level)
        for item in items
        if item.code in answers and (level := level_of_answer(item, answers[item.code].answer)) != Level.CLEAR
    ]
    return sorted(found, key=lambda f: (-_GRAVITY[f.level], f.is_local, f.item.position))


def level_of_answer(item: ScreeningItem, answer: str) -> str:
    if answer == ScreeningAnswer.Answer.UNKNOWN:
        return item.unknown_level
    return item.level if answer == item.concern_answer else Level.CLEAR


def worst(levels: Iterable[str]) -> str:
    return max(levels, key=lambda level: _GRAVITY[level], default=Level.CLEAR)


def reasons(items: Iterable[ScreeningItem], answers: Mapping[str, GivenAnswer], *, age: int) -> list[Reason]:
    """Why the level is what it is, in the clinician's words, with what the patient added."""
    said = [
        Reason(finding.item.code, _sentence(finding), level=_level_for_patient(finding))
        for finding in findings(items, answers)
    ]
    if age < ages.ADULT_AGE:
        message = "Under 18: a guardian consents, and the young person agrees as well."
        said.append(Reason("under-age", message, level=CAUTION))
    return said


def missing_reasons(items: Iterable[ScreeningItem], answers: Mapping[str, GivenAnswer]) -> list[Reason]:
    """What keeps the questionnaire from being filed. Blank is never no."""
    found = []
    for item in items:
        given = answers.get(item.code)
        if given is None or not given.answer:
            found.append(Reason("unanswered", "Choose an answer.", field=answer_field(item.code)))
        elif needs_place(item, given.answer) and not given.regions:
            found.append(Reason("no-place", "Choose which part of the body.", field=regions_field(item.code)))
    return found


def needs_place(item: ScreeningItem, answer: str) -> bool:
    return item.asks_regions and answer == item.concern_answer


def cannot_be_lowered(items: Iterable[ScreeningItem], answers: Mapping[str, GivenAnswer]) -> bool:
    """Whether somebody refused or cannot consent: no review turns that into treatment."""
    return any(f.level == Level.STOP and not f.item.lowerable for f in findings(items, answers))


def level_after(computed: str, decision: str) -> str:
    """What stands after a review."""
    if computed == Level.STOP and decision == Decision.PROCEED:
        return Level.CAUTION
    return _LEFT_BY[Decision(decision)]


def needs_a_reason(computed: str, decision: str) -> bool:
    """A decision other than the answers suggest is explained."""
    return _LEFT_BY[Decision(decision)] != computed


def review_reasons(*, computed: str, decision: str, reason: str, cannot_lower: bool) -> list[Reason]:
    found = []
    if cannot_lower and level_after(computed, decision) != Level.STOP:
        message = "Treatment was refused, or nobody here can consent. Choose “Not today” or “Refer on”."
        found.append(Reason("cannot-be-lowered", message, STOP, field="decision"))
    if needs_a_reason(computed, decision) and not reason.strip():
        message = "Write why you decide otherwise than the answers suggest."
        found.append(Reason("reason-needed", message, STOP, field="reason"))
    return found


def rule_version(items: Iterable[ScreeningItem]) -> str:
    """SHA-256 over what was asked and how it is judged, so that an old result can be understood."""
    columns = ("code", "question", "scope", "concern_answer", "level", "unknown_level", "lowerable")
    rows = sorted([str(getattr(item, column)) for column in columns] for item in items)
    return hashlib.sha256(json.dumps(rows, ensure_ascii=False, separators=(",", ":")).encode()).hexdigest()


def is_reviewed_by_asking(screening: Screening) -> bool:
    """At a visit the therapist asks aloud; a clear result needs no second look by the same person."""
    asked = screening.kind == ScreeningItem.Kind.VISIT and screening.source == Screening.Source.STAFF
    return asked and screening.computed_level == Level.CLEAR


def judged_age(kind: str, age: int) -> int:
    """Youth is a caution of the intake; at each visit it would make every answer one."""
    return age if kind == ScreeningItem.Kind.INTAKE else ages.ADULT_AGE


def answer_field(code: str) -> str:
    """The name of a question's field in every form that asks it."""
    return f"answer-{code}"


def detail_field(code: str) -> str:
    return f"detail-{code}"


def regions_field(code: str) -> str:
    return f"regions-{code}"


def _level_for_patient(finding: Finding) -> str:
    """A stop for one limb or one wound leaves the rest of the patient to be treated with care."""
    return Level.CAUTION if finding.is_local else finding.level


def _sentence(finding: Finding) -> str:
    label = finding.item.strip_label or finding.item.question
    unknown = ": not known" if finding.given.answer == ScreeningAnswer.Answer.UNKNOWN else ""
    detail = f" ({finding.given.detail})" if finding.given.detail else ""
    return f"{label}{unknown}{detail}"
