"""What was signed shows who it was when it was signed, and beside it who it is now. On page and paper."""

import datetime as dt
import importlib

import pytest
from django.apps import apps
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from clinic import audit, formats
from clinic.models import User
from patients.actions import consents, patients
from patients.models import Consent
from tests import factories
from tests.treatments import notes
from treatments.actions.record import amendments
from treatments.actions.signing import after_signing, cosigning
from treatments.models import Addendum, ErrorMark

pytestmark = pytest.mark.django_db

RENAMED = "Maria Lund, PT (now Maria Winter, DPT)"
PATIENT = "Examplewood, Ada (now Winterbourne, Ada)"


def rename(person: User) -> None:
    User.objects.filter(pk=person.pk).update(last_name="Winter", display_credentials="DPT")


def change_patient(patient, by) -> None:
    patients.change(patient, by=by, family_name="Winterbourne", born=dt.date(1990, 1, 2))


@pytest.fixture
def note(draft):
    return notes.signed(draft)


def shown(client, url: str) -> str:
    return " ".join(client.get(url).content.decode().split())


@pytest.mark.parametrize("page", ["session", "session-print"])
def test_a_note_names_its_signer_and_patient_as_they_were(
    signed_in, therapist, other_therapist, reception, ada, note, page
):
    born = formats.day(ada.born)
    url = reverse(f"treatments:{page}", args=[note.ref])
    assert "(now " not in shown(signed_in(other_therapist), url)
    rename(therapist)
    change_patient(ada, reception)
    text = shown(signed_in(other_therapist), url)
    assert RENAMED in text
    # on paper in the head of each sheet too
    assert text.count(f"{PATIENT} · born {born} (now Jan 2, 1990)") == (2 if page == "session-print" else 1)
    assert "Signed by Maria Lund, PT" in text
    assert "Maria Lund, PT signed this note." in text


def test_what_follows_a_note_names_its_writer_as_they_were(signed_in, therapist, lead, note):
    after_signing.addend(note, by=therapist, kind="addendum", reason="forgotten", text="Bled a little.")
    asked = after_signing.addend(
        note, by=therapist, kind="patient_request", reason="asked", text="Wrong side."
    )
    amendments.answer(asked, by=therapist, accepted=True, text="Corrected.")
    after_signing.mark_error(note, by=therapist, reason="Twice.")
    rename(therapist)
    for page in ("session", "session-print"):
        text = shown(signed_in(lead), reverse(f"treatments:{page}", args=[note.ref]))
        # the therapist, two addenda, the answer, and the mark
        assert text.count(RENAMED) >= 5, page
    chart = shown(signed_in(lead), reverse("treatments:record-print", args=[note.patient.ref]))
    assert chart.count(RENAMED) >= 4
    answer = shown(signed_in(lead), reverse("treatments:amendment-answer", args=[note.ref, asked.pk]))
    assert f"{RENAMED} · reason: asked" in answer
    # the patient's request, and its answer
    assert answer.count(RENAMED) == 2


def test_a_co_signature_names_its_supervisor_as_they_were(signed_in, therapist, other_therapist, draft):
    draft.supervisor = other_therapist
    draft.save(update_fields=["supervisor"])
    note = notes.signed(draft)
    cosigning.cosign(note, by=other_therapist, proved=True, addenda_seen=0, statement="Present.")
    User.objects.filter(pk=other_therapist.pk).update(last_name="Sommer")
    text = shown(signed_in(therapist), note.get_absolute_url())
    assert "Jo Berg, PT (now Jo Sommer, PT) · supervised this session" in text
    assert "supervised by Jo Berg, PT (now Jo Sommer, PT)" in text


def test_who_co_signs_reads_whose_note_it_was(signed_in, therapist, other_therapist, reception, draft, ada):
    draft.supervisor = other_therapist
    draft.save(update_fields=["supervisor"])
    note = notes.signed(draft)
    after_signing.addend(note, by=therapist, kind="addendum", reason="forgotten", text="Bled a little.")
    rename(therapist)
    change_patient(ada, reception)
    text = shown(signed_in(other_therapist), reverse("treatments:session-cosign", args=[note.ref]))
    assert f"{RENAMED} · note" in text
    assert f"{RENAMED}:" in text, "the addendum"
    assert PATIENT in text


