"""Restricting a record, naming who may open it, and opening it in need."""

from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone

from clinic import audit
from clinic.models import User
from clinic.rules import form_baseline
from clinic.values import errors
from clinic.values.errors import StaleRecord
from patients.models import Patient, PatientAccess
from patients.rules import merged
from patients.rules import restrictions as restrictions_rules
from patients.selectors import restrictions


@transaction.atomic
def restrict(
    patient: Patient,
    *,
    by: User,
    people: Iterable[User],
    reason: str,
    account: User | None = None,
    shown: dict | None = None,
) -> Patient:
    """Restrict, or change who is named. A colleague's change since the form was `shown` is not undone."""
    patient = _locked(patient)
    facts = restrictions.restriction_facts(patient, by=by)
    wanted = {person.pk: person for person in people}
    errors.refuse(merged.reasons(patient))
    own = account.pk if account else None
    errors.refuse(restrictions_rules.naming_reasons(facts, people=frozenset(wanted), account=own))
    _refuse_overwriting(restriction_baseline(patient, facts.named), shown or {}, _said(wanted, own))

    before, now = _names(facts.named), timezone.now()
    was_restricted, patient.account = patient.restricted_at, account
    if not was_restricted:
        patient.restricted_at, patient.restricted_by = now, by
    patient.save(update_fields=["restricted_at", "restricted_by", "account"])
    _end(patient, facts.named - wanted.keys(), now)
    PatientAccess.objects.bulk_create(
        PatientAccess(patient=patient, user=wanted[pk], reason=reason, given_at=now, given_by=by)
        for pk in wanted.keys() - facts.named
    )

    audit.record(
        "restriction.changed" if was_restricted else "restriction.set",
        patient,
        by=by,
        patient=patient,
        changes={"people": [before, _names(wanted)]},
        reason=restrictions_rules.audited_reason(reason, is_own=by.pk in wanted.keys() - facts.named),
    )
    return patient


@transaction.atomic
def lift(patient: Patient, *, by: User, reason: str) -> Patient:
    """The record opens to everybody at work again; what was named ends."""
    patient = _locked(patient)
    facts = restrictions.restriction_facts(patient, by=by)
    errors.refuse(restrictions_rules.own_reasons(facts))
    if patient.restricted_at is None:
        raise StaleRecord("Somebody has lifted the restriction already.")

    patient.restricted_at, patient.restricted_by = None, None
    patient.save(update_fields=["restricted_at", "restricted_by"])
    before = _names(facts.named)
    now = timezone.now()
    PatientAccess.objects.standing().filter(patient=patient).update(until_at=now)

    audit.record(
        "restriction.lifted",
        patient,
        by=by,
        patient=patient,
        changes={"people": [before, ""]},
        reason=reason,
    )
    return patient


@transaction.atomic
def open_in_emergency(patient: Patient, *, by: User, reason: str) -> PatientAccess:
    """Open a restricted record to oneself for an hour. A lead is told until one has looked at it."""
    patient = _locked(patient)
    errors.refuse(restrictions_rules.emergency_access_reasons(patient, by=by))
    standing_one = PatientAccess.objects.open_to(by).filter(patient=patient).first()
    if standing_one is not None:
        return standing_one

    now = timezone.now()
    glass = PatientAccess.objects.create(
        patient=patient,
        user=by,
        reason=reason,
        until_at=now + restrictions_rules.EMERGENCY_ACCESS_LASTS,
        given_at=now,
        given_by=by,
        is_glass=True,
    )

    audit.record("glass.broken", patient, by=by, patient=patient, reason=reason)
    return glass


@transaction.atomic
def review_emergency_access(glass: PatientAccess, *, by: User) -> PatientAccess:
    """A lead has looked at it. Twice is once."""
    other = restrictions.has_other_lead(by)
    errors.refuse(restrictions_rules.emergency_review_reasons(glass, by=by, has_other_lead=other))
    now = timezone.now()
    seen_now = PatientAccess.objects.unseen().filter(pk=glass.pk).update(seen_at=now, seen_by=by)
    if seen_now:
        own = restrictions_rules.audited_reason("", is_own=glass.user_id == by.pk)
        audit.record("glass.seen", glass, by=by, patient=glass.patient, reason=own)
    return glass


def restriction_baseline(patient: Patient, named: Iterable[int]) -> dict[str, str]:
    """What a form shows of who may open the record, to be compared when it comes back."""
    return _said(named, patient.account_id)


def _said(people: Iterable[int], account: int | None) -> dict[str, str]:
    return {
        "people": " ".join(str(pk) for pk in sorted(people)),
        "account": form_baseline.comparable_text(account),
    }


def _refuse_overwriting(stored: dict, shown: dict, wanted: dict) -> None:
    if form_baseline.overwritten_fields(stored, shown, wanted):
        raise StaleRecord("Somebody changed who may open this record while you had it open.")


def _end(patient: Patient, people: Iterable[int], now) -> None:
    named = PatientAccess.objects.named().filter(patient=patient, user__in=people)
    named.update(until_at=now)


def _names(people: Iterable[int]) -> str:
    return ", ".join(
        User.objects.filter(pk__in=people).order_by("username").values_list("username", flat=True)
    )


def _locked(patient: Patient) -> Patient:
    return Patient.objects.select_for_update(of=("self",)).get(pk=patient.pk)
