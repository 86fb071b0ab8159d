"""A session is opened."""

from typing import TypeVar

from django.db import transaction
from django.db.models import Count
from django.utils import timezone

from clinic import audit
from clinic.models import Practice
from clinic.values import errors
from clinic.values.errors import Reason
from patients.actions import episodes
from patients.models import Consent, Patient, PatientCondition, Screening, Visit
from treatments.models import NeedlingSession, SessionCondition
from treatments.rules.session import opening as opening_rules
from treatments.selectors.session import opening
from treatments.selectors.session.opening import jurisdiction_of

T = TypeVar("T")


@transaction.atomic
def open_session(
    patient: Patient, *, by, visit: Visit | None, conditions, access="", referral=None,
    consent_confirmed=True, supervisor=None,
) -> NeedlingSession:  # fmt: skip
    """The draft of this visit. The one that stands is returned; a second one is never made."""
    today, now = timezone.localdate(), timezone.now()
    standing = _existing_session(visit, by) if visit is not None else None
    if standing is not None:
        return standing

    practice = Practice.objects.select_related("jurisdiction").get(pk=1)
    facts = opening.open_facts_for(
        patient, user=by, practice=practice, visit=visit, on=today, supervisor=supervisor
    )
    errors.refuse(
        [*opening_rules.open_reasons(facts), *_form_reasons(patient, conditions, consent_confirmed)]
    )

    episode = episodes.current_episode(patient, by=by, on=today)
    safety, visit = facts.safety, _required(visit)
    session = NeedlingSession.objects.create(
        patient=patient,
        visit=visit,
        episode=episode,
        location_id=visit.location_id,
        therapist=by,
        supervisor=supervisor,
        jurisdiction=jurisdiction_of(practice),
        screening=Screening(pk=_required(safety.intake).pk),
        visit_screening=Screening(pk=_short_screen(safety, visit)),
        consent=Consent(pk=_required(safety.consent).pk),
        access=access or episode.access,
        referral=referral or episode.referral,
        visit_number=_visit_number(episode, visit),
        **_start_stamps(by, now),
    )
    SessionCondition.objects.bulk_create(_condition_row(session, row) for row in conditions)

    names = [row.icd10 or str(row.pk) for row in conditions]
    changes = {"conditions": [None, names], **_supervisor_change(supervisor)}
    audit.record("session.opened", session, by=by, patient=patient, changes=changes)
    return session


def _required(found: T | None) -> T:
    """What a session cannot be opened without: `open_reasons` has refused where it is missing."""
    if found is None:
        raise ValueError("A session is opened on a visit, an intake screening and a consent.")
    return found


def _form_reasons(patient, conditions, consent_confirmed) -> list[Reason]:
    found = []
    theirs = PatientCondition.objects.open().filter(
        episode__patient=patient, pk__in=[row.pk for row in conditions]
    )
    if not conditions or theirs.count() != len(conditions):
        message = "Choose at least one condition that is treated today."
        found.append(Reason("conditions-missing", message, field="conditions"))
    if not consent_confirmed:
        message = "Ask the patient again, and confirm that they agree to dry needling today."
        found.append(Reason("consent-unconfirmed", message, field="consent_confirmed"))
    return found


def _existing_session(visit: Visit, by) -> NeedlingSession | None:
    """The session of this visit that `by` has opened before; the visit is locked from here on."""
    Visit.objects.select_for_update(of=("self",)).get(pk=visit.pk)
    return NeedlingSession.objects.counted().filter(visit=visit, therapist=by).first()


def _supervisor_change(supervisor) -> dict:
    return {"supervisor": [None, supervisor.username]} if supervisor is not None else {}


def _start_stamps(by, now) -> dict:
    """The page takes minutes; with seconds, an end in the same minute would lie before the start."""
    return {
        "consent_confirmed_at": now,
        "consent_confirmed_by": by,
        "opened_at": now,
        "opened_by": by,
        "started_at": now.replace(second=0, microsecond=0),
    }


def _short_screen(safety, visit) -> int:
    return next(screen.pk for screen in safety.visit_screens if screen.visit_id in (None, visit.pk))


def _visit_number(episode, visit: Visit) -> int:
    """Two therapists at one visit write two sessions of the same number."""
    others = NeedlingSession.objects.counted().filter(episode=episode).exclude(visit=visit)
    made = others.aggregate(made=Count("visit", distinct=True))["made"]
    return episode.visits_before + made + 1


def _condition_row(session, row: PatientCondition) -> SessionCondition:
    return SessionCondition(
        session=session,
        patient_condition=row,
        name=row.variant.label if row.variant else row.condition.name,
        side=row.side,
        icd10=row.icd10,
        code_set_year=row.code_set_year,
    )
