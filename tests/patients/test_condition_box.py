"""The box that finds a condition: what it lists, what it proposes, and what it does without a script."""

import datetime as dt
import re

import pytest
from django.urls import reverse
from django.utils import timezone

from patients.models import Condition, ConditionName, DiagnosisFamily
from patients.selectors import conditions
from tests import factories
from tests.form_client import FormClient

pytestmark = pytest.mark.django_db
SEARCH = reverse("patients:condition-search")


@pytest.fixture
def page(signed_in, therapist, ada):
    return FormClient(signed_in(therapist)).open(reverse("patients:condition-add", args=[ada.ref]))


def found(text: str) -> list[str]:
    return [hit.condition.code for hit in conditions.search(text, on=timezone.localdate())]


def checked(text: str, name: str) -> list[str]:
    inputs = re.findall(rf'<input[^>]*name="{name}"[^>]*>', text)
    return [re.search(r'value="([^"]*)"', each)[1] for each in inputs if " checked" in each]


def test_words_that_are_sent_list_what_was_found_with_why(page):
    page.send("words", words="golfers elbow")

    assert "Found for “golfers elbow”" in page.text
    assert "also: golfer&#x27;s elbow" in page.text
    assert page.form("words").fields["words"].values == ["golfers elbow"]


def test_a_pressed_hit_goes_on_with_its_variant_and_side(page):
    page.send("words", words="sciatica left")
    page.send("words", press=("condition", "low-back-pain"))

    sciatica = DiagnosisFamily.objects.get(condition__code="low-back-pain", variant="sciatica")
    assert checked(page.text, "variant") == [str(sciatica.pk)]
    assert checked(page.text, "side") == ["left"]


def test_a_condition_from_the_whole_list_proposes_nothing(page):
    page.send("words", press=("condition", "low-back-pain"))

    assert (checked(page.text, "variant"), checked(page.text, "side")) == ([], [])


def test_the_script_goes_on_with_the_first_hit(page, ada, signed_in, therapist):
    answer = signed_in(therapist).post(page.path, {"words": "m7712", "first": "on"})

    assert answer.status_code == 200
    assert "<h1>Tennis elbow</h1>" in answer.content.decode()
    assert checked(answer.content.decode(), "side") == ["left"]


def test_nothing_found_says_so_keeps_the_words_and_shows_the_whole_list(page):
    page.try_to_send("words", words="xyzzyq <b>")

    assert page.page.status_code == 200
    assert "Nothing found for “xyzzyq &lt;b&gt;”" in page.text
    assert page.form("words").fields["words"].values == ["xyzzyq <b>"]
    listed = [value for name, value in page.form("words").buttons if name == "condition"]
    assert set(listed) == set(Condition.objects.current().values_list("code", flat=True))


@pytest.mark.parametrize(
    ("sent", "message"),
    [
        ({"words": "  "}, "Type what the condition is called"),
        ({"words": "x" * 121}, "120 fit"),
        ({"condition": "broken-heart"}, "That condition is not in the list."),
    ],
)
def test_what_leads_nowhere_is_refused_at_the_box(page, signed_in, therapist, sent, message):
    answer = signed_in(therapist).post(page.path, sent)

    assert answer.status_code == 422
    assert message in answer.content.decode()
    assert 'href="#id_words"' in answer.content.decode()


def test_while_somebody_types_the_hits_come_as_data(signed_in, therapist):
    hits = signed_in(therapist).post(SEARCH, {"words": "jumpers knee rt"}).json()["hits"]

    assert hits[0] == {"code": "patellar-tendinopathy", "label": hits[0]["label"], "why": "Right"}
    assert hits[0]["label"].startswith("Jumper's knee · Patellar tendinopathy")


def test_two_conditions_of_one_name_are_told_apart_by_their_codes(page, signed_in, therapist):
    for code in ("own-runners-1", "own-runners-2"):
        factories.own_condition(code, name="Runners hip", patient_term="Runners hip")

    hits = signed_in(therapist).post(SEARCH, {"words": "runners hip"}).json()["hits"]

    labels = ["Runners hip (own-runners-1)", "Runners hip (own-runners-2)"]
    assert [hit["label"] for hit in hits[:2]] == labels
    page.open(page.path)
    for label in labels:
        assert f">{label}</button>" in page.text
    assert "(low-back-pain)" not in page.text


def test_a_name_that_left_the_file_finds_nothing_any_more():
    assert found("lumbalgia")[0] == "low-back-pain"
    ConditionName.objects.filter(name="lumbalgia").update(retired_at=timezone.now())

    assert "lumbalgia" not in [hit.also for hit in conditions.search("lumbalgia", on=timezone.localdate())]


def test_a_code_is_found_on_the_days_when_it_is_valid():
    DiagnosisFamily.objects.filter(condition__code="cervicogenic-headache", variant="cervicogenic").update(
        valid_to=dt.date(2026, 9, 30)
    )

    hits = conditions.search("G44.86", on=dt.date(2026, 9, 30))
    assert [hit.condition.code for hit in hits] == ["cervicogenic-headache"]
    assert conditions.search("G44.86", on=dt.date(2026, 10, 1)) == []


def test_a_condition_that_left_the_list_is_not_found():
    Condition.objects.filter(code="fibromyalgia").update(retired_at=timezone.now())

    assert "fibromyalgia" not in found("fibromyalgia")


def test_an_aim_of_treatment_may_have_a_code_or_none(page):
    page.send("words", press=("condition", "decreased-range-of-movement"))

    assert checked(page.text, "variant") == [""]
    assert "No code" in page.text
    assert "M25.661" in page.text
