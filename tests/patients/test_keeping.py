"""Retention and legal hold of a record, and the log of disclosures."""

import datetime as dt

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from clinic.models import AuditEvent, Practice
from clinic.values import errors
from clinic.values.errors import RuleViolation, StaleRecord
from patients.actions import retention as retention_actions
from patients.models import Disclosure, Patient
from patients.rules import ages
from patients.rules import retention as rules
from patients.selectors import retention
from tests import factories

GIVEN = {"recipient": "Dr. Example", "what": "Notes of May", "purpose": "court", "way": "post"}


def d(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


@pytest.mark.parametrize(
    ("born", "last_on", "until"),
    [
        ("1985-07-09", "2026-05-12", "2036-05-12"),
        ("2015-07-09", "2026-05-12", "2037-07-09"),  # eleven years old: to the age of 22
        ("2009-05-13", "2026-05-12", "2036-05-12"),  # seventeen: ten years are longer
        ("2008-05-12", "2026-05-12", "2036-05-12"),  # eighteen on the day
        ("2012-02-29", "2013-01-01", "2034-02-28"),
        ("1985-07-09", "2024-02-29", "2034-02-28"),
        ("2026-05-01", "2026-05-12", "2048-05-01"),
    ],
)
def test_a_record_is_kept_ten_years_and_a_minors_to_the_age_of_22(born, last_on, until):
    until_found = rules.retention_end(born=d(born), last_on=d(last_on), years=10, minor_until_age=22)

    assert until_found == d(until)


def test_the_practice_sets_its_own_years(signed_in, ada, therapist, lead):
    Practice.objects.update(retention_years=7)
    last_visit = timezone.now() - dt.timedelta(days=400)
    factories.arrived(ada, therapist, booked_for=last_visit, arrived_at=last_visit)
    factories.visit(ada, therapist)

    page = signed_in(lead).get(reverse("patients:keeping", args=[ada.ref]))

    assert page.context["until"] == ages.months_later(timezone.localdate(last_visit), 84)
    assert "7 years after" in page.content.decode()


def test_who_never_came_is_kept_from_the_registration(ada):
    patient = retention.with_last_encounter(Patient.objects).get(pk=ada.pk)

    until = rules.record_retention_end(patient, Practice.objects.get())

    assert until == ages.months_later(timezone.localdate(ada.registered_at), 120)


def test_the_lead_reads_it_on_the_record_and_nobody_else(signed_in, ada, lead, therapist):
    assert "Kept until" in signed_in(lead).get(ada.get_absolute_url()).content.decode()
    assert "Kept until" not in signed_in(therapist).get(ada.get_absolute_url()).content.decode()


def test_a_hold_is_set_and_lifted_with_a_reason(signed_in, ada, lead):
    client, url = signed_in(lead), reverse("patients:keeping", args=[ada.ref])
    assert client.post(url, {"verb": "hold", "reason": ""}).status_code == 422

    client.post(url, {"verb": "hold", "reason": "Letter of a lawyer"})
    ada.refresh_from_db()
    assert ada.legal_hold_by == lead
    assert AuditEvent.objects.get(code="hold.set").reason == "Letter of a lawyer"
    assert client.post(url, {"verb": "hold", "reason": "Again"}).status_code == 409

    client.post(url, {"verb": "lift", "reason": "Settled"})
    ada.refresh_from_db()
    assert (ada.legal_hold_at, ada.legal_hold_by) == (None, None)
    assert AuditEvent.objects.get(code="hold.lifted").reason == "Settled"
    with pytest.raises(StaleRecord):
        retention_actions.lift_hold(ada, by=lead, reason="Again")


# --- disclosures


def note(patient, by, **fields) -> Disclosure:
    return retention_actions.record_disclosure(
        patient, by=by, **{"given_on": timezone.localdate(), **GIVEN, **fields}
    )


def test_the_desk_notes_what_was_given_and_reads_no_list(signed_in, ada, reception, therapist):
    note(ada, therapist, recipient="Somebody Else")
    client, url = signed_in(reception), reverse("patients:disclosures", args=[ada.ref])

    answer = client.post(url, {**GIVEN, "given_on": timezone.localdate().isoformat()})

    row = Disclosure.objects.get(recorded_by=reception)
    assert answer.status_code == 302
    assert (row.patient, row.recipient, row.purpose) == (ada, "Dr. Example", "court")
    assert AuditEvent.objects.filter(code="disclosure.recorded", patient_ref=ada.ref).count() == 2
    assert "Somebody Else" not in client.get(url).content.decode()
    assert "Somebody Else" in signed_in(therapist).get(url).content.decode()


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"recipient": ""}, "recipient"),
        ({"what": " "}, "what"),
        ({"purpose": "other"}, "purpose_words"),
        ({"purpose": "gossip"}, "purpose"),
        ({"given_on": "1/1/2100"}, "given_on"),
    ],
)
def test_a_refused_entry_says_why_at_its_field(signed_in, ada, lead, fields, field):
    sent = {**GIVEN, "given_on": timezone.localdate().isoformat(), **fields}

    answer = signed_in(lead).post(reverse("patients:disclosures", args=[ada.ref]), sent)

    assert answer.status_code == 422
    assert field in answer.context["form"].errors
    assert not Disclosure.objects.exists()


