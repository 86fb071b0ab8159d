"""Printed sheets name the patient and say whether the note is signed."""

import io
import re

import pytest
from django.urls import reverse
from pypdf import PdfReader

from tests import factories
from tests.treatments import notes

DRAFT = re.compile("Draft.{1,3}not signed")


@pytest.fixture
def leaves(open_page, therapist):
    """leaves(address) -> the text of each page that Chromium prints"""

    def texts_of(address: str) -> list[str]:
        page = open_page(user=therapist)
        page.goto(address)
        sheet = PdfReader(io.BytesIO(page.pdf()))
        return [re.sub(r"\s+", " ", leaf.extract_text()) for leaf in sheet.pages]

    return texts_of


@pytest.fixture
def printed(leaves):
    """printed(address) -> the text of the sheet that Chromium prints"""
    return lambda address: " ".join(leaves(address))


def names_the_patient(text: str, patient) -> bool:
    """Name, birth date and reference stand on the sheet."""
    born = f"{patient.born.day} {patient.born:%b %Y}"
    return patient.family_name.casefold() in text.casefold() and born in text and patient.ref in text


def test_a_signed_session_names_the_patient_and_no_draft(printed, draft):
    note = notes.signed(draft)
    text = printed(reverse("treatments:session-print", args=[note.ref]))
    assert names_the_patient(text, note.patient)
    assert "Infraspinatus, right" in text
    assert not DRAFT.search(text)


def test_a_draft_says_so(printed, draft):
    text = printed(reverse("treatments:session-print", args=[draft.ref]))
    assert names_the_patient(text, draft.patient)
    assert DRAFT.search(text)


def test_a_draft_says_so_on_every_page(leaves, draft):
    type(draft).objects.filter(pk=draft.pk).update(note="Line\n" * 90)
    texts = leaves(reverse("treatments:session-print", args=[draft.ref]))
    assert len(texts) > 1
    assert all(DRAFT.search(text) for text in texts)


def test_a_consent_is_printed_with_its_text_and_signature(printed, ada, therapist):
    statement = "I understand that dry needling is not acupuncture."
    consent = factories.consent(ada, therapist, statements=[statement])
    text = printed(reverse("patients:consent-print", args=[ada.ref, consent.pk]))
    assert names_the_patient(text, ada)
    assert statement in text
    assert consent.signer_name in text


def test_a_record_is_printed_with_its_sessions(printed, draft):
    notes.signed(draft)
    text = printed(reverse("treatments:record-print", args=[draft.patient.ref]))
    assert names_the_patient(text, draft.patient)
    assert "Infraspinatus" in text


def test_a_printed_record_leaves_drafts_out(printed, draft):
    factories.site(draft)
    text = printed(reverse("treatments:record-print", args=[draft.patient.ref]))
    assert "Infraspinatus" not in text
    assert "Not printed: the draft of" in text
