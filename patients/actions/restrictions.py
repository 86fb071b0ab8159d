"""Restricts records, names who may open them, and opens one in an emergency."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Exists, F, OuterRef, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from clinic import audit
from clinic.actions import form_baseline
from clinic.models import User
from clinic.values import errors
from clinic.values.errors import StaleRecord
from patients.actions import records
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
    baseline: dict | None = None,
) -> Patient:
    """Restrict, or change who is named. With the form's `baseline`, a colleague's change is not undone."""
    patient = _lock(patient)
    facts = restrictions.restriction_facts(patient, by=by)
    errors.refuse(merged.reasons(patient))
    message = _("Somebody changed who may open this record while you had it open.")
    stored, persons = restriction_baseline(patient, facts.named), {person.pk: person for person in people}
    sent = {"people": persons.keys(), "account": account.pk if account else None}
    wanted = stored | form_baseline.changes(stored, baseline, sent, message=message)
    named, account_pk = frozenset(wanted["people"]), wanted["account"]
    errors.refuse(restrictions_rules.naming_reasons(facts, people=named, account=account_pk))

    before, now = _names(facts.named), timezone.now()
    was_restricted, patient.account_id = patient.restricted_at, account_pk
    if not was_restricted:
        patient.restricted_at, patient.restricted_by = now, by
    patient.save(update_fields=["restricted_at", "restricted_by", "account"])
    one_person = [patient, *records.lock_merged(patient)]
    restricted = {"restricted_at": patient.restricted_at, "restricted_by": patient.restricted_by}
    Patient.objects.filter(merged_into=patient).update(**restricted)
    _end(one_person, facts.named - named, now)
    PatientAccess.objects.bulk_create(
        PatientAccess(patient=record, user=persons[pk], reason=reason, given_at=now, given_by=by)
        for record in one_person
        for pk in named - facts.named
    )

    audit.record(
        "restriction.changed" if was_restricted else "restriction.set",
        patient,
        by=by,
        patient=patient,
        changes={"people": [before, _names(named)]},
        reason=restrictions_rules.audited_reason(reason, is_own=by.pk in named - facts.named),
    )
    return patient


@transaction.atomic
def lift(patient: Patient, *, by: User, reason: str) -> Patient:
    """Open the record to all staff again, with those merged into it; the accesses of named people end."""
    patient = _lock(patient)
    facts = restrictions.restriction_facts(patient, by=by)
    errors.refuse(merged.reasons(patient) + restrictions_rules.own_reasons(facts))
    if patient.restricted_at is None:
        raise StaleRecord(_("Somebody has lifted the restriction already."))

    patient.restricted_at, patient.restricted_by = None, None
    patient.save(update_fields=["restricted_at", "restricted_by"])
    one_person = [patient, *records.lock_merged(patient)]
    Patient.objects.filter(merged_into=patient).update(restricted_at=None, restricted_by=None)
    before = _names(facts.named)
    now = timezone.now()
    PatientAccess.objects.current().filter(patient__in=one_person).update(until_at=now)

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
    """Open a restricted record to oneself for an hour. Leads see it until one of them has reviewed it."""
    patient = _lock(patient)
    errors.refuse(restrictions_rules.emergency_access_reasons(patient, by=by))
    open_access = PatientAccess.objects.open_to(by).filter(patient=patient).first()
    if open_access is not None:
        return open_access

    now = timezone.now()
    access = PatientAccess.objects.create(
        patient=patient,
        user=by,
        reason=reason,
        until_at=now + restrictions_rules.EMERGENCY_ACCESS_LASTS,
        given_at=now,
        given_by=by,
        is_glass=True,
    )

    audit.record("glass.broken", patient, by=by, patient=patient, reason=reason)
    return access


@transaction.atomic
def review_emergency_access(access: PatientAccess, *, by: User) -> PatientAccess:
    """Record a lead's review. A second call changes nothing."""
    has_other = restrictions.has_other_lead(by)
    errors.refuse(restrictions_rules.emergency_review_reasons(access, by=by, has_other_lead=has_other))
    now = timezone.now()
    is_new = PatientAccess.objects.unreviewed().filter(pk=access.pk).update(seen_at=now, seen_by=by)
    if is_new:
        reason = restrictions_rules.audited_reason("", is_own=access.user_id == by.pk)
        audit.record("glass.seen", access, by=by, patient=access.patient, reason=reason)
    return access


