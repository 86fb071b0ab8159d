"""What the patient says while a session is open: a stop, a withdrawal or a refusal reaches strip and note."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from clinic.values.errors import RuleViolation
from patients.actions import consents
from tests import factories
from tests.treatments import notes
from treatments.actions.signing import signature
from treatments.actions.sites import prompts
from treatments.models import NeedlingSession, Override
from treatments.rules.session import draft_parts
from treatments.rules.signing import readiness
from treatments.selectors.session import draft as drafts

pytestmark = pytest.mark.django_db
UNREVIEWED = {"reviewed_at": None, "reviewed_by": None, "decided_level": "", "decision": ""}
STOP = {"computed_level": "stop", **UNREVIEWED}
KEPT = {"computed_level": "stop", "decided_level": "stop", "decision": "defer"}
LOWERED = {"computed_level": "stop", "decided_level": "caution", "decision": "proceed"}
WAITS = {"computed_level": "caution", **UNREVIEWED}
MINUTE = dt.timedelta(minutes=1)


@pytest.fixture
def ready(draft):
    """A session that is about to end."""
    return notes.ready(draft, ended_at=timezone.now() + MINUTE)


def asked(session) -> set[str]:
    found = {reason.code for reason in readiness.sign_reasons(notes.sign_facts(session))}
    return found - {"identity-unchecked"}


def states(client, session) -> dict[str, tuple[str, str]]:
    """{subject: (kind, what the strip says of it)}"""
    found = client.get(session.get_absolute_url()).context["strip"]["states"]
    return {each["text"].partition(":")[0]: (each["kind"], each["text"]) for each in found}


def told(session, kind: str, **fields):
    visit = session.visit if kind == "visit" else None
    return factories.screening(session.patient, session.therapist, kind=kind, visit=visit, **fields)


@pytest.mark.parametrize(("kind", "subject", "stop"), [
    ("intake", "Health questions", "Health questions: stop"),
    ("visit", "Health update", "Health update: stop today"),
])  # fmt: skip
@pytest.mark.parametrize("level", [STOP, KEPT])
def test_a_stop_that_is_told_in_the_session_stands_in_its_strip_and_asks_what_was_done(
    ready, signed_in, therapist, kind, subject, stop, level
):
    client = signed_in(therapist)
    assert not asked(ready)
    assert states(client, ready).get(subject, ("ok", ""))[0] == "ok"

    told(ready, kind, **level)

    assert states(client, ready)[subject] == ("stop", stop)
    assert asked(ready) == {"stop-told"}
    assert (
        "An answer of stop came after this session was opened"
        in client.get(reverse("treatments:session-sign", args=[ready.ref])).content.decode()
    )
    with pytest.raises(RuleViolation) as refused:
        signature.sign(ready, by=therapist, proved=True, identity_checked=True)
    assert refused.value.codes == {"stop-told"}

    prompts.answer_prompt(ready, by=therapist, rule="stop-told", reason="All needles out at once.")
    signature.sign(ready, by=therapist, proved=True, identity_checked=True)
    assert NeedlingSession.objects.get(pk=ready.pk).signed_at
    assert Override.objects.get(session=ready).reason == "All needles out at once."


@pytest.mark.parametrize("kind", ["intake", "visit"])
def test_a_later_stop_is_asked_about_anew(ready, therapist, kind):
    told(ready, kind, **STOP, taken_at=ready.opened_at + dt.timedelta(seconds=5))
    prompts.answer_prompt(ready, by=therapist, rule="stop-told", reason="All needles out.")
    assert not asked(ready)

    told(ready, kind, **STOP, taken_at=ready.opened_at + 2 * MINUTE)
    NeedlingSession.objects.filter(pk=ready.pk).update(ended_at=ready.opened_at + 5 * MINUTE)

    assert asked(ready) == {"stop-told"}


def test_two_stops_are_answered_with_one_reason(ready, therapist):
    told(ready, "intake", **STOP)
    told(ready, "visit", **STOP)

    assert len(draft_parts.prompts_for(drafts.whole(ready.pk))) == 1
    prompts.answer_prompt(ready, by=therapist, rule="stop-told", reason="All needles out.")
    assert not asked(ready)


@pytest.mark.parametrize(("kind", "level", "rules", "shown"), [
    ("intake", WAITS, {"answers-unreviewed"}, ("Health questions", "caution")),
    ("visit", WAITS, {"answers-unreviewed"}, ("Health update", "caution")),
    ("intake", LOWERED, set(), ("Health questions", "caution")),
    ("visit", LOWERED, set(), ("Health update", None)),
    ("visit", {}, set(), ("Health update", None)),
    ("intake", {}, set(), ("Health questions", "ok")),
])  # fmt: skip
def test_what_waits_for_a_review_asks_for_it_and_what_was_reviewed_asks_nothing(
    ready, signed_in, therapist, kind, level, rules, shown
):
    row = told(ready, kind, **level)

    page = states(signed_in(therapist), ready)
    assert asked(ready) == rules
    subject, state = shown
    assert page.get(subject, (None, ""))[0] == state
    raised = {prompt.rule: prompt.url for prompt in draft_parts.prompts_for(drafts.whole(ready.pk))}
    review = reverse("patients:screening", args=[ready.patient.ref, row.pk])
    assert raised == dict.fromkeys(rules, review)


def test_a_clear_answer_after_a_stop_of_the_same_questions_takes_it_back(ready):
    told(ready, "intake", **STOP)
    told(ready, "intake")

    assert not asked(ready)


def test_what_is_told_after_the_end_is_not_of_this_session(ready, signed_in, therapist):
    ended_at = ready.opened_at - MINUTE
    NeedlingSession.objects.filter(pk=ready.pk).update(started_at=ended_at - 20 * MINUTE, ended_at=ended_at)
    told(ready, "intake", **STOP)

    assert not asked(ready)
    assert states(signed_in(therapist), ready)["Health questions"][0] == "stop"


def test_a_session_without_needles_asks_nothing_of_it(draft, therapist):
    told(draft, "intake", **STOP)
    NeedlingSession.objects.filter(pk=draft.pk).update(not_needled="refused")

    assert not asked(draft) & {"stop-told", "answers-unreviewed", "consent-withdrawn"}


@pytest.mark.parametrize("act", ["withdraw", "refuse"])
def test_a_consent_that_ends_in_the_session_stands_in_its_strip_and_asks_what_was_done(
    ready, signed_in, therapist, act
):
    client = signed_in(therapist)
    assert states(client, ready)["Consent"][0] == "ok"

    if act == "withdraw":
        consents.withdraw(ready.consent, by=therapist, reason="Too much.")
    else:
        consents.refuse(ready.patient, by=therapist, reason="No more.")

    word = {"withdraw": "Consent: withdrawn", "refuse": "Consent: refused"}[act]
    assert states(client, ready)["Consent"] == ("stop", word)
    assert asked(ready) == {"consent-withdrawn"}
    prompts.answer_prompt(ready, by=therapist, rule="consent-withdrawn", reason="One site before.")
    assert not asked(ready)


def test_a_refusal_of_what_changed_in_the_text_counts_too(ready, signed_in, therapist):
    consents.refuse(ready.patient, by=therapist, parent=ready.consent, is_update=True)

    assert states(signed_in(therapist), ready)["Consent"] == ("stop", "Consent: refused")
    assert asked(ready) == {"consent-withdrawn"}


def test_a_consent_that_is_given_anew_takes_it_back_and_its_regions_count(ready, signed_in, therapist):
    consents.withdraw(ready.consent, by=therapist)
    factories.consent(ready.patient, therapist, regions=["head-neck"])

    assert states(signed_in(therapist), ready)["Consent"][0] == "ok"
    assert not asked(ready)
    assert drafts.whole(ready.pk).consented >= {"head-neck", "leg-foot"}


def test_a_consent_that_ends_after_the_session_is_not_of_it(ready, therapist):
    ended_at = ready.opened_at - MINUTE
    NeedlingSession.objects.filter(pk=ready.pk).update(started_at=ended_at - 20 * MINUTE, ended_at=ended_at)
    consents.withdraw(ready.consent, by=therapist)

    assert not asked(ready)


def test_neither_another_patient_nor_an_earlier_day_reaches_the_session(ready, reception, therapist):
    other = factories.patient(reception)
    factories.screening(other, therapist, **STOP)
    consents.refuse(other, by=therapist)
    told(ready, "intake", **STOP, taken_at=ready.opened_at - dt.timedelta(days=9))

    assert not asked(ready)


def test_the_record_says_as_well_that_today_is_a_stop(ready, signed_in, therapist):
    told(ready, "visit", **STOP)

    strip = signed_in(therapist).get(reverse("treatments:record", args=[ready.patient.ref])).context["strip"]
    assert {"Health update: stop today"} <= {each["text"] for each in strip["states"]}
