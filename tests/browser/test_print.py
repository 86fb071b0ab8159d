"""Printed sheets name the patient and say whether the note is signed."""

import datetime as dt
import re

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from clinic.locks import triggers
from patients.models import Consent
from tests import factories
from tests.browser import practice, sheets
from tests.treatments import notes
from treatments.models import NeedlingSession

DRAFT = re.compile("Draft.{1,3}not signed")


@pytest.fixture
def leaves(open_page, therapist):
    """leaves(address) -> the text of each page that Chromium prints"""
    return lambda address: [sheet.text for sheet in sheets.printed(open_page(user=therapist), address)]


@pytest.fixture
def printed(leaves):
    """printed(address) -> the text of the sheet that Chromium prints"""
    return lambda address: " ".join(leaves(address))


def test_a_signed_session_names_the_patient_and_no_draft(printed, draft):
    note = notes.signed(draft)
    text = printed(reverse("treatments:session-print", args=[note.ref]))
    assert sheets.names_the_patient(text, note.patient)
    assert "Infraspinatus, right" in text
    assert not DRAFT.search(text)


def test_a_draft_says_so(printed, draft):
    text = printed(reverse("treatments:session-print", args=[draft.ref]))
    assert sheets.names_the_patient(text, draft.patient)
    assert DRAFT.search(text)


def test_a_draft_says_so_on_every_page(leaves, draft):
    type(draft).objects.filter(pk=draft.pk).update(note="Line\n" * 90)
    texts = leaves(reverse("treatments:session-print", args=[draft.ref]))
    assert len(texts) > 1
    assert all(DRAFT.search(text) for text in texts)


def test_the_patient_and_the_page_stand_on_every_sheet(leaves, draft):
    type(draft).objects.filter(pk=draft.pk).update(note="Line\n" * 90)
    for name, of in (("session-print", draft), ("record-print", notes.signed(draft).patient)):
        texts = leaves(reverse(f"treatments:{name}", args=[of.ref]))
        assert len(texts) > 1
        for number, text in enumerate(texts, start=1):
            assert sheets.names_the_patient(text, draft.patient), (name, number)
            assert f"Page {number} of {len(texts)}" in text


def test_trends_fill_their_sheets(open_page, ada, therapist):
    factories.condition(factories.episode(ada, therapist), therapist)
    for weeks in range(9, 0, -1):
        at = timezone.now() - dt.timedelta(weeks=weeks)
        session = practice.past_session(ada, therapist, at=at, pain=weeks)
        for muscle in ("ut", "ls"):
            factories.site(session, muscle)
        NeedlingSession.objects.filter(pk=session.pk).update(signed_at=session.ended_at, signed_by=therapist)
    printed = sheets.printed(open_page(user=therapist), reverse("treatments:trends", args=[ada.ref]))
    assert len(printed) == 2
    assert printed[0].fullness > sheets.A_THIRD
    text = " ".join(sheet.text for sheet in printed)
    # what is in columns of its own, the last of them once cut off
    assert re.search(r"Muscle Mean change Visits .*Upper trapezius R .*9", text)


def test_a_consent_is_printed_with_its_text_and_signature(printed, ada, therapist):
    statement = "I understand that dry needling is not acupuncture."
    consent = factories.consent(ada, therapist, statements=[statement])
    text = printed(reverse("patients:consent-print", args=[ada.ref, consent.pk]))
    assert sheets.names_the_patient(text, ada)
    assert statement in text
    assert consent.signer_name in text


def test_an_ordinary_note_and_a_consent_take_one_sheet(leaves, draft):
    """What is signed stands on the sheet of its words."""
    note = notes.signed(draft)
    consent = reverse("patients:consent-print", args=[note.patient.ref, note.consent.pk])
    assert len(leaves(reverse("treatments:session-print", args=[note.ref]))) == 1
    assert len(leaves(consent)) == 1
    triggers.drop(connection)
    Consent.objects.update(method=Consent.Method.DRAWN, signature="M10 10 L200 100 L300 20 L500 150")
    assert len(leaves(consent)) == 1


def test_a_record_is_printed_with_its_sessions(printed, draft):
    notes.signed(draft)
    text = printed(reverse("treatments:record-print", args=[draft.patient.ref]))
    assert sheets.names_the_patient(text, draft.patient)
    assert "Infraspinatus" in text


def test_a_printed_record_leaves_drafts_out(printed, draft):
    factories.site(draft)
    text = printed(reverse("treatments:record-print", args=[draft.patient.ref]))
    assert "Infraspinatus" not in text
    assert "Not printed: the draft of" in text
