"""What the answers to the health questions mean: their level, the reasons, and the review."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from clinic.values.errors import CAUTION, STOP, Reason
from patients.models import Level, Screening, ScreeningItem
from patients.rules import ages, body_areas, wordings

_SEVERITY: dict[str, int] = {Level.CLEAR: 0, Level.CAUTION: 1, Level.STOP: 2}

# the group of the practice's own questions that go with none that ship; stands in the record
OWN_QUESTIONS = "This practice"
Decision = Screening.Decision
# The level after each decision. Proceeding after a stop leaves a caution: see level_after.
_LEVEL_AFTER = {
    Decision.PROCEED: Level.CLEAR,
    Decision.MODIFY: Level.CAUTION,
    Decision.DEFER: Level.STOP,
    Decision.REFER: Level.STOP,
}


# Questions that compare with the visit before: at the first there is none.
SINCE_LAST_VISIT = frozenset(
    {"health-changed", "medicines-changed", "new-blood-thinner", "new-operation", "reaction-last-time"}
)


@dataclass(frozen=True)
class GivenAnswer:
    """One answer as it was given. `regions` are ({"region": code, "side": side}, …)."""

    answer: str
    detail: str = ""
    regions: tuple[dict, ...] = ()


@dataclass(frozen=True)
class RecordedAnswer:
    """One answer on file. `question` is worded as it was asked, `level` is the question's at that time."""

    item: ScreeningItem
    question: str
    level: str
    given: GivenAnswer

    @property
    def answer_label(self) -> str:
        return str(Screening.Answer(self.given.answer).label)

    @property
    def is_concern(self) -> bool:
        return is_concern(self.item, self.given)

    @property
    def places(self) -> list[str]:
        """The parts of the body that the answer names."""
        areas = body_areas.asked_by(self.item.code, body_areas.current())
        return body_areas.names_of(self.given.regions, areas)


@dataclass(frozen=True)
class AnsweredSet:
    """One set of answers as paper shows it, and what its questions were that nobody asked."""

    screening: Screening
    answers: list[RecordedAnswer]
    not_asked: list[str]

    @property
    def concerns(self) -> list[RecordedAnswer]:
        return [row for row in self.answers if row.is_concern]

    @property
    def others(self) -> list[RecordedAnswer]:
        return [row for row in self.answers if not row.is_concern]


@dataclass(frozen=True)
class Finding:
    """An answer of concern. `level` is the answer's own, for a site or for the patient."""

    item: ScreeningItem
    given: GivenAnswer
    level: str

    @property
    def is_local(self) -> bool:
        return self.item.scope == ScreeningItem.Scope.SITE


def level_of(items: Iterable[ScreeningItem], answers: Mapping[str, GivenAnswer], *, age: int) -> str:
    """The worst level for the whole patient. Under 18 it is at least a caution."""
    levels = [_level_for_patient(finding) for finding in findings(items, answers)]
    if age < ages.ADULT_AGE:
        levels.append(Level.CAUTION)
    return worst(levels)


def findings(items: Iterable[ScreeningItem], answers: Mapping[str, GivenAnswer]) -> list[Finding]:
    """The answers of concern, the most severe first; a local stop comes after a general one."""
    found = [
        Finding(item, answers[item.code], level)
        for item in items
        if item.code in answers and (level := level_of_answer(item, answers[item.code].answer)) != Level.CLEAR
    ]
    return sorted(
        found, key=lambda finding: (-_SEVERITY[finding.level], finding.is_local, finding.item.position)
    )


def level_of_answer(item: ScreeningItem, answer: str) -> str:
    if answer == Screening.Answer.UNKNOWN:
        return item.unknown_level
    return item.level if answer == item.concern_answer else Level.CLEAR


def packed(
    items: Iterable[ScreeningItem], answers: Mapping[str, GivenAnswer], *, versions: Mapping[str, int]
) -> dict[str, list]:
    """The columns of a screening that hold its answers. `versions`: of the words of each question."""
    given = [(item, answers[item.code]) for item in items if item.code in answers]
    columns: dict[str, list] = {"concerns": [], "other_answers": []}
    for item, answer in given:
        columns["concerns" if is_concern(item, answer) else "other_answers"].append(
            wordings.Answered(
                item.code, versions[item.code], answer.answer, item.level, answer.detail, answer.regions
            )
        )
    return {column: wordings.packed(found) for column, found in columns.items()}


def is_concern(item: ScreeningItem, given: GivenAnswer) -> bool:
    return given.answer in (item.concern_answer, Screening.Answer.UNKNOWN)


def answered(screening: Screening) -> list[wordings.Answered]:
    """The answers of a screening, those of concern first."""
    return wordings.unpacked([*screening.concerns, *screening.other_answers])


def worst(levels: Iterable[str]) -> str:
    return max(levels, key=lambda level: _SEVERITY[level], default=Level.CLEAR)


