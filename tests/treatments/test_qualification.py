"""Who may needle on which day under which state rules: a table of cases, each with its source.

The numbers in brackets are lines of the domain facts: 3.1 Illinois, 3.2 other states, 3.5 who may do what.
"""

import datetime as dt
from dataclasses import replace

import pytest
from django.utils import timezone

from clinic.models import BodyRegion, Jurisdiction, Role
from tests import factories
from tests.treatments import notes
from treatments.actions.signing import after_signing, signature
from treatments.models import CoSignature, NeedlingSession
from treatments.rules import qualification
from treatments.rules.qualification import HeldCredential, Practitioner, QualificationFacts, Requirements
from treatments.rules.sites import entry, needled_site
from treatments.selectors import qualification as qualification_selectors
from treatments.selectors.session import draft as drafts

ON = dt.date(2026, 5, 14)
GENERAL = Requirements("general", "General", is_state=False)
ILLINOIS = Requirements(
    "us-il-pt",
    "Illinois",
    hours_prerequisite=50,
    hours_didactic=30,
    hours_practicum=54,
    supervised_sessions=200,
)
TENNESSEE = Requirements("us-tn-pt", "Tennessee", hours_total=74, licence_months=12)
FLORIDA = Requirements("us-fl-pt", "Florida", hours_total=50, supervised_sessions=25, licence_months=24)
KANSAS = Requirements("us-ks-pt", "Kansas", exam=True)
GEORGIA = Requirements("us-ga-pt", "Georgia", hours_total=50)
ARIZONA = Requirements("us-az-pt", "Arizona", hours_total=24)
MARYLAND = Requirements("us-md-pt", "Maryland", hours_total=80)

LICENCE = HeldCredential("licence", issued_on=dt.date(2023, 3, 1), expires_on=dt.date(2027, 2, 28))
TRAINED = (
    HeldCredential("hours", hours=50),
    HeldCredential("didactic", hours=30),
    HeldCredential("course", hours=54),
)
SUPERVISED = HeldCredential("supervised", sessions=200)


def signer(*held, profession="pt", here=0) -> Practitioner:
    return Practitioner(3, "Maria Lund, PT", profession, held, here)


def dated_credential(**days) -> HeldCredential:
    return replace(LICENCE, **days)