def test_a_correction_stands_beside_the_entry(signed_in, ada, therapist):
    first = note(ada, therapist)
    client, url = signed_in(therapist), reverse("patients:disclosures", args=[ada.ref])
    form = client.get(url, {"correct": first.pk}).context["form"]
    assert form.initial["recipient"] == "Dr. Example"

    sent = {**GIVEN, "recipient": "Dr. Sample", "given_on": "5/3/2026", "corrects": first.pk}
    client.post(url, sent)

    assert first.corrected_by.recipient == "Dr. Sample"
    assert AuditEvent.objects.filter(code="disclosure.corrected").exists()
    assert "<s>Dr. Example</s>" in client.get(url).content.decode()
    assert client.post(url, sent).status_code == 422, "corrected once"
    with pytest.raises(RuleViolation):
        note(ada, therapist, corrects=first)


def test_an_entry_of_another_record_is_not_corrected_here(signed_in, ada, therapist, reception):
    other = note(factories.patient(reception), therapist)
    with pytest.raises(RuleViolation) as refused:
        note(ada, therapist, corrects=other)

    assert refused.value.codes == {"elsewhere"}


@pytest.mark.django_db
def test_an_entry_never_changes(ada, therapist):
    row = note(ada, therapist)
    row.recipient = "Nobody"

    with pytest.raises(errors.RecordLocked):
        row.save()
    with pytest.raises(errors.RecordLocked):
        row.delete()
    for write in (lambda: Disclosure.objects.update(what="Nothing"), Disclosure.objects.all().delete):
        with pytest.raises((IntegrityError, DatabaseError)), transaction.atomic():
            write()

    assert Disclosure.objects.get().recipient == "Dr. Example"


@pytest.mark.parametrize(
    ("purpose", "given_on", "accounted"),
    [
        ("court", "2026-05-12", True),
        ("health", "2020-05-12", True),
        ("law", "2020-05-11", False),
        ("treatment", "2026-05-12", False),
        ("payment", "2026-05-12", False),
        ("operations", "2026-05-12", False),
        ("patient", "2026-05-12", False),
        ("authorised", "2026-05-12", False),
    ],
)
def test_six_years_are_accounted_for(purpose, given_on, accounted):
    row = Disclosure(purpose=purpose, given_on=d(given_on))

    assert rules.is_accounted(row, on=d("2026-05-12")) is accounted


@pytest.mark.parametrize("name", ["treatments:record-print"])
def test_a_print_offers_to_note_who_it_is_given_to(signed_in, ada, therapist, name):
    page = signed_in(therapist).get(reverse(name, args=[ada.ref])).content.decode()

    assert reverse("patients:disclosures", args=[ada.ref]) + "?printed" in page