def reasons(items: Iterable[ScreeningItem], answers: Mapping[str, GivenAnswer], *, age: int) -> list[Reason]:
    """The reasons for the level in clinical terms, with the details that the patient added."""
    found = [
        Reason(finding.item.code, _sentence(finding), level=_level_for_patient(finding))
        for finding in findings(items, answers)
    ]
    if age < ages.ADULT_AGE:
        message = _("Under 18: a guardian consents, and the young person agrees as well.")
        found.append(Reason("under-age", message, level=CAUTION))
    return found


def missing_reasons(items: Iterable[ScreeningItem], answers: Mapping[str, GivenAnswer]) -> list[Reason]:
    """What keeps the answers from being saved. A blank answer never means no."""
    found = []
    for item in items:
        given = answers.get(item.code)
        if given is None or not given.answer:
            found.append(Reason("unanswered", _("Choose an answer."), field=answer_field(item.code)))
        elif needs_place(item, given.answer) and not given.regions:
            found.append(
                Reason("no-place", _("Choose which part of the body."), field=regions_field(item.code))
            )
    return found


def says_stop(items: Iterable[ScreeningItem], answers: Mapping[str, GivenAnswer]) -> bool:
    """An answer that stops treatment, of the patient or of one part of the body, waits for no other."""
    return any(finding.level == Level.STOP for finding in findings(items, answers))


def not_asked(items: Iterable[ScreeningItem], answers: Mapping[str, GivenAnswer]) -> list[str]:
    """The codes of the questions that have no answer, or none that says where."""
    return [item.code for item in items if missing_reasons([item], answers)]


def needs_place(item: ScreeningItem, answer: str) -> bool:
    return item.asks_regions and answer == item.concern_answer


def cannot_be_lowered(items: Iterable[ScreeningItem], answers: Mapping[str, GivenAnswer]) -> bool:
    """Whether treatment was refused or consent is impossible: no review may lower such a stop."""
    return any(f.level == Level.STOP and not f.item.lowerable for f in findings(items, answers))


def level_after(computed: str, decision: str) -> str:
    """The level after a review."""
    if computed == Level.STOP and decision == Decision.PROCEED:
        return Level.CAUTION
    return _LEVEL_AFTER[Decision(decision)]


def needs_a_reason(computed: str, decision: str) -> bool:
    """A decision other than the answers suggest needs a reason."""
    return _LEVEL_AFTER[Decision(decision)] != computed


def review_reasons(
    *, computed: str, decision: str, reason: str, cannot_lower: bool, is_whole: bool = True
) -> list[Reason]:
    """`is_whole`: every question was asked. Otherwise nothing that was answered lowers the stop."""
    found = []
    if not is_whole and level_after(computed, decision) != Level.STOP:
        message = _("Not everything was asked. Ask the rest first, or choose “Not today” or “Refer on”.")
        found.append(Reason("rest-not-asked", message, STOP, field="decision"))
    if cannot_lower and level_after(computed, decision) != Level.STOP:
        message = _("Treatment was refused, or nobody here can consent. Choose “Not today” or “Refer on”.")
        found.append(Reason("cannot-be-lowered", message, STOP, field="decision"))
    if needs_a_reason(computed, decision) and not reason.strip():
        message = _("Write why you decide otherwise than the answers suggest.")
        found.append(Reason("reason-needed", message, STOP, field="reason"))
    return found


def rule_version(items: Iterable[ScreeningItem]) -> str:
    """SHA-256 over the questions and their levels, so that an old result can be understood."""
    columns = ("code", "question", "scope", "concern_answer", "level", "unknown_level", "lowerable")
    rows = sorted([str(getattr(item, column)) for column in columns] for item in items)
    return hashlib.sha256(json.dumps(rows, ensure_ascii=False, separators=(",", ":")).encode()).hexdigest()


def is_reviewed_by_asking(screening: Screening) -> bool:
    """A therapist who asks the questions of a visit needs no separate review of a clear result."""
    asked_by_staff = screening.kind == ScreeningItem.Kind.VISIT and screening.source == Screening.Source.STAFF
    return asked_by_staff and screening.computed_level == Level.CLEAR


def judged_age(kind: str, age: int) -> int:
    """Being under 18 is a caution of the intake only, not again at each visit."""
    return age if kind == ScreeningItem.Kind.INTAKE else ages.ADULT_AGE


def answer_field(code: str) -> str:
    """The name of a question's field in every form that asks it."""
    return f"answer-{code}"


def detail_field(code: str) -> str:
    return f"detail-{code}"


def regions_field(code: str) -> str:
    return f"regions-{code}"


def _level_for_patient(finding: Finding) -> str:
    """A stop for one part of the body is a caution for the whole patient."""
    return Level.CAUTION if finding.is_local else finding.level


def _sentence(finding: Finding) -> str:
    label = finding.item.strip_label or finding.item.question
    if finding.given.answer == Screening.Answer.UNKNOWN:
        label = _("%(label)s: not known") % {"label": label}
    return f"{label} ({finding.given.detail})" if finding.given.detail else label