@pytest.mark.parametrize(
    ("needs", "who", "codes"),
    [
        # 3.5: assistants and aides have no needling rows, whatever they hold
        (GENERAL, signer(LICENCE, profession="pta"), {"not-a-pt"}),
        (GENERAL, signer(LICENCE, profession="other"), {"not-a-pt"}),
        (GENERAL, signer(LICENCE, profession=""), {"not-a-pt"}),
        # 3.5: the license, its issue and its expiry; the general rules require nothing else
        (GENERAL, signer(LICENCE), set()),
        (GENERAL, signer(), {"licence-missing"}),
        (GENERAL, signer(dated_credential(expires_on=ON - dt.timedelta(days=1))), {"licence-ended"}),
        (GENERAL, signer(dated_credential(expires_on=ON)), set()),
        (GENERAL, signer(dated_credential(expires_on=None)), set()),
        (GENERAL, signer(dated_credential(issued_on=ON + dt.timedelta(days=1))), {"licence-ended"}),
        (GENERAL, signer(dated_credential(issued_on=ON)), set()),
        (GENERAL, signer(dated_credential(profile="us-il-pt")), set()),
        # 3.6: a license counts in its own state only
        (ILLINOIS, signer(dated_credential(profile="us-wi-pt"), *TRAINED, SUPERVISED), {"licence-missing"}),
        (ILLINOIS, signer(dated_credential(profile="us-il-pt"), *TRAINED, SUPERVISED), set()),
        # 3.1 (b)(1) to (3): 50, 30 and 54 hours
        (ILLINOIS, signer(LICENCE, *TRAINED[1:], SUPERVISED), {"hours-short"}),
        (ILLINOIS, signer(LICENCE, TRAINED[0], TRAINED[2], SUPERVISED), {"hours-short"}),
        (
            ILLINOIS,
            signer(LICENCE, *TRAINED[:2], HeldCredential("course", hours=53), SUPERVISED),
            {"hours-short"},
        ),
        (
            ILLINOIS,
            signer(
                LICENCE,
                *TRAINED[:2],
                HeldCredential("course", hours=27),
                HeldCredential("course", hours=27),
                SUPERVISED,
            ),
            set(),
        ),
        (
            ILLINOIS,
            signer(
                LICENCE,
                *TRAINED[:2],
                HeldCredential("course", hours=54, issued_on=dt.date(2026, 6, 1)),
                SUPERVISED,
            ),
            {"hours-short"},
        ),
        # 3.1 (b)(4): 200 supervised treatment sessions, those made here beside those entered by hand
        (ILLINOIS, signer(LICENCE, *TRAINED), {"sessions-short"}),
        (ILLINOIS, signer(LICENCE, *TRAINED, HeldCredential("supervised", sessions=199)), {"sessions-short"}),
        (ILLINOIS, signer(LICENCE, *TRAINED, HeldCredential("supervised", sessions=199), here=1), set()),
        (ILLINOIS, signer(LICENCE, *TRAINED, here=200), set()),
        # 3.2 Tennessee: 50 and 24 hours, one year of licence
        (
            TENNESSEE,
            signer(LICENCE, HeldCredential("hours", hours=50), HeldCredential("course", hours=24)),
            set(),
        ),
        (TENNESSEE, signer(LICENCE, HeldCredential("course", hours=73)), {"hours-short"}),
        (
            TENNESSEE,
            signer(dated_credential(issued_on=dt.date(2025, 5, 15)), HeldCredential("course", hours=74)),
            {"licence-too-new"},
        ),
        (
            TENNESSEE,
            signer(dated_credential(issued_on=dt.date(2025, 5, 14)), HeldCredential("course", hours=74)),
            set(),
        ),
        (
            TENNESSEE,
            signer(dated_credential(issued_on=None), HeldCredential("course", hours=74)),
            {"licence-undated"},
        ),
        # 3.2 Florida: 2 years, 50 hours face to face, 25 supervised sessions
        (
            FLORIDA,
            signer(LICENCE, HeldCredential("course", hours=50), HeldCredential("supervised", sessions=25)),
            set(),
        ),
        (
            FLORIDA,
            signer(dated_credential(issued_on=dt.date(2024, 5, 15))),
            {"licence-too-new", "hours-short", "sessions-short"},
        ),
        # 3.2 Kansas: written and practical examination
        (KANSAS, signer(LICENCE), {"exam-missing"}),
        (KANSAS, signer(LICENCE, HeldCredential("exam")), set()),
        (KANSAS, signer(LICENCE, HeldCredential("exam", expires_on=dt.date(2026, 1, 1))), {"exam-missing"}),
        # 3.2 Georgia 50, Arizona 24, Maryland 80 hours
        (GEORGIA, signer(LICENCE, HeldCredential("course", hours=49)), {"hours-short"}),
        (ARIZONA, signer(LICENCE, HeldCredential("course", hours=24)), set()),
        (
            MARYLAND,
            signer(LICENCE, HeldCredential("didactic", hours=40), HeldCredential("course", hours=40)),
            set(),
        ),
        (MARYLAND, signer(LICENCE, HeldCredential("course", hours=50)), {"hours-short"}),
        # sessions that were counted under another state's rules
        (
            ILLINOIS,
            signer(LICENCE, *TRAINED, replace(SUPERVISED, profile="us-fl-pt", state="FL")),
            {"sessions-short"},
        ),
        (
            ILLINOIS,
            signer(LICENCE, *TRAINED, replace(SUPERVISED, issued_on=ON + dt.timedelta(days=1))),
            {"sessions-short"},
        ),
        # the months count from the first license, however new the one in force is
        (
            TENNESSEE,
            signer(
                dated_credential(issued_on=dt.date(2020, 1, 1), expires_on=dt.date(2026, 1, 1)),
                dated_credential(issued_on=dt.date(2026, 1, 1)),
                HeldCredential("didactic", hours=74),
            ),
            set(),
        ),
        # all reasons together
        (ILLINOIS, signer(), {"licence-missing", "hours-short", "sessions-short"}),
    ],
)
def test_what_a_person_lacks_on_a_day(needs, who, codes):
    found = qualification.missing_qualifications(who, needs, on=ON)

    assert {reason.code for reason in found} == codes
    assert all(reason.message.endswith(".") for reason in found)


HANA = replace(signer(LICENCE, *TRAINED, SUPERVISED), pk=4, name="Hana Oduya, PT")
NEW = signer(LICENCE, *TRAINED, HeldCredential("supervised", sessions=12))
EXAMINED = replace(HANA, held=(*HANA.held, HeldCredential("exam")))


