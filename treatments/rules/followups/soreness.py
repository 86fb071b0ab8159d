"""The triage of a report after a session: expected, to be called by a therapist, or a warning sign."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from patients.rules import wordings
from treatments.rules.followups import warning_levels


@dataclass(frozen=True)
class ReportLine:
    """One current report. `kind` and `label` are its triage; `signs` the questions answered with yes."""

    session_ref: str
    followup_ref: str
    step: int
    at: dt.datetime
    by: str
    now: int | None
    worst: int | None
    hours: int | None
    still_sore: bool | None
    course: str
    triage: str
    signs: tuple[str, ...]
    note: str
    urgency: int | None = None

    @property
    def kind(self) -> str:
        return TRIAGE_KINDS[self.triage]

    @property
    def label(self) -> str:
        return triage_label(self.triage, self.urgency)

    @property
    def short(self) -> str:
        """“sore 4 at 24 h”"""
        return short_words(self.now, self.step, triage=self.triage)


def triage_label(triage: str, urgency: int | None) -> str:
    """“Within what is expected”, “Warning sign: 911 now”"""
    words = str(TRIAGE_LABELS[triage])
    return words if triage != URGENT else f"{words}: {warning_levels.label(urgency)}"


def short_words(now: int | None, step: int, *, triage: str) -> str:
    """“sore 4 at 24 h”; “warning sign at 24 h, sore 2”, or less where the soreness was not asked."""
    if triage != URGENT:
        return _("sore %(now)s at %(step)s h") % {"now": now, "step": step}
    if now is None:
        return _("warning sign at %(step)s h") % {"step": step}
    return _("warning sign at %(step)s h, sore %(now)s") % {"now": now, "step": step}


EXPECTED, TALK, URGENT = "expected", "talk", "urgent"
YES, NO, NOT_ASKED = "yes", "no", "not_asked"
# Soreness is usual for two days and mostly gone by 72 hours; the practice sets the numbers.
# Source: domain notes, 6.1.
TRIAGE_LABELS = {
    EXPECTED: gettext_lazy("Within what is expected"),
    TALK: gettext_lazy("A therapist should talk with the patient"),
    URGENT: gettext_lazy("Warning sign"),
}
TRIAGE_KINDS = {EXPECTED: "ok", TALK: "caution", URGENT: "stop"}


@dataclass(frozen=True)
class Answers:
    """The answers that decide the triage. `signs` are the codes of the warning signs answered with yes."""

    now: int | None
    worst: int | None = None
    course: str = ""
    signs: tuple[str, ...] = ()
    wants_call: bool = False


@dataclass(frozen=True)
class Thresholds:
    """From the practice's settings: the soreness that needs a call at the first step, and later."""

    first: int
    later: int


def triage(answers: Answers, *, is_first_step: bool, thresholds: Thresholds) -> str:
    """Any warning sign is urgent, however low the soreness."""
    if answers.signs:
        return URGENT
    return TALK if reasons_to_talk(answers, is_first_step=is_first_step, thresholds=thresholds) else EXPECTED


def reasons_to_talk(answers: Answers, *, is_first_step: bool, thresholds: Thresholds) -> list[str]:
    """Why a therapist should call."""
    limit = thresholds.first if is_first_step else thresholds.later
    reasons = []
    if answers.now is not None and answers.now >= limit:
        reasons.append(
            _("soreness %(now)s, the practice calls from %(limit)s") % {"now": answers.now, "limit": limit}
        )
    if answers.course == "worse":
        reasons.append(_("the original pain is worse"))
    if answers.wants_call:
        reasons.append(_("asked for a call"))
    return reasons


# Warning signs as they are stored: see `patients.rules.wordings`.
Signs = Sequence[str | list]


def answered_yes(warning_signs: Signs) -> tuple[str, ...]:
    """The codes of the questions answered with yes."""
    return tuple(sign.code for sign in wordings.unpacked(warning_signs) if sign.answer == YES)


def not_asked(warning_signs: Signs) -> tuple[str, ...]:
    """The codes of the questions that a warning sign did not wait for."""
    return tuple(sign.code for sign in wordings.unpacked(warning_signs) if sign.answer not in (YES, NO))


def has_more_to_ask(now: int | None, warning_signs: Signs) -> bool:
    return now is None or bool(not_asked(warning_signs))


def questions(warning_signs: Signs, words: Iterable[Mapping], *, answer: str) -> list[str]:
    """The questions so answered, as they were asked. `words`: the wordings that the signs name."""
    given = [sign for sign in wordings.unpacked(warning_signs) if sign.answer == answer]
    return [wordings.words_of(sign, words) for sign in given]


def with_added_signs(filed: Signs, added: Signs) -> list[str | list]:
    """What was filed with what was asked since. Adding never takes a Yes back; a correction does."""
    earlier = {sign.code: sign for sign in wordings.unpacked(filed)}
    merged = [_stronger(earlier.pop(sign.code, None), sign) for sign in wordings.unpacked(added)]
    return wordings.packed([*merged, *earlier.values()])


def _stronger(filed: wordings.Answered | None, added: wordings.Answered) -> wordings.Answered:
    if filed is None or added.answer == YES:
        return added
    return added if filed.answer == NOT_ASKED and added.answer == NO else filed


def with_added_answers(filed: dict, added: dict) -> dict:
    """An answer that was given now, else the one on file. The worst is at least what is felt now."""
    given = {name: value for name, value in added.items() if value is not None and value != ""}
    merged = {**filed, **given, "wants_call": filed["wants_call"] or added.get("wants_call", False)}
    if merged["worst"] is not None:
        merged["worst"] = max(merged["worst"], merged["now"] or 0)
    return merged


def suggests_lung(warning_signs: Signs, *, chest_codes: set[str], over_lung: bool) -> bool:
    """A chest sign after a site over the lung: treated as a punctured lung until a physician excludes it."""
    return over_lung and bool(chest_codes & set(answered_yes(warning_signs)))
