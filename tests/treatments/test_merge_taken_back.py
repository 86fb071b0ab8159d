"""A merge is taken back: both records are as they were, and what came since is decided."""

import datetime as dt
import uuid

import pytest
from django.urls import reverse
from django.utils import timezone

from clinic.models import AuditEvent
from clinic.values import errors
from patients.actions import alerts, patients, retention
from patients.models import Allergy, Medication, MergeJournal, Patient
from tests import factories
from tests.treatments.merges import filled, merged, stored, tags_of
from treatments.actions import merging
from treatments.selectors import merging as selectors

pytestmark = pytest.mark.django_db


def test_taken_back_both_records_are_as_they_were(risky, ada, therapist, reception, lead):
    factories.visit(risky, therapist, booked_for=timezone.now() + dt.timedelta(days=3))
    retention.set_hold(risky, by=lead, reason="Letter")
    risky.refresh_from_db()
    before = stored()

    journal = merged(ada, risky, lead, given_name="loser", phone="loser")
    assert stored() != before
    merging.take_back(journal, by=lead, reason="Two people")

    assert stored() == before
    assert "Nickel" not in tags_of(ada, therapist)


def test_what_was_written_since_stays_or_goes_as_chosen(twin, ada, reception, lead):
    journal = merged(ada, twin, lead)
    stays = alerts.add(Allergy, ada, by=reception, substance="Latex")
    goes = alerts.add(Medication, ada, by=reception, name="Aspirin")

    values = [row.value for row in selectors.later_rows(journal)]
    assert values == [f"allergy-{stays.pk}", f"medication-{goes.pk}"]
    merging.take_back(journal, by=lead, reason="Two people", moved=[f"medication-{goes.pk}"])

    assert Allergy.objects.get(pk=stays.pk).patient == ada
    assert Medication.objects.get(pk=goes.pk).patient == twin


def test_a_row_of_before_or_of_somebody_else_cannot_be_moved(twin, ada, reception, lead):
    old = Allergy.objects.create(patient=ada, substance="Nickel", noted_by=reception)
    journal = merged(ada, twin, lead)

    merging.take_back(journal, by=lead, reason="Two people", moved=[f"allergy-{old.pk}", "allergy-x"])

    assert Allergy.objects.get(pk=old.pk).patient == ada


def test_a_detail_that_somebody_changed_since_stays_changed(twin, ada, reception, lead):
    journal = merged(ada, twin, lead, email="loser")
    patients.change(Patient.objects.get(pk=ada.pk), by=reception, email="new@b.example")
    journal = MergeJournal.objects.get(pk=journal.pk)

    assert selectors.apart(journal).changed == ["email"]
    merging.take_back(journal, by=lead, reason="Two people")

    ada.refresh_from_db()
    assert ada.email == "new@b.example"


def test_the_newest_merge_is_taken_back_first(twin, ada, reception, lead):
    third = factories.patient(reception)
    first = merged(ada, twin, lead)
    ada.refresh_from_db()
    second = merged(third, ada, lead)
    twin.refresh_from_db()
    assert twin.merged_into == third

    with pytest.raises(errors.RuleViolation) as refused:
        merging.take_back(first, by=lead, reason="x")
    assert refused.value.codes == {"merged-later"}

    merging.take_back(second, by=lead, reason="x")
    twin.refresh_from_db()
    assert twin.merged_into == ada
    merging.take_back(first, by=lead, reason="x")
    twin.refresh_from_db()
    assert twin.merged_into is None


def test_a_merge_is_taken_back_once(twin, ada, lead):
    journal = merged(ada, twin, lead)
    merging.take_back(journal, by=lead, reason="x")

    with pytest.raises(errors.StaleRecord):
        merging.take_back(journal, by=lead, reason="x")


def test_both_histories_tell_of_it(twin, ada, lead):
    journal = merged(ada, twin, lead)
    merging.take_back(journal, by=lead, reason="Two people")

    found = AuditEvent.objects.filter(code__startswith="record.", patient_ref__gt="").order_by("seq")
    assert [(event.code, event.patient_ref) for event in found] == [
        ("record.merged", ada.ref),
        ("record.merged_away", twin.ref),
        ("record.unmerged", ada.ref),
        ("record.unmerged_away", twin.ref),
    ]
    assert "555" not in str([event.changes for event in found])


def test_a_merge_is_taken_back_from_its_history(twin, ada, reception, lead, signed_in):
    journal = merged(ada, twin, lead)
    row = alerts.add(Allergy, ada, by=reception, substance="Latex")
    client = signed_in(lead)
    url = reverse("treatments:merge-take-back", args=[ada.ref, journal.pk])
    assert url in client.get(reverse("treatments:history", args=[ada.ref])).content.decode()
    page = client.get(url)
    typed = filled(page, password=factories.PASSWORD)

    assert client.post(url, typed).status_code == 422
    answer = client.post(url, {**typed, f"allergy-{row.pk}": "loser", "form_key": uuid.uuid4().hex})

    assert answer.url == ada.get_absolute_url()
    row.refresh_from_db()
    assert row.patient == twin
    assert client.get(url).status_code == 404
