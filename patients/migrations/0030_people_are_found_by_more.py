"""Patients are found by email, number in another system, Latin letters, related persons and former names."""

from collections.abc import Iterator

from django.db import migrations

from patients.rules.identity import keys
from patients.rules.identity.keys import EMAIL, FORMER, NAME, NUMBER, RELATED

NEW_KINDS = (EMAIL, NUMBER, FORMER, RELATED)
BATCH = 2000


def forth(apps, schema_editor):
    key = apps.get_model("patients", "PatientKey")
    waiting = []
    for patient, kind, value in _keys(apps):
        waiting.append(key(patient_id=patient, kind=kind, value=value))
        if len(waiting) == BATCH:
            key.objects.bulk_create(waiting, ignore_conflicts=True)
            waiting = []
    key.objects.bulk_create(waiting, ignore_conflicts=True)


def back(apps, schema_editor):
    """Latin letters stay: the release before finds by every key of a name."""
    apps.get_model("patients", "PatientKey").objects.filter(kind__in=NEW_KINDS).delete()


def _keys(apps) -> Iterator[tuple[int, str, str]]:
    patients = apps.get_model("patients", "Patient").objects
    columns = ("pk", "family_name", "given_name", "preferred_name", "email", "external_id")
    for pk, *names, email, number in patients.values_list(*columns).iterator(chunk_size=BATCH):
        if email:
            yield pk, EMAIL, email.lower()[: keys.KEY_LETTERS]
        yield from ((pk, NUMBER, form) for form in keys.numbers_of(number))
        yield from ((pk, NAME, word) for name in names if not name.isascii() for word in keys.found_as(name))
    related = apps.get_model("patients", "RelatedPerson").objects
    for pk, name in related.values_list("patient", "name").iterator(chunk_size=BATCH):
        yield from ((pk, RELATED, word) for word in keys.found_as(name))
    yield from _former_names(apps, dict(patients.values_list("ref", "pk").iterator(chunk_size=BATCH)))


def _former_names(apps, keys_of_refs: dict[str, int]) -> Iterator[tuple[int, str, str]]:
    """From the audit, which has the name before each change."""
    events = apps.get_model("clinic", "AuditEvent").objects.filter(code="patient.changed")
    for ref, changes in events.values_list("patient_ref", "changes").iterator(chunk_size=BATCH):
        before = [changes[name][0] or "" for name in ("family_name", "given_name") if name in changes]
        if ref in keys_of_refs:
            yield from ((keys_of_refs[ref], FORMER, word) for name in before for word in keys.found_as(name))


class Migration(migrations.Migration):
    dependencies = [
        ("clinic", "0032_an_opinion_is_about_a_text"),
        ("patients", "0029_a_changed_text_asks_for_what_changed"),
    ]

    operations = [migrations.RunPython(forth, back)]
