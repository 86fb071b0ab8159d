"""Readiness: all reasons that stop a session from being opened or signed."""

import datetime as dt
from dataclasses import replace
from decimal import Decimal

import pytest

from patients.rules import validity
from patients.rules.notices import MedicareFacts
from tests import factories
from tests.treatments import notes
from tests.treatments.test_dosing import ILLINOIS, LUNG, PLAIN
from treatments.rules import qualification
from treatments.rules.adverse_events.event import EventOnFile
from treatments.rules.session.fields import NOT_ASKED_REASON
from treatments.rules.session.opening import OpenFacts, StateRule, open_reasons
from treatments.rules.session.parts import DraftMeasurement
from treatments.rules.signing import readiness
from treatments.rules.signing.readiness import ConditionFacts, SigningFacts, sign_reasons
from treatments.rules.sites import entry
from treatments.rules.sites.needled_site import NeedledSite, SiteConstraints
from treatments.selectors.session import draft as drafts

TODAY = dt.date(2026, 5, 14)
NOW = dt.datetime(2026, 5, 14, 9, 0, tzinfo=dt.UTC)
LATER = TODAY + dt.timedelta(days=100)
INTAKE = validity.ScreeningFacts(1, "clear", "clear", LATER)
SHORT = validity.ScreeningFacts(2, "clear", "clear", None, 7)
CONSENT = validity.ConsentFacts(3, LATER)
SAFE = validity.ValidityFacts("7K4M9QX", dt.date(1985, 7, 9), INTAKE, (SHORT,), CONSENT)
GENERAL = qualification.Requirements("general", "General", is_state=False)
MARIA = qualification.Practitioner(
    3, "Maria Lund, PT", "pt", (qualification.HeldCredential("licence", number="PT-1"),)
)
WHO = qualification.QualificationFacts(MARIA, GENERAL, TODAY)
READY = OpenFacts("7K4M9QX", TODAY, WHO, SAFE, visit_id=7)


def with_signer(**changes):
    return replace(READY, who=replace(WHO, therapist=replace(MARIA, **changes)))


def with_safety(**changes):
    return replace(READY, safety=replace(SAFE, **changes))


@pytest.mark.parametrize(
    ("facts", "stops"),
    [
        (READY, set()),
        (with_safety(intake=None), {"screening-missing"}),
        (with_safety(intake=replace(INTAKE, expires_on=TODAY - dt.timedelta(days=1))), {"screening-ended"}),
        (with_safety(intake=replace(INTAKE, decided_level="")), {"screening-unreviewed"}),
        (with_safety(intake=replace(INTAKE, computed_level="stop", decided_level="")), {"screening-stop"}),
        (with_safety(intake=replace(INTAKE, computed_level="stop", decided_level="caution")), set()),
        (with_safety(visit_screens=()), {"visit-screen-missing"}),
        (with_safety(visit_screens=(replace(SHORT, visit_id=8),)), {"visit-screen-missing"}),
        (with_safety(visit_screens=(replace(SHORT, decided_level="stop"),)), {"visit-screen-stop"}),
        (with_safety(consent=None), {"consent-missing"}),
        (with_safety(consent=replace(CONSENT, refused=True)), {"consent-refused"}),
        (with_safety(consent=replace(CONSENT, withdrawn=True)), {"consent-withdrawn"}),
        (with_safety(consent=replace(CONSENT, expires_on=TODAY - dt.timedelta(days=1))), {"consent-ended"}),
        (replace(READY, has_condition=False), {"condition-missing"}),
        (replace(READY, visit_id=None), {"not-checked-in"}),
        (replace(READY, state_rule=StateRule("barred", bars=True)), {"not-allowed-here"}),
        (replace(READY, state_rule=StateRule("silent")), set()),
        (replace(READY, referral_rule="required"), {"referral-missing"}),
        (replace(READY, referral_rule="required", has_referral=True), set()),
        (replace(READY, referral_rule="advised"), set()),
        (replace(READY, medicare=MedicareFacts(), at=NOW), set()),
        (with_signer(profession="pta"), {"not-a-pt"}),
        (with_signer(profession=""), {"not-a-pt"}),
        (with_signer(held=()), {"licence-missing"}),
        (replace(READY, deceased_on=TODAY), {"deceased"}),
        (replace(READY, is_merged=True), {"merged"}),
        (
            replace(
                with_safety(intake=None, consent=None, visit_screens=()), visit_id=None, has_condition=False
            ),
            {
                "screening-missing",
                "visit-screen-missing",
                "consent-missing",
                "not-checked-in",
                "condition-missing",
            },
        ),
    ],
)
def test_every_reason_against_opening_is_told_at_once(facts, stops):
    found = [reason for reason in open_reasons(facts) if reason.level == "stop"]

    assert {reason.code for reason in found} == stops
    assert all(reason.url and reason.way_out for reason in found)


