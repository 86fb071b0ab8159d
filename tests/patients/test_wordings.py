"""The words of questions stand once, version by version; answers show the words in which they were asked."""

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from patients.actions import screenings, wordings
from patients.models import QuestionWording, Screening, ScreeningItem
from patients.rules import screenings as screenings_rules
from patients.rules.screenings import GivenAnswer
from patients.rules.wordings import Answered, packed, unpacked, words_of
from patients.selectors import screenings as screenings_selectors
from tests.patients.posted_answers import answers_without_concern
from treatments.models import WarningSign

pytestmark = pytest.mark.django_db

HEALTH, WARNING_SIGN = QuestionWording.Catalogue.HEALTH, QuestionWording.Catalogue.WARNING_SIGN
OLD, NEW = "Do you carry a device under the skin?", "Is anything electric implanted in you?"
REGION = st.fixed_dictionaries({"region": st.text(max_size=8), "side": st.sampled_from(["left", "right"])})
ANSWERS = st.builds(
    Answered,
    code=st.from_regex(r"[a-z]+(-[a-z0-9]+){0,3}", fullmatch=True),
    version=st.integers(1, 32_767),
    answer=st.sampled_from(Screening.Answer.values),
    level=st.sampled_from(["", "clear", "caution", "stop"]),
    detail=st.text(max_size=30),
    regions=st.lists(REGION, max_size=3).map(tuple),
)


def take(ada, therapist, **answers) -> Screening:
    form = answers_without_concern(**answers)
    return screenings.take(
        ada,
        by=therapist,
        kind="intake",
        source="staff",
        answers={item.code: GivenAnswer(form[f"answer-{item.code}"]) for item in asked()},
    )


def asked():
    return ScreeningItem.objects.current().filter(kind="intake")


def reword(text: str, code: str = "pacemaker") -> None:
    """A release of the catalogue changes the question."""
    ScreeningItem.objects.filter(code=code).update(question=text)
    wordings.publish(ScreeningItem.objects, catalogue=HEALTH)


def version_in(screening: Screening, code: str = "pacemaker") -> int:
    return next(each.version for each in screenings_rules.answered(screening) if each.code == code)


def versions(code: str = "pacemaker") -> list[int]:
    return [row.version for row in QuestionWording.objects.filter(catalogue=HEALTH, code=code)]


@pytest.mark.parametrize(("catalogue", "model"), [(HEALTH, ScreeningItem), (WARNING_SIGN, WarningSign)])
def test_every_question_has_its_words_in_a_new_database(catalogue, model):
    worded = QuestionWording.objects.filter(catalogue=catalogue, version=1).values_list("code", "text")

    assert dict(worded) == dict(model.objects.current().values_list("code", "question"))


@given(st.lists(ANSWERS, unique_by=lambda each: each.code, max_size=5))
def test_packed_answers_come_back_as_they_were(answers):
    assert unpacked(packed(answers)) == answers


def test_a_question_is_answered_once():
    with pytest.raises(ValueError, match="one answer"):
        packed([Answered("pacemaker", 1, "no"), Answered("pacemaker", 2, "yes")])


def test_an_answer_whose_words_are_gone_shows_by_its_code():
    words = [{"code": "pacemaker", "version": 1, "text": "Do you?"}]

    assert words_of(Answered("pacemaker", 1, "no"), words) == "Do you?"
    assert words_of(Answered("pacemaker", 2, "no"), words) == "pacemaker"


@pytest.mark.parametrize("answer", ["yes", "no"])
def test_an_old_answer_shows_its_words_after_the_question_changed(ada, therapist, signed_in, answer):
    reword(OLD)
    old = take(ada, therapist, pacemaker=answer)
    reword(NEW)
    new = take(ada, therapist, pacemaker=answer)
    client = signed_in(therapist)

    pages = [
        client.get(reverse("patients:screening", args=[ada.ref, row.pk])).content.decode()
        for row in (old, new)
    ]

    assert (version_in(old), version_in(new)) == (2, 3)
    assert [(OLD in page, NEW in page) for page in pages] == [(True, False), (False, True)]


def test_what_did_not_change_gets_no_new_version():
    before = QuestionWording.objects.count()

    reword(NEW)

    assert QuestionWording.objects.count() == before + 1


def test_words_that_return_are_the_version_that_they_were(ada, therapist):
    first = ScreeningItem.objects.get(code="pacemaker").question
    reword(NEW)
    reword(first)

    assert versions() == [1, 2]
    assert version_in(take(ada, therapist)) == 1


def test_an_answer_to_words_that_nobody_published_has_its_words(ada, therapist):
    ScreeningItem.objects.filter(code="pacemaker").update(question=NEW)

    screening = take(ada, therapist)

    assert version_in(screening) == 2
    shown = {row.item.code: row.question for row in screenings_selectors.answers_of(screening)}
    assert shown["pacemaker"] == NEW


def test_recorded_answers_come_in_the_order_of_the_questions(ada, therapist):
    screening = take(ada, therapist, pacemaker="yes", pregnant="unknown")

    assert [row.item for row in screenings_selectors.answers_of(screening)] == list(asked())
    assert [entry.split(" ")[0] for entry in screening.concerns] == [
        item.code for item in asked() if item.code in ("pacemaker", "pregnant")
    ]
