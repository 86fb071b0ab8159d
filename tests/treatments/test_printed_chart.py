"""What the printed chart and the printed note say around the sealed text, and where no seal can be read."""

import datetime as dt

import pytest
import time_machine
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from clinic.models import Credential, Location, Practice
from patients.actions import alerts
from patients.models import Coverage, PatientCondition
from tests import factories
from tests.statements import BUDGET, as_lines, data_statements
from tests.treatments import notes
from treatments.actions.signing import after_signing
from treatments.models import Aftercare, AftercareAdvice, Measurement, Override

NPI = "1234567893"


def shown(client, name: str, ref: str) -> str:
    return " ".join(client.get(reverse(f"treatments:{name}", args=[ref])).content.decode().split())


@pytest.fixture
def practice(db) -> Practice:
    practice = Practice.objects.get()
    practice.name, practice.npi, practice.phone = "Exampleton PT", NPI, "(555) 555-0100"
    practice.save()
    location = factories.location()
    Location.objects.filter(pk=location.pk).update(
        name="North", address="1 Sample Street\nExampleton", state="IL"
    )
    return practice


@pytest.fixture
def note(draft, ada, therapist, practice):
    Credential.objects.create(user=therapist, kind="npi", number=NPI, recorded_by=therapist)
    PatientCondition.objects.filter(episode__patient=ada).update(
        onset_on=dt.date(2025, 9, 1), onset_precision="month", goal="Sleep through the night."
    )
    alerts.add(Coverage, ada, by=therapist, kind="commercial", payer="Example Health", member_id="EX-77")
    Override.objects.create(
        session=draft, rule="session-long", asked="Five hours?", reason="Timer left on.", by=therapist
    )
    return notes.signed(draft, billing_code="20560", billing_override_reason="Agreed with them.")


@pytest.mark.parametrize("name", ["session-print", "record-print"])
def test_what_a_payer_asks_for_stands_on_the_note(signed_in, therapist, note, name):
    text = shown(signed_in(therapist), name, {"session-print": note.ref}.get(name, note.patient.ref))
    today = f"{timezone.localdate():%b %-d, %Y}"
    condition = note.conditions.get()
    for said in (
        "<strong>Exampleton PT</strong> · NPI 1234567893",
        "North, 1 Sample Street, Exampleton, IL, (555) 555-0100",
        f"{condition.name}, right, ICD-10-CM {condition.icd10}",
        '<dt>CPT code</dt> <dd> 20560 <span class="meta">(Agreed with them.)',
        "Commercial plan, Example Health, member ID EX-77",
        "Since September 2025, goal: Sleep through the night.",
        f'<dt>Health questions</dt> <dd> Clear <span class="meta">(answered {today}, reviewed by',
        f"<dt>Consent</dt> <dd data-name> Given {today} by {note.consent.signer_name}, typed name",
        "NPI 1234567893, under",
        "Five hours? <strong>Timer left on.</strong>",
        'class="advice">Advice given: ',
    ):
        assert said in text, said


def test_the_payer_of_the_visit_is_printed_and_not_the_one_of_today(signed_in, therapist, note, ada):
    shift = dt.timedelta(days=90)
    Coverage.objects.update(
        noted_at=timezone.now() - shift, ended_at=timezone.now() + shift, ended_by=therapist
    )
    later = alerts.add(Coverage, ada, by=therapist, kind="medicare", payer="Newer Health")
    Coverage.objects.filter(pk=later.pk).update(noted_at=timezone.now() + shift)
    text = shown(signed_in(therapist), "session-print", note.ref)
    assert 'member ID EX-77 <span class="meta">(on file at the visit)' in text
    assert "Newer Health" not in text


def test_a_payer_that_was_noted_later_says_so(signed_in, therapist, ada, draft):
    note = notes.signed(draft)
    with time_machine.travel(timezone.now() + dt.timedelta(days=1), tick=True):
        alerts.add(Coverage, ada, by=therapist, kind="commercial", payer="Example Health")
        text = shown(signed_in(therapist), "session-print", note.ref)
    assert 'Example Health <span class="meta">(on file today)' in text


def test_every_set_of_health_questions_and_every_consent_is_printed(signed_in, therapist, ada):
    for days in range(8):
        at = timezone.now() - dt.timedelta(days=days)
        answers = {"pregnancy": "no", "blood-thinner": "yes"}
        factories.screening(ada, therapist, taken_at=at, answers=answers, reason=f"Reason {days}.")
        factories.consent(ada, therapist, signer_note=f"Signed on day {days}.")
    client = signed_in(therapist)
    with data_statements() as queries:
        text = shown(client, "record-print", ada.ref)
    assert len(queries) <= BUDGET, as_lines(queries)
    for days in range(8):
        assert f"Reason {days}." in text
        assert f"Signed on day {days}." in text
    # the words of one consent once, in full; the others name it
    assert text.count("the same words as above") == 7
    assert text.count("such as aspirin, warfarin or apixaban? <strong>Yes</strong>") == 8


def test_a_note_that_was_closed_unsigned_is_printed_whole(signed_in, therapist, lead, draft):
    add_measurement_and_advice(draft, therapist)
    after_signing.close_unsigned(draft, by=lead, reason="She left.", needles_checked=True)
    text = shown(signed_in(therapist), "record-print", draft.patient.ref)
    for said in (
        "Closed unsigned",
        "She left.",
        "Infraspinatus, right.",
        "Cervical rotation, left, active: 60 before",
        "Advice given: Drink",
    ):
        assert said in text, said


@pytest.mark.usefixtures("unlocked")
@pytest.mark.parametrize("text", ["no JSON", "{}"])
def test_a_note_whose_seal_cannot_be_read_is_printed_from_its_rows(signed_in, therapist, draft, text):
    note = notes.signed(draft)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE treatments_seal SET text = %s", [notes.stored("text", text)])
    text = shown(signed_in(therapist), "record-print", note.patient.ref)
    assert "This note differs from what was signed. Do not rely on it." in text
    assert "Infraspinatus, right." in text
    assert "Plan: Same in a week." in text


def add_measurement_and_advice(draft, therapist) -> None:
    factories.site(draft)
    Measurement.objects.create(
        session=draft, kind="rom", joint="Cervical", motion="rotation", side="left", before=60, after=75
    )
    advice = AftercareAdvice.objects.current().first()
    given = {"given_at": timezone.now(), "given_by": therapist}
    Aftercare.objects.create(session=draft, item=advice, text="Drink.", **given)
