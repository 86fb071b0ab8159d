"""The triage of a report after a session: expected, to be called by a therapist, or a warning sign."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class ReportLine:
    """One current report. `kind` and `label` are its triage; `signs` the questions answered with yes."""

    session_ref: str
    followup_ref: str
    step: int
    at: dt.datetime
    by: str
    now: int
    worst: int | None
    hours: int | None
    still_sore: bool | None
    course: str
    triage: str
    signs: tuple[str, ...]
    note: str

    @property
    def kind(self) -> str:
        return TRIAGE_KINDS[self.triage]

    @property
    def label(self) -> str:
        return TRIAGE_LABELS[self.triage]

    @property
    def short(self) -> str:
        """“sore 4 at 24 h”"""
        return f"sore {self.now} at {self.step} h"


def reports_sentence(lines: Iterable[ReportLine]) -> str:
    """“Sore 4 at 24 h; sore 1 at 72 h.” for the reports of one session; empty when there are none."""
    parts = [line.short for line in sorted(lines, key=step_order)]
    if not parts:
        return ""
    return f"{'; '.join(parts).capitalize()}."


def step_order(line: ReportLine) -> int:
    return line.step


EXPECTED, TALK, URGENT = "expected", "talk", "urgent"
# Soreness is usual for two days and mostly gone by 72 hours; the practice sets the numbers.
# Source: domain notes, 6.1.
TRIAGE_LABELS = {
    EXPECTED: "Within what is expected",
    TALK: "A therapist should talk with the patient",
    URGENT: "Warning sign",
}
TRIAGE_KINDS = {EXPECTED: "ok", TALK: "caution", URGENT: "stop"}


@dataclass(frozen=True)
class Answers:
    """The answers that decide the triage. `signs` are the codes of the warning signs answered with yes."""

    now: int
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
    if answers.now >= limit:
        reasons.append(f"soreness {answers.now}, the practice calls from {limit}")
    if answers.course == "worse":
        reasons.append("the original pain is worse")
    if answers.wants_call:
        reasons.append("asked for a call")
    return reasons


def answered_yes(warning_signs: list[dict]) -> tuple[str, ...]:
    """The codes of the questions answered with yes."""
    return tuple(sign["code"] for sign in warning_signs if sign["answer"] == "yes")


def suggests_lung(warning_signs: list[dict], *, chest_codes: set[str], over_lung: bool) -> bool:
    """A chest sign after a site over the lung: treated as a punctured lung until a physician excludes it."""
    return over_lung and bool(chest_codes & set(answered_yes(warning_signs)))
