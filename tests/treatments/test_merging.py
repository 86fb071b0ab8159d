"""Two records of one person become one."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from clinic.audit import verification
from clinic.models import AuditEvent
from patients.models import Visit
from tests import factories
from tests.treatments import notes
from tests.treatments.merges import merged
from treatments.actions import merging
from treatments.actions.signing import signature
from treatments.models import NeedlingSession
from treatments.selectors.signing import seal_check

pytestmark = pytest.mark.django_db


def test_signed_notes_stay_as_signed_and_are_shown_under_the_one_that_stands(
    twin, ada, therapist, lead, signed_in
):
    draft = factories.session(twin, therapist)
    factories.session_condition(draft)
    note = signature.sign(notes.ready(draft), by=therapist, proved=True, identity_checked=True)
    draft.visit.left_at, draft.visit.left_by = timezone.now(), therapist
    draft.visit.save(update_fields=["left_at", "left_by"])

    merged(ada, twin, lead)

    assert NeedlingSession.objects.get(pk=note.pk).patient_id == twin.pk
    assert not list(seal_check.faults(verification.ignore_progress))
    body = signed_in(therapist).get(ada.get_absolute_url()).content.decode()
    assert reverse("treatments:session", args=[note.ref]) in body


def test_a_printed_chart_says_which_records_were_merged(risky, ada, therapist, lead, signed_in):
    merged(ada, risky, lead)

    body = signed_in(therapist).get(reverse("treatments:record-print", args=[ada.ref])).content.decode()

    assert f"Merged with {risky.ref}" in body
    assert "Nickel" in body


def test_the_old_reference_leads_to_the_one_that_stands_and_that_is_recorded(
    twin, ada, therapist, lead, signed_in
):
    merged(ada, twin, lead)

    answer = signed_in(therapist).get(twin.get_absolute_url())

    assert answer.url == ada.get_absolute_url()
    assert AuditEvent.objects.filter(code="record.resolved", patient_ref=twin.ref, actor=therapist).exists()


def test_all_that_was_written_in_the_old_record_is_still_read(risky, ada, therapist, lead, signed_in):
    merged(ada, risky, lead)

    answer = signed_in(therapist).get(f"{risky.get_absolute_url()}?own")

    assert answer.status_code == 200
    assert f"Merged into {ada.ref}" in answer.content.decode()


def test_appointments_go_along_and_come_back(twin, ada, therapist, lead):
    visit = factories.visit(twin, therapist, booked_for=timezone.now() + dt.timedelta(days=3))
    gone = factories.visit(
        twin, therapist, cancelled_at=timezone.now(), cancelled_by=therapist, end_reason="x"
    )

    journal = merged(ada, twin, lead)

    assert Visit.objects.get(pk=visit.pk).patient == ada
    assert Visit.objects.get(pk=gone.pk).patient == twin
    merging.take_back(journal, by=lead, reason="Cousins")
    assert Visit.objects.get(pk=visit.pk).patient == twin


def test_the_chosen_details_stand_and_a_name_that_gave_way_is_found(twin, ada, lead, reception, signed_in):
    old = ada.given_name
    merged(ada, twin, lead, given_name="loser", phone="survivor")

    ada.refresh_from_db()

    assert (ada.given_name, ada.phone) == ("Ada M.", ada.phone)
    assert ada.email == "a@b.example"
    body = signed_in(reception).post(reverse("patients:find"), {"q": f"{old} Examplewood"}).content.decode()
    assert ada.ref in body
