"""Medicare's notices around a session: before it, beside its code, in the signed note and on paper."""

import datetime as dt
import re

import pytest
from django.urls import reverse
from django.utils import timezone

from patients.actions import alerts
from patients.models import Coverage, NonCoverageNotice
from tests import factories
from tests.treatments import notes
from treatments.actions.signing import signature
from treatments.rules.signing import seal as seal_rules

SOON = dt.timedelta(days=30)


@pytest.fixture
def insured(ada, therapist):
    return alerts.add(Coverage, ada, by=therapist, kind="medicare")


def notice(patient, by, *, ago=dt.timedelta(hours=3), **fields) -> NonCoverageNotice:
    given_at = timezone.now() - ago
    given_on = timezone.localdate(given_at)
    course = {"for_on": given_on, "until_on": given_on + SOON, "items": "Needling", "reason": "Not paid"}
    columns = {"kind": "voluntary", "given_at": given_at, "given_on": given_on, **course, **fields}
    return NonCoverageNotice.objects.create(patient=patient, noted_by=by, **columns)


def opening(client, patient):
    return client.get(reverse("treatments:session-open", args=[patient.ref]))


def test_a_missing_notice_is_said_before_the_session_is_opened(ada, insured, signed_in, therapist):
    page = opening(signed_in(therapist), ada)

    assert "medicare-non-coverage" in {reason.code for reason in page.context["cautions"]}
    assert "Record a notice" in page.content.decode()
    assert f"/patients/{ada.ref}/alerts/#s-notice" in page.content.decode()


def test_a_notice_that_stands_is_not_asked_for(ada, insured, signed_in, therapist):
    factories.visit(ada, therapist)
    notice(ada, therapist, ago=dt.timedelta(0))

    page = opening(signed_in(therapist), ada)

    assert not {reason.code for reason in page.context["cautions"]} & {"medicare-non-coverage", "notice-over"}


def test_a_change_since_a_notice_asks_for_a_new_one(ada, insured, signed_in, therapist):
    notice(ada, therapist, ago=dt.timedelta(days=3))
    factories.condition(factories.episode(ada, therapist), therapist)

    page = opening(signed_in(therapist), ada)

    assert "notice-before-a-change" in {reason.code for reason in page.context["cautions"]}


def test_a_patient_who_declined_in_writing_is_not_needled(ada, insured, signed_in, therapist):
    notice(ada, therapist, kind="mandatory", option="3", is_signed=True, form_expires_on=dt.date(2029, 3, 31))

    page = opening(signed_in(therapist), ada).content.decode()

    assert "they do not want dry needling" in page


@pytest.mark.parametrize(
    ("fields", "words", "why"),
    [
        (None, "GY", "no notice was given"),
        ({}, "GX GY", "A voluntary notice was given"),
        ({"ago": dt.timedelta(0)}, "GY", "came after it began"),
    ],
)
def test_the_modifiers_are_shown_and_sealed_with_their_reason(
    draft, ada, insured, signed_in, therapist, fields, words, why
):
    if fields is not None:
        notice(ada, therapist, **{"for_on": timezone.localdate() - SOON, **fields})
    client = signed_in(therapist)

    ready = notes.ready(draft)
    for name in ("session", "session-sign"):
        page = client.get(reverse(f"treatments:{name}", args=[draft.ref])).content.decode()
        assert set(words.split()) <= set(re.split(r"[<>\s]+", page)), name
        assert why in page, name

    note = signature.sign(ready, by=therapist, proved=True, identity_checked=True)
    sealed = seal_rules.read(note.seal)["locked"]["session"]
    assert (sealed["billing_modifiers"], note.billing_modifiers) == (words, words)
    assert why in sealed["billing_modifiers_reason"]
    for name, ref in (("session", note.ref), ("session-print", note.ref), ("record-print", ada.ref)):
        page = client.get(reverse(f"treatments:{name}", args=[ref])).content.decode()
        assert "Modifiers" in page, name
        assert words in page, name
        assert why in page, name


def test_a_note_of_somebody_else_has_no_modifiers(draft, signed_in, therapist):
    note = notes.signed(draft)

    page = signed_in(therapist).get(note.get_absolute_url()).content.decode()

    assert (note.billing_modifiers, note.billing_modifiers_reason) == ("", "")
    assert "Modifiers" not in page


def test_the_notices_stand_in_the_printed_chart(draft, ada, insured, signed_in, therapist):
    notice(ada, therapist, estimated_cost=60)

    page = signed_in(therapist).get(reverse("treatments:record-print", args=[ada.ref])).content.decode()

    assert "<dt>Voluntary notice</dt>" in page
    assert "estimated $60.00" in page
