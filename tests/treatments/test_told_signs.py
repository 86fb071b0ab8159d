"""A warning sign that a caller wrote into the note is asked by itself before the call is filed."""

import uuid

import pytest
from django.urls import reverse

from tests import factories
from treatments.models import ContactAttempt, FollowUp, RedFlag, SorenessReport, WarningSign
from treatments.rules.followups import told_signs

TOLD = [
    ("can't catch my breath", "breathless"),
    ("Says she can’t catch her breath since noon", "breathless"),
    ("pt SOB on stairs", "breathless"),
    ("he cannot breathe well", "breathless"),
    ("Trouble breathing, no fever", "breathless"),
    ("NO FEVER. SHORT OF BREATH", "breathless"),
    ("not sleeping and out of breath", "breathless"),
    ("no fever and short of breath", "breathless"),
    ("doesn't get enough air", "breathless"),
    ("me falta el aire", "breathless"),
    ("chest feels tight", "chest-pain"),
    ("sharp pain in her chest", "chest-pain"),
    ("coughed up blood this morning", "coughing-blood"),
    ("husband says she passed out", "fainted"),
    ("his speech is slurred", "one-side-weak"),
    ("can’t pee", "bladder-bowel"),
    ("worst headache ever", "severe-headache"),
    ("a bit confused", "infection-grave"),
    ("fingers are numb", "numb-weak"),
    ("pins and needles in the hand", "numb-weak"),
    ("can't walk right", "trouble-walking"),
    ("the bruise is getting bigger", "growing-bruise"),
    ("calf is swollen", "calf-swelling"),
    ("dry cough", "dry-cough"),
    ("pain at the tip of the shoulder", "shoulder-tip"),
    ("feverish last night", "infection"),
    ("the spot is oozing pus", "infection"),
]
DENIED = [
    "",
    "slept well, a little sore",
    "left our number",
    "no trouble breathing",
    "Denies fever or chest pain",
    "not short of breath",
    "no signs of any fever, feels good",
    "no numbness or weakness",
    "sore after a week, pushed through",
    "wants to know about the faint bruise",
    "the breathing exercises help",
]


def codes(text: str) -> list[str]:
    return [sign.code for sign in told_signs.told(text)]


@pytest.mark.parametrize(("note", "code"), TOLD)
def test_a_sign_is_found_in_the_words_of_patients(note, code):
    assert codes(note) == [code]


@pytest.mark.parametrize("note", DENIED)
def test_a_sign_that_is_denied_or_not_told_is_not_asked_again(note):
    assert codes(note) == []


def test_several_signs_are_found_at_once_in_the_order_of_the_questions():
    note = "fever, numb fingers, and short of breath"
    assert codes(note) == ["breathless", "numb-weak", "infection"]


@pytest.mark.django_db
def test_every_sign_that_a_note_may_tell_is_one_that_is_asked():
    asked = set(WarningSign.objects.current().values_list("code", flat=True))
    assert {code for _note, code in TOLD} <= asked
    assert set(told_signs.CODES) <= asked


@pytest.fixture
def due(draft):
    factories.site(draft)
    return factories.followup(draft)


def post(client, followup, page="answer", **fields):
    url = reverse(f"treatments:followup-{page}", args=[followup.ref])
    return client.post(url, {"form_key": uuid.uuid4().hex, **fields})


@pytest.fixture
def desk(signed_in, reception):
    return signed_in(reception)


WELL = {"result": "spoke", "now": "2", "none_of_these": "on", "note": "can’t catch my breath"}


@pytest.mark.django_db
def test_none_of_these_does_not_close_a_call_whose_note_tells_a_sign(desk, due):
    response = post(desk, due, **WELL)

    assert response.status_code == 422
    assert set(response.context["form"].errors) == {"sign_breathless"}
    assert "The note says “catch my breath”." in response.content.decode()
    assert not SorenessReport.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize(("said", "triage"), [("yes", "urgent"), ("no", "expected")])
def test_the_sign_that_the_note_tells_is_decided_by_whoever_asks(desk, due, said, triage):
    assert post(desk, due, **WELL, sign_breathless=said).status_code == 302

    assert SorenessReport.objects.get().triage == triage
    assert RedFlag.objects.exists() == (triage == "urgent")


@pytest.mark.django_db
def test_what_somebody_else_says_on_the_phone_is_asked_as_well(desk, due):
    note = {"result": "someone_else", "note": "son: she passed out"}

    assert post(desk, due, **note).status_code == 422
    assert not ContactAttempt.objects.exists()
    assert post(desk, due, **note, sign_fainted="yes").status_code == 302
    assert RedFlag.objects.exists()


@pytest.mark.django_db
def test_another_sign_is_filed_at_once_and_the_told_one_is_asked_after_it(desk, due):
    response = post(desk, due, **{**WELL, "sign_infection": "yes"})

    assert (response.status_code, RedFlag.objects.count()) == (422, 1)
    assert "sign_breathless" in response.context["form"].errors


@pytest.mark.django_db
def test_a_call_is_not_closed_without_answers_on_words_that_tell_a_sign(desk, due):
    ends = {"outcome": "unreachable", "reason": "wife: he went to the ER with chest pain"}

    response = post(desk, due, "close", **ends)

    assert response.status_code == 422
    assert "chest pain" in str(response.context["form"].errors["reason"])
    assert not FollowUp.objects.exclude(closed_at=None).exists()


@pytest.mark.django_db
def test_a_call_whose_sign_is_on_file_is_closed_in_any_words(signed_in, therapist, desk, due):
    post(desk, due, result="spoke", sign_breathless="yes")
    FollowUp.objects.update(closed_at=None, closed_by=None, outcome="")

    ends = {"outcome": "answered", "reason": "was short of breath, seen in the ER, no pneumothorax"}
    assert post(signed_in(therapist), due, "close", **ends).status_code == 302


def test_a_long_note_is_read_at_once():
    """A note is at most 10,000 characters long."""
    assert codes("cough " * 1_600 + "numb") == ["numb-weak", "dry-cough"]
