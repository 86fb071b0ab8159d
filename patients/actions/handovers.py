"""Hand-overs of the tablet: what the patient sends becomes one screening or one consent."""

import datetime as dt
from collections.abc import Mapping

from django.db import transaction
from django.utils import timezone

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
    screenings_actions.take(
        locked.patient,
        by=locked.started_by,
        kind=locked.kind,
        source=Screening.Source.TABLET,
        answers=answers,
        visit=locked.visit,
    )
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
    )
    _finish(locked)


@transaction.atomic
def end(handover: Handover, *, by) -> None:
    """End the hand-over when a member of staff has the tablet again."""
    ended = Handover.objects.filter(pk=handover.pk, ended_at=None)
    if ended.update(ended_at=timezone.now(), ended_by=by):
        audit.record("handover.ended", handover, by=by, patient=handover.patient)


def _same_press(patient: Patient, *, by, draft: dict, **fields) -> Handover | None:
    since = timezone.now() - SAME_PRESS_WITHIN
    recent = Handover.objects.filter(finished_at=None, ended_at=None, started_at__gte=since)
    newest = recent.filter(patient=patient, started_by=by, **fields).order_by("-pk").first()
    return newest if newest is not None and newest.draft == draft else None


def _lock_open(handover: Handover) -> Handover | None:
    """The hand-over with a row lock while it may still be sent; None when it was sent before."""
    rows = Handover.objects.select_related("patient", "visit", "therapist", "started_by")
    locked = rows.select_for_update(of=("self",)).get(pk=handover.pk)
    state = handovers.state_of(locked, now=timezone.now())
    if state == handovers.CLOSED:
        errors.refuse([errors.Reason("closed", "This form has closed. Hand the tablet back to the desk.")])
    return locked if state == handovers.OPEN else None


def _finish(handover: Handover) -> None:
    """Mark as sent and delete the draft, whose values are in the record now."""
    handover.finished_at, handover.draft = timezone.now(), {}
    handover.save(update_fields=["finished_at", "draft"])


def _parent(handover: Handover) -> Consent | None:
    pk = handover.draft.get("parent")
    return Consent.objects.get(pk=pk, patient=handover.patient) if pk else None