@pytest.mark.parametrize(
    ("who", "needs", "supervisor", "codes"),
    [
        (HANA, ILLINOIS, None, set()),
        (NEW, ILLINOIS, None, {"supervisor-missing"}),
        (NEW, ILLINOIS, HANA, set()),
        (NEW, ILLINOIS, replace(NEW, pk=5), {"supervisor-not-qualified"}),
        (NEW, ILLINOIS, NEW, {"supervisor-is-author"}),
        # an examination is earned under supervision too: domain facts 3.1 (b)(5)
        (NEW, replace(ILLINOIS, exam=True), EXAMINED, set()),
        (NEW, replace(ILLINOIS, exam=True), HANA, {"supervisor-not-qualified"}),
        # a supervisor replaces supervised sessions, never license, hours or profession
        (signer(*TRAINED), ILLINOIS, HANA, {"licence-missing"}),
        (signer(LICENCE), ILLINOIS, HANA, {"hours-short"}),
        (replace(NEW, profession="pta"), ILLINOIS, HANA, {"not-a-pt"}),
        (signer(), ILLINOIS, None, {"licence-missing", "hours-short", "supervisor-missing"}),
        # where the profile counts no supervised sessions, a supervisor changes nothing
        (signer(LICENCE), KANSAS, HANA, {"exam-missing", "supervisor-not-qualified"}),
        (signer(LICENCE), GENERAL, HANA, set()),
        (signer(LICENCE), GENERAL, replace(HANA, held=()), {"supervisor-not-qualified"}),
    ],
)
def test_a_supervisor_stands_beside_who_is_still_earning(who, needs, supervisor, codes):
    found = qualification.reasons(QualificationFacts(who, needs, ON, supervisor))

    assert {reason.code for reason in found} == codes


@pytest.mark.parametrize(
    ("who", "needs", "offered"),
    [
        (HANA, GENERAL, True),
        (signer(LICENCE), GENERAL, False),
        (signer(LICENCE), KANSAS, False),
        (NEW, ILLINOIS, True),
        (signer(LICENCE, *TRAINED), ILLINOIS, True),
    ],
)
def test_a_supervisor_is_asked_for_where_profile_or_training_wants_one(who, needs, offered):
    assert qualification.offers_supervisor(QualificationFacts(who, needs, ON)) is offered


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [
        ((2025, 1, 31), 1, (2025, 2, 28)),
        ((2023, 2, 28), 12, (2024, 2, 28)),
        ((2024, 2, 29), 12, (2025, 2, 28)),
        ((2024, 12, 15), 24, (2026, 12, 15)),
        ((2024, 11, 30), 1, (2024, 12, 30)),
    ],
)
def test_months_of_licence_end_on_the_same_day(start, months, end):
    held = dated_credential(issued_on=dt.date(*start), expires_on=None)
    needs = replace(TENNESSEE, licence_months=months, hours_total=None)
    day = dt.date(*end)

    assert qualification.missing_qualifications(signer(held), needs, on=day) == []
    assert qualification.missing_qualifications(signer(held), needs, on=day - dt.timedelta(days=1))


SITE = needled_site.NeedledSite(
    "k1", 1, "Upper trapezius", side="right", region="Shoulder", region_code="b-shoulder"
)


@pytest.mark.parametrize(
    ("limits", "asks", "stops"),
    [
        (needled_site.SiteConstraints(), set(), set()),
        (needled_site.SiteConstraints(covered=frozenset({"b-shoulder"})), set(), set()),
        (needled_site.SiteConstraints(covered=frozenset({"b-calf"})), {"outside-course"}, set()),
        (needled_site.SiteConstraints(covered=frozenset()), {"outside-course"}, set()),
        (
            needled_site.SiteConstraints(covered=frozenset({"b-calf"}), refuses_outside=True),
            set(),
            {"outside-course"},
        ),
    ],
)
def test_a_part_of_the_body_outside_the_courses_asks_or_stops(limits, asks, stops):
    assert {question.rule for question in entry.site_prompts(SITE, limits)} == asks
    assert {reason.code for reason in entry.course_reasons(SITE, limits)} == stops


@pytest.fixture(autouse=True)
def one_day(noon):
    """Sets the clock to noon, because a note just after midnight was begun on the day before."""


@pytest.fixture
def illinois(db) -> Jurisdiction:
    return Jurisdiction.objects.get(code="us-il-pt")