@dataclass(frozen=True)
class Restriction:
    """Since when and by whom (a key) records are restricted, and the keys of those who may open it."""

    at: dt.datetime
    by: int | None
    named: frozenset[int]


def hold_together(
    records: Iterable[Patient], restriction: Restriction, *, at: dt.datetime, by: User, reason: str
) -> dict:
    """The stricter holds for records that become one person's: all are restricted, to the named alone.

    Returns what `let_apart` needs, for a journal. The locks and the transaction are the caller's.
    """
    journal: dict = {"at": at.isoformat(), "since": restriction.at.isoformat(), "closed": [], "ended": []}
    for record in records:
        current = PatientAccess.objects.named().filter(patient=record)
        before = frozenset(current.values_list("user", flat=True)) if record.restricted_at else frozenset()
        ending = current.exclude(user__in=restriction.named)
        journal["ended"] += ending.values_list("pk", flat=True)
        ending.update(until_at=at)
        if record.restricted_at is None:
            record.restricted_at, record.restricted_by_id = restriction.at, restriction.by
            record.save(update_fields=["restricted_at", "restricted_by"])
            PatientAccess.objects.bulk_create(
                PatientAccess(patient=record, user_id=pk, reason=reason, given_at=at, given_by=by)
                for pk in sorted(restriction.named)
            )
            journal["closed"].append(record.pk)
        elif before == restriction.named:
            continue
        changes = {"people": [_names(before), _names(restriction.named)]}
        code = "restriction.changed" if before else "restriction.set"
        audit.record(code, record, by=by, patient=record, changes=changes, reason=reason)
    return journal


def let_apart(journal: dict, *, at: dt.datetime, by: User, reason: str) -> None:
    """Undo `hold_together`: open what it restricted, and let in again whom it shut out.

    A restriction that somebody lifted and set again since stays as they set it.
    """
    held = dt.datetime.fromisoformat(journal["at"]), dt.datetime.fromisoformat(journal["since"])
    for record in Patient.objects.filter(pk__in=journal["closed"], restricted_at=held[1]).order_by("pk"):
        before = _names(PatientAccess.objects.named().filter(patient=record).values_list("user", flat=True))
        PatientAccess.objects.current().filter(patient=record).update(until_at=at)
        record.restricted_at, record.restricted_by = None, None
        record.save(update_fields=["restricted_at", "restricted_by"])
        changes = {"people": [before, ""]}
        audit.record("restriction.lifted", record, by=by, patient=record, changes=changes, reason=reason)
    for access in _ended_by(journal, at=held[0]).select_related("patient", "user").order_by("pk"):
        PatientAccess.objects.filter(pk=access.pk).update(until_at=None)
        changes = {"people": ["", access.user.username]}
        audit.record(
            "restriction.changed",
            access.patient,
            by=by,
            patient=access.patient,
            changes=changes,
            reason=reason,
        )


def _ended_by(journal: dict, *, at: dt.datetime) -> QuerySet[PatientAccess]:
    """Whom it shut out of records that were restricted before and ever since.

    Not who was named anew, and not the patient's own account.
    """
    anew = PatientAccess.objects.named().filter(patient=OuterRef("patient"), user=OuterRef("user"))
    ended = PatientAccess.objects.filter(
        ~Exists(anew), pk__in=journal["ended"], until_at=at, patient__restricted_at__lte=at
    )
    return ended.exclude(user=F("patient__account"))


def restriction_baseline(patient: Patient, named: Iterable[int]) -> dict:
    """Who may open the record, by the fields of its form."""
    return {"people": tuple(named), "account": patient.account_id}


def _end(one_person: Iterable[Patient], people: Iterable[int], now) -> None:
    named = PatientAccess.objects.named().filter(patient__in=one_person, user__in=people)
    named.update(until_at=now)


def _names(people: Iterable[int]) -> str:
    return ", ".join(
        User.objects.filter(pk__in=people).order_by("username").values_list("username", flat=True)
    )


def _lock(patient: Patient) -> Patient:
    return Patient.objects.select_for_update(of=("self",)).get(pk=patient.pk)