def test_the_chart_on_paper_says_whom_a_note_was_signed_for(signed_in, therapist, reception, ada, note):
    born = formats.day(ada.born)
    url = reverse("treatments:record-print", args=[ada.ref])
    assert "Signed for" not in shown(signed_in(therapist), url)
    change_patient(ada, reception)
    assert f"Signed for Examplewood, Ada, born {born}." in shown(signed_in(therapist), url)


@pytest.mark.parametrize("page", ["consent", "consent-print"])
def test_a_consent_names_the_people_as_they_were(signed_in, therapist, reception, ada, page):
    born = formats.day(ada.born)
    given = consents.record_paper(
        ada, by=reception, paper_on=timezone.localdate(), paper_place="Cabinet A", regions=["back"],
        signer="patient", signer_name="Ada Examplewood", therapist=therapist,
    )  # fmt: skip
    consents.withdraw(given, by=therapist, reason="Moved.")
    rename(therapist)
    User.objects.filter(pk=reception.pk).update(last_name="Hall")
    change_patient(ada, reception)
    text = shown(signed_in(therapist), reverse(f"patients:{page}", args=[ada.ref, given.pk]))
    assert PATIENT in text
    assert f"born {born} (now Jan 2, 1990)" in text
    assert text.count(RENAMED) == 2
    assert "Robin Hale (now Robin Hall)" in text


def test_a_consent_on_paper_says_in_its_head_and_its_body_for_whom_it_was_given(
    signed_in, therapist, reception, ada
):
    born = formats.day(ada.born)
    given = factories.consent(ada, therapist)
    change_patient(ada, reception)
    text = shown(signed_in(therapist), reverse("patients:consent-print", args=[ada.ref, given.pk]))
    assert f"<strong>{PATIENT}</strong> · born {born} (now Jan 2, 1990)" in text
    assert f"<p> <bdi data-name>Examplewood, Ada</bdi>, born {born}, {ada.ref}" in text


def test_a_consent_names_its_witness_and_who_gave_a_copy_as_they_were(signed_in, therapist, ada):
    given = factories.consent(ada, therapist)
    consents.give_copy(given, by=therapist, how="printed")
    rename(therapist)
    text = shown(signed_in(therapist), reverse("patients:consent", args=[ada.ref, given.pk]))
    # the witness, the therapist, and who gave the copy
    assert f"<dt>Witness</dt><dd>{RENAMED}</dd>" in text
    assert text.count(RENAMED) == 3


def test_a_refused_consent_names_who_noted_it(signed_in, therapist, ada):
    refused = consents.refuse(ada, by=therapist, reason="No needles.")
    rename(therapist)
    text = shown(signed_in(therapist), reverse("patients:consent", args=[ada.ref, refused.pk]))
    assert f"noted by {RENAMED}" in text


def test_rows_of_before_are_filled_from_the_audit_or_from_the_present(
    unlocked, admin, signed_in, therapist, reception, ada, note
):
    """A row that an older release wrote: the audit of later changes says what stood at the time."""
    given = factories.consent(ada, therapist)
    addendum = after_signing.addend(note, by=therapist, kind="addendum", reason="x", text="y")
    other = factories.consent(factories.patient(reception), therapist)
    born = ada.born
    change_patient(ada, reception)
    _rename_in_the_administration(therapist, admin)
    Addendum.objects.update(written_by_name="")
    Consent.objects.update(therapist_name="", patient_name="?", patient_born=dt.date(1900, 1, 1))

    for name in (
        "patients.migrations.0007_consents_of_before_say_who_signed",
        "treatments.migrations.0015_what_followed_a_note_says_its_writer",
    ):
        importlib.import_module(name).fill(apps, None)

    for row in (given, addendum, other):
        row.refresh_from_db()
    assert (given.patient_name, given.patient_born) == ("Examplewood, Ada", born)
    assert given.therapist_name == addendum.written_by_name == "Maria Lund, PT"
    assert other.patient_name == other.patient.listed_name


def _rename_in_the_administration(person, admin) -> None:
    rename(person)
    changes = {"last_name": ["Lund", "Winter"], "display_credentials": ["PT", "DPT"]}
    with transaction.atomic():
        audit.record("admin.changed", person, by=admin, changes=changes)


def test_a_row_keeps_the_name_of_its_writer(therapist, lead, note):
    after_signing.addend(note, by=therapist, kind="addendum", reason="x", text="y")
    after_signing.mark_error(note, by=lead, reason="Twice.")
    assert Addendum.objects.get().written_by_name == "Maria Lund, PT"
    assert ErrorMark.objects.get().marked_by_name == "Hana Oduya"