@pytest.fixture
def supervised(draft, lead, illinois) -> NeedlingSession:
    """Maria's signed session in Illinois, supervised by Hana."""
    type(lead).objects.filter(pk=lead.pk).update(profession="pt")
    for person, sessions in ((lead, 200), (draft.therapist, 12)):
        if person == lead:
            factories.credential(person)
        for kind, hours in (("hours", 50), ("didactic", 30), ("course", 54)):
            factories.credential(person, kind, hours=hours).regions.set(BodyRegion.objects.all())
        factories.credential(person, "supervised", sessions=sessions)
    NeedlingSession.objects.filter(pk=draft.pk).update(jurisdiction=illinois, supervisor=lead)
    return NeedlingSession.objects.select_related("therapist", "supervisor").get(pk=draft.pk)


def test_facts_of_both_people_take_one_query(supervised, django_assert_num_queries, illinois):
    today = timezone.localdate()
    qualification_selectors.facts_for(supervised.therapist, profile=illinois, on=today)
    with django_assert_num_queries(1):
        facts = qualification_selectors.facts_for(
            supervised.therapist, profile=illinois, on=today, supervisor=supervised.supervisor
        )
    assert (facts.therapist.name, facts.supervisor.name) == ("Maria Lund, PT", "Hana Oduya")
    assert qualification.reasons(facts) == []


def test_co_signed_sessions_count_and_those_in_error_do_not(supervised, lead, illinois):
    def made() -> int:
        facts = qualification_selectors.facts_for(
            supervised.therapist, profile=illinois, on=timezone.localdate()
        )
        return qualification.sessions_of(facts.therapist, facts.needs, on=facts.on)

    note = notes.ready(supervised)
    note.sites.update(insertions=1, taut_band=True)
    signature.sign(note, by=note.therapist, proved=True, identity_checked=True)
    assert made() == 12
    CoSignature.objects.create(session=note, digest="0" * 64, signed_by=lead)
    assert made() == 13
    after_signing.mark_error(note, by=note.therapist, reason="Wrong patient.")
    assert made() == 12


def test_sessions_under_another_profile_do_not_count(supervised, lead):
    note = notes.ready(supervised)
    CoSignature.objects.create(session=note, digest="0" * 64, signed_by=lead)
    florida = Jurisdiction.objects.get(code="us-fl-pt")
    facts = qualification_selectors.facts_for(supervised.therapist, profile=florida, on=timezone.localdate())
    assert facts.therapist.sessions_here == 0


def test_supervisors_are_those_who_are_qualified_alone(supervised, other_therapist, illinois, lead):
    found = qualification_selectors.supervisors_for(
        supervised.therapist, profile=illinois, on=timezone.localdate()
    )
    assert [person.pk for person in found] == [lead.pk]


def test_the_day_of_the_session_counts_not_the_day_of_the_signature(draft, therapist):
    yesterday = timezone.localdate() - dt.timedelta(days=1)
    therapist.credentials.update(expires_on=yesterday)
    note = notes.ready(draft)
    assert {r.code for r in qualification.reasons(drafts.signer_of(note))} == {"licence-ended"}
    NeedlingSession.objects.filter(pk=note.pk).update(
        started_at=note.started_at - dt.timedelta(days=1), ended_at=note.ended_at - dt.timedelta(days=1)
    )
    note.refresh_from_db()
    assert qualification.reasons(drafts.signer_of(note)) == []


def test_a_course_names_the_regions_it_covers(draft, therapist):
    course = factories.credential(therapist, "course", hours=54)
    notes.approve_limit("is", 25)
    site = factories.site(draft, region=BodyRegion.objects.get(code="b-infra"))
    asked = {q.rule for q in readiness_questions(draft, site)}
    assert asked == set()
    course.regions.set(BodyRegion.objects.exclude(code="b-infra")[:3])
    assert {q.rule for q in readiness_questions(draft, site)} == {"outside-course"}
    course.regions.add(site.region)
    assert {q.rule for q in readiness_questions(draft, site)} == set()


def readiness_questions(draft, site):
    limits = notes.sign_facts(draft).limits
    return entry.site_prompts(needled_site.from_row(site), limits)


def test_a_leaver_and_an_assistant_are_no_supervisors(supervised, illinois):
    gone = factories.user("gone", Role.THERAPIST, profession="pt", is_active=False)
    helper = factories.user("helper", Role.THERAPIST, profession="pta")
    # a license on record makes no therapist of an assistant
    factories.credential(helper)
    found = qualification_selectors.supervisors_for(
        supervised.therapist, profile=Jurisdiction.objects.get(code="general"), on=timezone.localdate()
    )
    assert not {gone.pk, helper.pk} & {person.pk for person in found}
