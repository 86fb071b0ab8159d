"""Who may decide about a restricted record, and who sees a glass to break. Nobody decides for themselves."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import JSONField, Value

from clinic.access import Permission, may
from clinic.models import Practice, Role, User
from clinic.models.rows import Rows, instant
from clinic.values.errors import Reason
from patients.models import Patient, PatientAccess

GLASS_OPEN_FOR = dt.timedelta(hours=1)
# What the audit adds where the practice has nobody else who could have decided.
ALONE = "The only clinical lead decided this themselves."


@dataclass(frozen=True)
class Facts:
    """Primary keys. `named` are the people who stand on the record, `account` is the patient's own."""

    by: int
    account: int | None
    named: frozenset[int]
    has_other_lead: bool


def facts_for(patient: Patient, *, by: User) -> Facts:
    named = PatientAccess.objects.named().filter(patient=patient).values_list("user", flat=True)
    return Facts(by.pk, patient.account_id, frozenset(named), _other_lead(by))


def _other_lead(by: User) -> bool:
    return User.objects.holding(Role.LEAD).exclude(pk=by.pk).exists()


def naming_reasons(facts: Facts, *, people: frozenset[int], account: int | None) -> list[Reason]:
    """Why these people cannot be named on the record of the patient whose account is `account`."""
    reasons = own_reasons(facts, account=account)
    if not people:
        reasons.append(Reason("nobody", "Name at least one person who may open the record.", field="people"))
    if account is not None and account in people:
        message = "The patient's own account cannot be among the people who open the record."
        reasons.append(Reason("own-account", message, field="people"))
    if facts.by in people - facts.named and facts.has_other_lead:
        message = "Nobody names themselves. Another clinical lead adds you."
        reasons.append(Reason("own-name", message, field="people"))
    return reasons


def own_reasons(facts: Facts, *, account: int | None = None) -> list[Reason]:
    """The patient's own account decides nothing about the record, now or by this very form."""
    if facts.by in {facts.account, account}:
        return [Reason("own-record", "This is your own record. Another clinical lead decides about it.")]
    return []


def glass_reasons(patient: Patient, *, by: User) -> list[Reason]:
    if patient.restricted_at is None:
        return [Reason("not-restricted", "This record is not restricted any more. Open it as any other.")]
    if patient.account_id == by.pk:
        return [Reason("own-record", "This is your own record. Ask the clinical lead for a copy.")]
    return []


def seen_reasons(glass: PatientAccess, *, by: User) -> list[Reason]:
    if glass.user_id == by.pk and _other_lead(by):
        return [Reason("own-glass", "You opened this record yourself. Another clinical lead looks at it.")]
    return []


def alone(reason: str, *, is_own: bool) -> str:
    """The reason as the audit keeps it."""
    return f"{reason} {ALONE}".strip() if is_own else reason


def glasses_for(user) -> Rows | Value:
    """What a lead is told until one has looked, the oldest first; part of the practice's statement."""
    if not may(user, Permission.RECORD_RESTRICT):
        return Value(None, output_field=JSONField())
    unseen = PatientAccess.objects.unseen().order_by("given_at", "pk")
    names = {"given": "user__first_name", "family": "user__last_name"}
    return Rows(
        unseen, pk="pk", ref="patient__ref", reason="reason", at="given_at", until="until_at", **names
    )


def glasses_of(practice: Practice) -> list[dict]:
    rows = practice.glasses or []
    return [{**row, "at": instant(row["at"]), "until": instant(row["until"])} for row in rows]


def is_behind_glass(ref: str, *, user: User) -> bool:
    """Whether this person, to whom the record is not open, may break the glass in front of it."""
    if not may(user, Permission.SESSION_OPEN):
        return False
    return Patient.objects.filter(ref=ref, restricted_at__isnull=False).exists()
