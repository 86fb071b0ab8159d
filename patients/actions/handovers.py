"""The tablet goes to the patient and comes back; what they send becomes a screening or a consent once."""

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

# One button pressed twice: nobody hands the same form of the same patient over again so soon.
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
    """`kind` is the questionnaire. A consent's `draft` names the text and, for added regions, the parent.

    A second press of the button gets the hand-over of the first.
    """
    # the patient's row is the lock: two presses that arrive at once see each other
    patient = Patient.objects.select_for_update(of=("self",)).get(pk=patient.pk)
    errors.refuse(merged.reasons(patient))
    asked = {"purpose": purpose, "kind": kind, "therapist": therapist, "draft": draft or {}}
    twin = _just_started(patient, by=by, **asked)
    if twin is not None:
        return twin

    handover = Handover.objects.create(patient=patient, visit=visit, started_by=by, **asked)

    audit.record("handover.started", handover, by=by, patient=patient)
    return handover


@transaction.atomic
def store_draft(handover: Handover, *, values: dict) -> None:
    """Keep what was typed on one page, right or wrong. Not a record yet, so not an event."""
    standing = Handover.objects.select_for_update(of=("self",)).get(pk=handover.pk)
    if handovers.state_of(standing, now=timezone.now()) != handovers.OPEN:
        return
    standing.draft = {**standing.draft, **values}
    standing.save(update_fields=["draft"])
    handover.draft = standing.draft


@transaction.atomic
def send_answers(handover: Handover, *, answers: Mapping[str, screenings.GivenAnswer]) -> None:
    """File the questionnaire. A second press finds it sent and does nothing."""
    standing = _open(handover)
    if standing is None:
        return
    screenings_actions.take(
        standing.patient,
        by=standing.started_by,
        kind=standing.kind,
        source=Screening.Source.TABLET,
        answers=answers,
        visit=standing.visit,
    )
    _finish(standing)


@transaction.atomic
def send_consent(handover: Handover, *, text: ConsentText, **signed) -> None:
    """Sign the text that was read. A second press finds it signed and does nothing."""
    standing = _open(handover)
    if standing is None:
        return
    consents.give(
        standing.patient,
        by=standing.started_by,
        text=text,
        therapist=standing.therapist,
        parent=_parent(standing),
        **signed,
    )
    _finish(standing)


@transaction.atomic
def send_refusal(handover: Handover, *, text: ConsentText, reason: str) -> None:
    standing = _open(handover)
    if standing is None:
        return
    consents.refuse(
        standing.patient,
        by=standing.started_by,
        reason=reason,
        text=text,
        therapist=standing.therapist,
        parent=_parent(standing),
    )
    _finish(standing)


@transaction.atomic
def end(handover: Handover, *, by) -> None:
    """A member of staff holds the tablet again."""
    ended = Handover.objects.filter(pk=handover.pk, ended_at=None)
    if ended.update(ended_at=timezone.now(), ended_by=by):
        audit.record("handover.ended", handover, by=by, patient=handover.patient)


def _just_started(patient: Patient, *, by, draft: dict, **asked) -> Handover | None:
    since = timezone.now() - SAME_PRESS_WITHIN
    standing = Handover.objects.filter(finished_at=None, ended_at=None, started_at__gte=since)
    newest = standing.filter(patient=patient, started_by=by, **asked).order_by("-pk").first()
    return newest if newest is not None and newest.draft == draft else None


def _open(handover: Handover) -> Handover | None:
    """The hand-over, locked, while it may still be sent; None when it was sent before."""
    rows = Handover.objects.select_related("patient", "visit", "therapist", "started_by")
    standing = rows.select_for_update(of=("self",)).get(pk=handover.pk)
    state = handovers.state_of(standing, now=timezone.now())
    if state == handovers.CLOSED:
        errors.refuse([errors.Reason("closed", "This form has closed. Hand the tablet back to the desk.")])
    return standing if state == handovers.OPEN else None


def _finish(handover: Handover) -> None:
    """What was typed now stands in the record; the half-way copy goes."""
    handover.finished_at, handover.draft = timezone.now(), {}
    handover.save(update_fields=["finished_at", "draft"])


def _parent(handover: Handover) -> Consent | None:
    pk = handover.draft.get("parent")
    return Consent.objects.get(pk=pk, patient=handover.patient) if pk else None