def test_a_silent_state_is_said_and_refuses_nothing():
    found = open_reasons(replace(READY, state_rule=StateRule("silent")))

    assert [(reason.code, reason.level) for reason in found] == [("state-silent", "caution")]


def test_nothing_is_claimed_of_referrals_where_no_text_was_found():
    assert open_reasons(replace(READY, referral_rule="")) == []


def test_an_advised_referral_is_a_caution():
    found = open_reasons(replace(READY, referral_rule="advised"))

    assert [(reason.code, reason.level) for reason in found] == [("referral-advised", "caution")]


DONE = SigningFacts(
    ref="7K4M9QX2",
    sites=(PLAIN,),
    conditions=(ConditionFacts(5, "Neck pain, right", 6, 3),),
    needles_out=1,
    tolerance="well",
    started_at=NOW,
    ended_at=NOW + dt.timedelta(minutes=20),
    aftercare_given=True,
    identity_checked=True,
)
SORE = replace(DONE, tolerance="sore", tolerance_detail="Sore at the shoulder.")
BRUISE, LUNG_EVENT = EventOnFile("Bruise", 1), EventOnFile("Puncture of the lung (pneumothorax)", 3)
MEASURED = DraftMeasurement(8, "rom", "left", "Knee flexion")
NO_PAIN = ConditionFacts(5, "Neck pain, right")


def answer_to(rule: str, *sites: NeedledSite) -> frozenset:
    """The key of that rule's prompt for these sites."""
    raised = entry.prompts(sites, SiteConstraints())
    return frozenset(question.key for question in raised if question.rule == rule)


