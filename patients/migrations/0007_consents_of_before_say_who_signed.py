"""Consents that were signed before say who it was.

Taken from the audit of later changes; where it knows of none, from what stands now.
"""

import datetime as dt

from django.db import migrations

CHUNK = 1000
STAFF = ("therapist_name", "given_by_name", "witness_name", "refused_by_name")
PATIENT = ("patient_name", "patient_born")
TABLES = (
    ("Consent", ("given_at", "refused_at"), STAFF),
    ("ConsentCopy", ("given_at",), ("given_by_name",)),
    ("ConsentWithdrawal", ("withdrawn_at",), ("withdrawn_by_name",)),
)


def fill(apps, schema_editor):
    people = _changes(apps, code="admin.changed", object_kind="clinic.user")
    patients = _changes(apps, code="patient.changed")
    for name, at, columns in TABLES:
        model = apps.get_model("patients", name)
        related = [column.removesuffix("_name") for column in columns]
        rows = (
            model.objects.select_related(*related, *(["patient"] if name == "Consent" else []))
            .order_by("pk")
            .iterator(chunk_size=CHUNK)
        )
        filled = []
        for row in rows:
            when = next(getattr(row, column) for column in at if getattr(row, column))
            for column, who in zip(columns, related, strict=True):
                setattr(row, column, _display_name(getattr(row, who), when, people))
            if name == "Consent":
                _set_patient(row, when, patients)
            filled.append(row)
        model.objects.bulk_update(
            filled, [*columns, *(PATIENT if name == "Consent" else ())], batch_size=CHUNK
        )


def _set_patient(consent, when, patients) -> None:
    names, changes = ("family_name", "given_name", "born"), patients.get(consent.patient.ref, ())
    family, given, born = _then(consent.patient, names, when, changes)
    consent.patient_name = ", ".join(part for part in (family, given) if part)
    consent.patient_born = dt.date.fromisoformat(born) if isinstance(born, str) else born


def _changes(apps, **which) -> dict:
    """{reference: [(at, changes), ...]}, the newest first."""
    events = apps.get_model("clinic", "AuditEvent").objects.filter(**which).order_by("-seq")
    found: dict = {}
    for ref, at, changes in events.values_list("object_ref", "at", "changes"):
        found.setdefault(ref, []).append((at, changes))
    return found


def _then(row, names, when, changes) -> list:
    """The values of a row at that instant: each change since is taken back."""
    values = {name: getattr(row, name) for name in names}
    for at, changed in changes:
        if at <= when:
            break
        values.update({name: changed[name][0] for name in names if name in changed})
    return [values[name] for name in names]


def _display_name(user, when, people) -> str:
    if user is None:
        return ""
    names = ("first_name", "last_name", "display_credentials")
    first, last, letters = _then(user, names, when, people.get(str(user.pk), ()))
    name = f"{first or ''} {last or ''}".strip() or user.username
    return f"{name}, {letters}" if letters else name


class Migration(migrations.Migration):
    dependencies = [
        ("patients", "0006_a_consent_keeps_who_signed"),
        ("clinic", "0010_the_audit_is_searched_for_what_somebody_did"),
    ]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop, elidable=False)]
