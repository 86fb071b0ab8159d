"""The migration that gives patients of before the keys by which they are found now."""

from importlib import import_module

import pytest
from django.apps import apps

from patients.actions import alerts, patients
from patients.models import PatientKey, RelatedPerson
from tests import factories

pytestmark = pytest.mark.django_db
migration = import_module("patients.migrations.0030_people_are_found_by_more")


@pytest.fixture
def registered(reception):
    person = factories.patient(
        reception, family_name="Иванов", given_name="Ada", email="Ada@example.org", external_id="AB-4471"
    )
    alerts.add(RelatedPerson, person, by=reception, kind="guardian", name="Wilma Placeholder")
    patients.change(person, by=reception, family_name="Петров")
    return person


def keys_of(person) -> set[tuple[str, str]]:
    return set(PatientKey.objects.filter(patient=person).values_list("kind", "value"))


def test_patients_of_before_get_the_keys_that_new_ones_have(registered):
    wanted = keys_of(registered)
    PatientKey.objects.filter(kind__in=migration.NEW_KINDS).delete()
    PatientKey.objects.filter(kind="name", value="petrov").delete()

    migration.forth(apps, None)
    migration.forth(apps, None)

    assert keys_of(registered) == wanted
    assert {("mail", "ada@example.org"), ("number", "4471"), ("former", "ivanov")} <= wanted


def test_the_way_back_leaves_the_keys_of_before(registered):
    migration.back(apps, None)

    assert {kind for kind, _ in keys_of(registered)} == {"name", "slip", "phone"}
