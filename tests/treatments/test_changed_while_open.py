"""What is changed in the lists while a draft is open: the note is read as it is sealed, limits ask anew."""

import datetime as dt

import pytest
from django.utils import timezone

from tests.treatments import notes
from treatments.actions.signing import signature
from treatments.actions.sites import prompts
from treatments.models import AftercareAdvice, Muscle
from treatments.rules.session import draft_parts
from treatments.rules.signing import reading
from treatments.selectors.session import draft as drafts
from treatments.selectors.sites import depth_limits

pytestmark = pytest.mark.django_db


@pytest.fixture
def ready(draft):
    return notes.ready(draft)


def advice_of(session) -> list[str]:
    return reading.unsealed_note(drafts.whole(session.pk)).advice


def given(session) -> AftercareAdvice:
    return session.aftercare.filter(item__place="").first().item


@pytest.mark.parametrize("changes", [{"text": "Rest for two days."}, {"retired_at": timezone.now()}])
def test_advice_is_read_and_sealed_as_it_was_given(ready, therapist, changes):
    before = advice_of(ready)
    item = given(ready)
    AftercareAdvice.objects.filter(pk=item.pk).update(**changes)

    assert item.text.rstrip(".") in before[0]
    assert "Rest for two days" not in before[0]
    assert advice_of(ready) == before
    note = signature.sign(ready, by=therapist, proved=True, identity_checked=True)
    assert before[0] in note.seal.text


def test_advice_that_was_given_can_be_taken_back_once_it_is_retired(ready, therapist, signed_in):
    item = given(ready)
    AftercareAdvice.objects.filter(pk=item.pk).update(retired_at=timezone.now())

    form = signed_in(therapist).get(ready.get_absolute_url()).context["form"]

    assert form.fields[f"advice-{item.code}"].label == item.text


def test_retired_advice_that_was_not_given_is_not_offered(ready, therapist, signed_in):
    item = AftercareAdvice.objects.current().filter(place="").last()
    AftercareAdvice.objects.filter(pk=item.pk).update(retired_at=timezone.now())

    form = signed_in(therapist).get(ready.get_absolute_url()).context["form"]

    assert f"advice-{item.code}" not in form.fields


def asked(session) -> set[str]:
    draft = drafts.whole(session.pk)
    return {prompt.rule for prompt in draft_parts.prompts_for(draft) if prompt.key not in draft.answers}


def test_a_limit_that_is_lowered_asks_at_sites_that_stand_and_once_more_for_the_next(ready, therapist):
    key = ready.sites.get().key
    assert not asked(ready)

    notes.approve_limit("is", 15)
    assert asked(ready) == {"depth-over-limit"}
    prompts.answer_prompt(ready, by=therapist, rule="depth-over-limit", reason="Before the change.", key=key)
    assert not asked(ready)

    notes.approve_limit("is", 12)
    assert asked(ready) == {"depth-over-limit"}


def test_a_limit_that_is_taken_away_asks_by_what_is_published(ready):
    Muscle.objects.filter(code="is").update(depth_limit_mm=None, limit_approved_by="", limit_approved_on=None)

    assert asked(ready) == {"depth-over-published"}


@pytest.mark.parametrize(("approved_days_ago", "changed_days_ago", "stands"), [
    (9, 10, True), (9, 9, True), (9, 8, False), (9, 0, False), (0, 0, True),
])  # fmt: skip
def test_a_limit_is_not_approved_for_a_muscle_that_was_changed_since(
    ready, approved_days_ago, changed_days_ago, stands
):
    today, day = timezone.now(), dt.timedelta(days=1)
    muscle = Muscle.objects.filter(code="is")
    muscle.update(
        limit_approved_on=timezone.localdate(today - approved_days_ago * day),
        facts_changed_at=today - changed_days_ago * day,
    )

    assert ("depth-over-published" in asked(ready)) is not stands
    found = depth_limits.without_limit(Muscle.objects.with_regions().filter(code="is"))
    assert [each.code for each in found] == ([] if stands else ["is"])


def test_a_limit_below_what_is_published_holds_whoever_approved_it(ready):
    Muscle.objects.filter(code="is").update(depth_limit_mm=5, facts_changed_at=timezone.now())

    assert "depth-over-limit" in asked(ready)
