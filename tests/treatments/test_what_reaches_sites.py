"""Answers, profile, cover and other notes of the day, as they reach the sites and the signature."""

import uuid

import pytest
from django.urls import reverse

from clinic.models import BodyRegion, Jurisdiction
from patients.models import Screening
from tests import factories
from tests.treatments import notes
from treatments.actions.signing import after_signing
from treatments.actions.sites import prompts as site_prompts
from treatments.models import NeedleSite, NeedlingSession
from treatments.rules.session import draft_parts
from treatments.rules.signing import readiness
from treatments.selectors.session import draft as drafts

LIVE = {"X-Live": "1"}


@pytest.fixture
def draft(ada, therapist):
    session = factories.session(ada, therapist)
    factories.session_condition(session)
    return session


@pytest.fixture
def illinois(draft):
    profile = Jurisdiction.objects.get(code="us-il-pt")
    NeedlingSession.objects.filter(pk=draft.pk).update(jurisdiction=profile)
    return profile


def codes(session) -> set[str]:
    return {reason.code for reason in readiness.sign_reasons(notes.sign_facts(session))}


def fresh(session) -> NeedlingSession:
    return NeedlingSession.objects.get(pk=session.pk)


def say_yes(session, code: str) -> None:
    """Beside what was answered before."""
    screening = Screening.objects.get(pk=session.screening_id)
    concerns = [*screening.concerns, *factories.packed_answers({code: "yes"})["concerns"]]
    Screening.objects.filter(pk=screening.pk).update(concerns=concerns)


@pytest.fixture
def unreviewed(draft, unlocked):
    """Answers are filed with their questionnaire; here they are written into one that stands."""
    return draft


def test_a_blood_thinner_reaches_a_deep_muscle_and_no_other(unreviewed):
    say_yes(unreviewed, "blood-thinner")
    factories.site(unreviewed, muscle="so")
    assert "bleeding-deep" not in codes(unreviewed)

    factories.site(unreviewed, muscle="ip")

    assert "bleeding-deep" in codes(unreviewed)


def test_a_reason_answers_it(unreviewed, therapist):
    say_yes(unreviewed, "blood-thinner")
    site = factories.site(unreviewed, muscle="ip")

    site_prompts.answer_prompt(
        unreviewed, by=therapist, rule="bleeding-deep", reason="Superficial only", key=site.key
    )

    assert "bleeding-deep" not in codes(unreviewed)


def test_in_illinois_a_muscle_far_from_the_condition_asks_for_what_was_felt(draft, illinois):
    far = factories.site(draft, muscle="so", needles=2)
    factories.site(draft, muscle="ut", needles=2)

    asked = [q for q in draft_parts.prompts_for(drafts.whole(draft.pk)) if q.rule == "point-not-local"]

    assert [(q.site_key, q.source) for q in asked] == [(str(far.key), "225 ILCS 90/1.5")]
    NeedleSite.objects.filter(pk=far.pk).update(taut_band=True)
    assert "point-not-local" not in codes(draft)


def test_in_illinois_every_technique_stays_in_the_form_and_asks(draft, illinois, signed_in, therapist):
    page = signed_in(therapist).get(draft.get_absolute_url())

    choices = dict(page.context["site_form"].fields["technique"].choices)
    assert "stimulated" in choices
    factories.site(draft, technique="stimulated", dwell_seconds=0, needles=2)
    assert "stimulation-not-allowed" in codes(draft)


def test_the_source_stands_beside_a_caution_of_the_profile(draft, illinois, signed_in, therapist):
    factories.site(draft, muscle="so")

    page = signed_in(therapist).get(draft.get_absolute_url()).content.decode()

    assert "Source: 225 ILCS 90/1.5</span>" in page


def test_other_treatment_in_illinois_asks_at_once(draft, illinois, signed_in, therapist):
    stamp = {"client_id": str(uuid.uuid4()), "seq": "1", "base_version": "0", "origin": "typed"}
    factories.site(draft)
    said = {"field": "other_care", "value": "Heat, ten minutes", **stamp}

    answer = signed_in(therapist).post(
        reverse("treatments:session-field", args=[draft.ref]), said, headers=LIVE
    )

    assert "reason-added-modality" in answer.json()["parts"]["sites"]
    assert "added-modality" in codes(draft)


def test_a_code_of_the_same_day_asks_until_it_is_said_which_is_billed(ada, draft, therapist, other_therapist):
    first = notes.signed(draft)
    second = factories.session(ada, other_therapist)
    factories.session_condition(second)
    second = notes.ready(second)
    assert "code-of-the-day" in codes(second)

    said = f"{first.billing_code} of the first note"
    site_prompts.answer_prompt(second, by=other_therapist, rule="code-of-the-day", reason=said)

    assert "code-of-the-day" not in codes(second)


def test_a_note_in_error_or_of_another_day_leaves_the_code_free(ada, draft, therapist, other_therapist):
    first = notes.signed(draft)
    after_signing.mark_error(first, by=therapist, reason="Wrong patient")
    second = factories.session(ada, other_therapist)
    factories.session_condition(second)

    assert "code-of-the-day" not in codes(notes.ready(second))


def facts_of(session):
    return notes.sign_facts(session).sites


def test_a_region_of_the_body_is_kept_from_a_needle_as_before(draft):
    factories.site(draft, region=BodyRegion.objects.get(code="b-infra"))

    assert "region-not-consented" not in codes(draft)
