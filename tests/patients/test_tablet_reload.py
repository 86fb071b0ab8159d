"""What is typed on the tablet is held on the server, so that a reload of the page shows it again."""

import pytest
from django.urls import reverse

from clinic.models import AuditEvent
from patients.models import Consent, Handover, Screening
from tests.patients.posted_answers import consent_answers

pytestmark = pytest.mark.django_db


def page(step: int) -> str:
    return reverse("patients:handover-step", args=[step])


@pytest.fixture
def answering(ada, reception, signed_in):
    """The tablet with health questions."""
    client = signed_in(reception)
    client.post(reverse("patients:screening-hand-over", args=[ada.ref]), {"kind": "intake"})
    return client


@pytest.fixture
def signing(ada, reception, therapist, signed_in):
    """The tablet with a consent."""
    client = signed_in(reception)
    client.post(reverse("patients:consent-start", args=[ada.ref]), {"therapist": therapist.pk})
    return client


def test_an_answer_that_was_not_sent_survives_a_reload(answering):
    typed = {"answer-willing": "yes", "detail-needle-fear": "since school", "hold": "1"}

    held = answering.post(page(2), typed)

    assert (held.status_code, held.content) == (204, b"")
    reloaded = answering.get(page(2))
    assert "since school" in reloaded.text
    assert reloaded.text.count(" checked") == 1
    assert not Screening.objects.exists()


@pytest.mark.parametrize(
    ("step", "typed", "shown"),
    [
        (2, {"signer": "patient", "signer_name": "Ada Ex"}, 'value="Ada Ex"'),
        (2, {"signer_name": "", "drawn": "10,20 30,40 50,60;70,80 90,100"}, "10,20 30,40"),
        (2, {"signer_name": "Ada Miller", "signer_note": "married"}, "married"),
        (3, {"reason": "I would rather not"}, "I would rather not"),
        (1, {"regions": ["back"]}, "checked"),
    ],
)
def test_a_consent_that_was_begun_survives_a_reload(signing, step, typed, shown):
    if step == 2:
        signing.post(page(1), consent_answers())
    before = signing.get(page(step)).text.count(shown)

    assert signing.post(page(step), {**typed, "hold": "1"}).status_code == 204

    assert signing.get(page(step)).text.count(shown) == before + 1
    assert not Consent.objects.exists()


def test_holding_is_no_event_and_changes_nothing_once_it_was_sent(signing):
    signing.post(page(1), consent_answers())
    signing.post(page(2), {"signer": "patient", "signer_name": "Ada Examplewood"})
    events = AuditEvent.objects.count()

    signing.post(page(2), {"signer_name": "late", "hold": "1"})

    assert Handover.objects.get().draft == {}
    assert (AuditEvent.objects.count(), Consent.objects.count()) == (events, 1)


def test_the_pages_that_are_typed_in_are_held_and_no_sign_in_is(answering, signing):
    assert "data-hold" in answering.get(page(1)).text
    assert "data-hold" in signing.get(page(1)).text
    assert "data-hold" not in signing.get(reverse("patients:handover-return")).text
