"""Hand-overs of the tablet: what the patient sends becomes one screening or one consent."""

import datetime as dt
from collections.abc import Mapping

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from clinic import audit
from clinic.values import errors
from patients.actions import consents
from patients.actions import screenings as screenings_actions
from patients.models import Consent, ConsentText, Handover, Patient, Screening, Visit
from patients.rules import handovers, merged, screenings

# The same hand-over started again within this time is a second press of the same button.
SAME_PRESS_WITHIN = dt.timedelta(seconds=10)


@transaction.atomic
def start(
    patient: Patient,
    *,
    by,
    purpose: str,
    kind: str = "",
    visit: Visit | None = None,
    therapist=None,
    draft: dict | None = None,
) -> Handover:
    """`kind` is that of the questions. A consent's `draft` has the text and, for added regions, the parent.

    A second press of the button returns the hand-over of the first.
    """
    # row lock on the patient: two presses that arrive at once see each other
    patient = Patient.objects.select_for_update(of=("self",)).get(pk=patient.pk)
    errors.refuse(merged.reasons(patient))
    fields = {"purpose": purpose, "kind": kind, "therapist": therapist, "draft": draft or {}}
    earlier = _same_press(patient, by=by, **fields)
    if earlier is not None:
        return earlier

    handover = Handover.objects.create(patient=patient, visit=visit, started_by=by, **fields)

    audit.record("handover.started", handover, by=by, patient=patient)
    return handover


@transaction.atomic
def store_draft(handover: Handover, *, values: dict) -> None:
    """Store what was typed on one page, valid or not. It is no record yet, so there is no audit event."""
    locked = Handover.objects.select_for_update(of=("self",)).get(pk=handover.pk)
    if handovers.state_of(locked, now=timezone.now()) != handovers.OPEN:
        return
    locked.draft = {**locked.draft, **values}
    locked.save(update_fields=["draft"])
    handover.draft = locked.draft


@transaction.atomic
def send_answers(handover: Handover, *, answers: Mapping[str, screenings.GivenAnswer]) -> None:
    """Record the answers. A second press finds them sent and does nothing."""
    locked = _lock_open(handover)
    if locked is None:
        return
    _take(locked, answers)
    _finish(locked)


@transaction.atomic
def send_consent(handover: Handover, *, text: ConsentText, **signed) -> None:
    """Record the signed consent. A second press finds it sent and does nothing."""
    locked = _lock_open(handover)
    if locked is None:
        return
    consents.give(
        locked.patient,
        by=locked.started_by,
        text=text,
        therapist=locked.therapist,
        parent=_parent(locked),
        is_update=_is_update(locked),
        **signed,
    )
    _finish(locked)


@transaction.atomic
def send_refusal(handover: Handover, *, text: ConsentText, reason: str) -> None:
    locked = _lock_open(handover)
    if locked is None:
        return
    consents.refuse(
        locked.patient,
        by=locked.started_by,
        reason=reason,
        text=text,
        therapist=locked.therapist,
        parent=_parent(locked),
        is_update=_is_update(locked),
    )
    _finish(locked)


@transaction.atomic
def end(handover: Handover, *, by, answers: Mapping[str, screenings.GivenAnswer] | None = None) -> None:
    """End the hand-over when a member of staff has the tablet again.

    `answers` that say stop and were never sent are recorded, so that nobody overlooks them.
    """
    locked = _lock(handover)
    if locked.ended_at is not None:
        return
    if answers and locked.finished_at is None and not merged.reasons(locked.patient):
        _take(locked, answers, is_whole=False)
    locked.ended_at, locked.ended_by = timezone.now(), by
    locked.save(update_fields=["ended_at", "ended_by"])

    audit.record("handover.ended", locked, by=by, patient=locked.patient)


def _take(
    handover: Handover, answers: Mapping[str, screenings.GivenAnswer], *, is_whole: bool = True
) -> None:
    screenings_actions.take(
        handover.patient,
        by=handover.started_by,
        kind=handover.kind,
        source=Screening.Source.TABLET,
        answers=answers,
        visit=handover.visit,
        is_whole=is_whole,
    )


def _same_press(patient: Patient, *, by, draft: dict, **fields) -> Handover | None:
    since = timezone.now() - SAME_PRESS_WITHIN
    recent = Handover.objects.filter(finished_at=None, ended_at=None, started_at__gte=since)
    newest = recent.filter(patient=patient, started_by=by, **fields).order_by("-pk").first()
    return newest if newest is not None and newest.draft == draft else None


def _lock(handover: Handover) -> Handover:
    rows = Handover.objects.select_related("patient", "visit", "therapist", "started_by")
    return rows.select_for_update(of=("self",)).get(pk=handover.pk)


def _lock_open(handover: Handover) -> Handover | None:
    """The hand-over with a row lock while it may still be sent; None when it was sent before."""
    locked = _lock(handover)
    state = handovers.state_of(locked, now=timezone.now())
    if state == handovers.CLOSED:
        errors.refuse([errors.Reason("closed", _("This form has closed. Hand the tablet back to the desk."))])
    return locked if state == handovers.OPEN else None


def _finish(handover: Handover) -> None:
    """Mark as sent and delete the draft, whose values are in the record now."""
    handover.finished_at, handover.draft = timezone.now(), {}
    handover.save(update_fields=["finished_at", "draft"])


def _is_update(handover: Handover) -> bool:
    return bool(handover.draft.get("update"))


def _parent(handover: Handover) -> Consent | None:
    pk = handover.draft.get("parent")
    return Consent.objects.get(pk=pk, patient=handover.patient) if pk else None
