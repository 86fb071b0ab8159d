"""The primary button of a record: the next step that is owed, for this reader."""

import datetime as dt

from django.utils.translation import gettext_lazy as _

from clinic.access import Permission, may
from clinic.values.addresses import reverse
from patients.models import Patient
from patients.rules import validity
from treatments.rules.board import next_step
from treatments.rules.board.next_step import NextStep, VisitFacts
from treatments.rules.record import panels

# A visit of today that is going on stands before one that is to come, and that before one that is over.
STATES = ("in_room", "arrived", "expected", "left")
CONTINUE = NextStep("session", _("Continue session"), "needle")
CONDITION = NextStep("condition", _("Record a condition"), "plus")
BOOK = NextStep("book", _("Book a visit"), "calendar")
# {step: the page that it is done on, and its query}. What is done by a press is posted.
PAGES = {
    "ask-intake": ("patients:screening-hand-over", "?kind=intake"),
    "ask-visit": ("patients:screening-hand-over", "?kind=visit"),
    "consent": ("patients:consent-start", ""),
    "condition": ("patients:condition-add", ""),
    "open": ("treatments:session-open", ""),
    "without": ("treatments:session-open", "?without=needles"),
    "book": ("patients:visit-book", ""),
}


def banner_actions(
    patient: Patient, facts: validity.ValidityFacts, *, user, on: dt.date, has_condition: bool
) -> list[dict]:
    """The button of the banner; none where nothing is owed that this reader may do."""
    visit = _visit_of_today(patient, user=user, on=on)
    step = _owed(patient, facts, visit, user=user, on=on, has_condition=has_condition)
    if step is None or step.is_text:
        return []
    shown = {"code": step.code, "label": step.label, "icon": step.icon or "check", "look": "primary"}
    if visit and step.is_post:
        return [shown | {"verb": step.code, "url": reverse("patients:visit-step", args=[visit["ref"]])}]
    return [shown | {"url": _url(step, patient, facts, visit, on=on)}]


def is_expected_or_here(patient: Patient, *, user, on: dt.date) -> bool:
    return _visit_of_today(patient, user=user, on=on) is not None


def _owed(
    patient: Patient, facts: validity.ValidityFacts, visit: dict | None, *, user, on: dt.date, has_condition
) -> NextStep | None:
    if patient.my_draft:
        return CONTINUE
    if patient.deceased_on or patient.merged_into_id:
        return None
    if validity.to_review(facts, on=on, visit_id=_pk(visit)) and may(user, Permission.SCREENING_REVIEW):
        return next_step.REVIEW_ANSWERS
    if visit is None:
        return _between_visits(patient, facts, user=user, on=on)
    step = next_step.next_step(_visit_facts(patient, facts, visit, user=user, on=on))
    return CONDITION if step.code == "open" and not has_condition else step


def _between_visits(patient: Patient, facts: validity.ValidityFacts, *, user, on: dt.date) -> NextStep | None:
    """A visit to come; once there is one, what can be done before it."""
    if panels.next_visit(patient, after=on) is None:
        return BOOK if may(user, Permission.VISIT_MANAGE) else None
    missing = next_step.missing_papers(
        validity.screening_state(facts, on=on).code, validity.consent_state(facts, on=on).code
    )
    return missing if missing and may(user, Permission.CONSENT_TAKE) else None


def _visit_facts(
    patient: Patient, facts: validity.ValidityFacts, visit: dict, *, user, on: dt.date
) -> VisitFacts:
    opens = may(user, Permission.SESSION_OPEN)
    # the draft of a colleague keeps nobody from writing an own note
    session = "" if visit["unfinished"] and opens else "draft" if visit["unfinished"] else "done"
    return VisitFacts(
        state=_state(visit),
        day="today",
        screening=validity.screening_state(facts, on=on).code,
        visit_screen=validity.visit_state(facts, visit_id=visit["pk"]).code,
        consent=validity.consent_state(facts, on=on).code,
        session=session if visit["noted"] else "",
        needles_in=int(visit["needles"]),
        has_next=panels.next_visit(patient, after=on) is not None,
        is_mine=opens,
        may_manage=may(user, Permission.VISIT_MANAGE),
    )


def _visit_of_today(patient: Patient, *, user, on: dt.date) -> dict | None:
    """The one that is going on, else the next, else the last; the reader's own before a colleague's."""
    standing = (row for row in panels.visits(patient) if not (row["cancelled_at"] or row["missed_at"]))
    of_today = [row for row in standing if row["on"] == on]
    return min(
        of_today,
        key=lambda row: (STATES.index(_state(row)), row["therapist_pk"] != user.pk),
        default=None,
    )


def _state(row: dict) -> str:
    stamps = (("left", "left_at"), ("in_room", "roomed_at"), ("arrived", "arrived_at"))
    return next((state for state, stamp in stamps if row[stamp]), "expected")


def _url(step: NextStep, patient: Patient, facts, visit: dict | None, *, on: dt.date) -> str:
    if step.code == "session":
        return reverse("treatments:session", args=[patient.my_draft])
    if step.code == "review":
        pk = validity.to_review(facts, on=on, visit_id=_pk(visit))
        return reverse("patients:screening", args=[patient.ref, pk])
    if step.code == "ask-aloud":
        return reverse("patients:screening-answer", args=[patient.ref, "visit"])
    name, query = PAGES[step.code]
    return reverse(name, args=[patient.ref]) + query


def _pk(visit: dict | None) -> int | None:
    return visit["pk"] if visit else None