@pytest.mark.parametrize(
    ("facts", "codes"),
    [
        (DONE, set()),
        (replace(DONE, sites=(), needles_out=0), {"no-sites"}),
        (replace(DONE, sites=(replace(PLAIN, side=""),)), {"site-side-missing"}),
        (replace(DONE, sites=(replace(LUNG, depth_mm=None),)), {"site-depth-missing"}),
        (replace(DONE, sites=(replace(LUNG, depth_mm=25),)), {"depth-over-limit"}),
        (
            replace(
                DONE,
                sites=(replace(LUNG, depth_mm=25),),
                answered=answer_to("depth-over-limit", replace(LUNG, depth_mm=25)),
            ),
            set(),
        ),
        (replace(DONE, sites=(replace(PLAIN, technique="static"),)), {"dwell-missing"}),
        (
            replace(
                DONE,
                sites=(replace(PLAIN, technique="static", dwell_seconds=60, needles=2),),
                needles_out=2,
                limits=ILLINOIS,
            ),
            {"dwell-over-limit"},
        ),
        (
            replace(DONE, sites=(LUNG, replace(LUNG, key="k2", side="left")), needles_out=2),
            {"both-lungs"},
        ),
        (
            replace(DONE, sites=(LUNG, replace(LUNG, key="k2", side="left")), needles_out=2,
                    answered=answer_to("both-lungs", LUNG, replace(LUNG, key="k2", side="left"))),
            set(),
        ),
        (replace(DONE, conditions=(NO_PAIN,)), {"pain-before-missing", "pain-after-missing"}),
        (replace(DONE, conditions=(replace(NO_PAIN, pain_before=6, not_asked_after="left early"),)), set()),
        (
            replace(DONE, conditions=(replace(NO_PAIN, pain_before=6, not_asked_after=NOT_ASKED_REASON),)),
            {"pain-after-reason-missing"},
        ),
        (replace(DONE, needles_out=None), {"needles-not-counted"}),
        (replace(DONE, needles_out=0), {"needles-differ"}),
        (replace(DONE, needles_out=2), {"needles-differ"}),
        (
            replace(
                DONE,
                sites=(replace(LUNG, depth_mm=30),),
                answered=answer_to("depth-over-limit", replace(LUNG, depth_mm=25)),
            ),
            {"depth-over-limit"},
        ),
        (replace(DONE, needles_out=0, incident_reported=True), set()),
        (replace(DONE, sites=(replace(PLAIN, needle_in_at=NOW),)), {"needles-still-in"}),
        (replace(DONE, measurements=(MEASURED,)), {"measurement-empty"}),
        (replace(DONE, measurements=(replace(MEASURED, before=Decimal(0)),)), set()),
        (replace(DONE, measurements=(replace(MEASURED, after=Decimal(90)),)), set()),
        (replace(DONE, tolerance=""), {"tolerance-missing"}),
        (replace(DONE, tolerance="faint"), {"tolerance-detail-missing"}),
        (replace(DONE, tolerance="faint", tolerance_detail="Lay down, better after 5 minutes."), set()),
        (replace(DONE, tolerance="event", tolerance_detail="Bled."), {"adverse-event-missing"}),
        (replace(DONE, tolerance="event", tolerance_detail="Bled.", adverse_events=(BRUISE,)), set()),
        (replace(DONE, adverse_events=(LUNG_EVENT,)), {"adverse-event-unsaid"}),
        (replace(DONE, adverse_events=(BRUISE,)), {"adverse-event-unsaid"}),
        (replace(SORE, adverse_events=(BRUISE,)), set()),
        (replace(SORE, adverse_events=(LUNG_EVENT,)), {"adverse-event-unsaid"}),
        (replace(DONE, tolerance="", adverse_events=(LUNG_EVENT,)), {"tolerance-missing"}),
        (replace(DONE, ended_at=None), {"not-ended"}),
        (replace(DONE, started_at=None), {"start-missing"}),
        (replace(DONE, aftercare_given=False), {"aftercare-missing"}),
        (replace(DONE, identity_checked=False), {"identity-unchecked"}),
        (replace(DONE, billing_code="20561"), {"billing-reason-missing"}),
        (replace(DONE, billing_code="20561", billing_reason="Payer counts both sides."), set()),
        (replace(DONE, billing_code="99999"), {"billing-code-unknown"}),
        (
            SigningFacts("7K4M9QX2", conditions=(NO_PAIN,)),
            {"no-sites", "pain-before-missing", "pain-after-missing", "start-missing", "not-ended",
             "needles-not-counted", "tolerance-missing", "aftercare-missing", "identity-unchecked"},
        ),
    ],
)  # fmt: skip
def test_every_gap_stops_the_signature_and_names_its_field(facts, codes):
    found = sign_reasons(facts)

    assert {reason.code for reason in found} == codes
    assert all(reason.field for reason in found)
    assert all(reason.level == "stop" for reason in found)


def test_a_draft_and_its_signer_are_read_in_two_statements(draft, django_assert_num_queries):
    factories.site(draft)
    factories.site(draft, "ut", "left")

    notes.sign_facts(draft)  # the first statement also asks SQLite what it can do

    with django_assert_num_queries(2):
        facts = readiness.facts_for(drafts.signed_by(draft.therapist, draft.ref))

    assert [site.number for site in facts.sites] == [1, 2]
    assert facts.needles_in == 2


def test_a_struck_site_is_no_site(draft, therapist):
    site = factories.site(draft)
    site.struck_at, site.struck_by = NOW, therapist
    site.save()

    assert notes.sign_facts(draft).sites == ()


@pytest.mark.parametrize(("needles", "counted"), [(1, "1 needle in, 0 out."), (2, "2 needles in, 0 out.")])
def test_the_needles_that_differ_are_counted_in_words(needles, counted):
    facts = replace(DONE, sites=(replace(LUNG, needles=needles),), needles_out=0)

    assert readiness.needles_differ_message(facts).startswith(counted)
