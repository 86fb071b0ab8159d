"""People named on a restricted record, and emergency accesses."""

from django.db.models import QuerySet, TextField, Value

from clinic.access import Permission, may
from clinic.models import Practice, Role, User
from clinic.models.rows import RelatedRows, instant
from patients.models import Patient, PatientAccess
from patients.rules.restrictions import RestrictionFacts


def restriction_facts(patient: Patient, *, by: User) -> RestrictionFacts:
    named = PatientAccess.objects.named().filter(patient=patient).values_list("user", flat=True)
    return RestrictionFacts(by.pk, patient.account_id, frozenset(named), has_other_lead(by))


def people_named(patient: Patient) -> list[User]:
    """The people who may open the record, by name."""
    named = PatientAccess.objects.named().filter(patient=patient).select_related("user")
    return [access.user for access in named.order_by("user__last_name", "user__first_name", "pk")]


def emergency_accesses(ref: str) -> QuerySet[PatientAccess]:
    return PatientAccess.objects.select_related("patient").filter(is_glass=True, patient__ref=ref)


def has_other_lead(by: User) -> bool:
    return User.objects.holding(Role.LEAD).exclude(pk=by.pk).exists()


def unreviewed_accesses_for(user, **_) -> RelatedRows | Value:
    """Emergency accesses without a lead's review, oldest first; an annotation of the practice row."""
    if not may(user, Permission.RECORD_RESTRICT):
        return Value(None, output_field=TextField())
    unreviewed = PatientAccess.objects.unreviewed().order_by("given_at", "pk")
    names = {"given": "user__first_name", "family": "user__last_name"}
    return RelatedRows(
        unreviewed, pk="pk", ref="patient__ref", reason="reason", at="given_at", until="until_at", **names
    )


def unreviewed_accesses_of(practice: Practice) -> list[dict]:
    rows = practice.glasses or []
    return [{**row, "at": instant(row["at"]), "until": instant(row["until"])} for row in rows]


def is_open_to(user: User, patient: Patient) -> bool:
    return Patient.objects.visible_to(user).filter(pk=patient.pk).exists()


def may_open_in_emergency(ref: str, *, user: User) -> bool:
    """Whether this user may open the restricted record in an emergency."""
    if not may(user, Permission.SESSION_OPEN):
        return False
    return Patient.objects.filter(ref=ref, restricted_at__isnull=False).exists()
