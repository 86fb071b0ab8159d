"""The demo holds only data that a user could have entered, and every relevant case."""

import datetime as dt
import io
from collections import Counter
from dataclasses import replace

import pytest
import time_machine
from django.apps import apps
from django.db import transaction
from django.utils import timezone
from pypdf import PdfReader

from clinic.audit import verification
from clinic.models import AuditEvent, Practice, User
from clinic.selectors import credentials
from clinic.values import references
from demo import builder
from demo.making import DemoPlan
from demo.scenarios import definitions
from patients.models import (
    Coverage,
    Paper,
    PaperMark,
    Patient,
    PatientCondition,
    RelatedPerson,
    Screening,
    ScreeningItem,
    Visit,
)
from patients.rules import ages, screenings
from patients.rules import validity as validity_rules
from patients.rules.conditions import diagnoses
from patients.rules.identity import keys as keys_rules
from patients.selectors import validity
from tests import factories
from tests.treatments import notes
from treatments.models import (
    CoSignature,
    DraftEvent,
    ErrorMark,
    FollowUp,
    NeedleSite,
    NeedlingSession,
    RedFlag,
    Seal,
    SorenessReport,
)
from treatments.rules import billing
from treatments.rules.followups import soreness
from treatments.rules.session import fields
from treatments.rules.signing import readiness
from treatments.rules.sites import entry, needled_site
from treatments.selectors.signing import reading, seal

pytestmark = pytest.mark.django_db

NOW = dt.datetime(2026, 5, 12, 19, 7, 31, tzinfo=dt.UTC)
TODAY = dt.date(2026, 5, 12)
TABLES = [
    model for model in apps.get_models() if model._meta.app_label in ("clinic", "patients", "treatments")
]


@pytest.fixture(scope="module")
def demo(django_db_setup, django_db_blocker):
    """Every scenario and a few ordinary patients, built once for the tests of this file, which only read."""
    with django_db_blocker.unblock(), time_machine.travel(NOW, tick=False), transaction.atomic():
        plan = DemoPlan(patients=len(definitions.SCENARIOS) + 11, sessions=2)
        builder.build(plan, now=NOW, report_progress=[].append)
        yield
        transaction.set_rollback(True)


def test_every_row_passes_the_checks_of_its_model(demo):
    for model in TABLES:
        for row in model.objects.order_by("pk")[:12]:
            row.full_clean(validate_unique=False, exclude=excluded(model))


def excluded(model) -> set[str]:
    """Columns that may be empty or raw: a password hash, and the changes and former values of events."""
    empty = ("password", "changes", "old")
    return {field.name for field in model._meta.concrete_fields if field.name in empty}


def test_people_are_found_by_the_keys_that_registering_makes(demo):
    for patient in Patient.objects.prefetch_related("keys"):
        keys = keys_rules.keys_for(keys_rules.Identity.of(patient))
        assert (patient.name_key, patient.phone_key) == (keys.name_key, keys.phone_key)
        assert {(key.kind, key.value) for key in patient.keys.all()} == keys.rows
        assert references.is_valid(patient.ref)


def test_nobody_can_be_mistaken_for_a_real_person(demo):
    for patient in Patient.objects.all():
        assert patient.email.endswith("@example.invalid")
        assert "555-01" in patient.phone


def test_screenings_are_judged_as_typed_ones_are(demo):
    known = ScreeningItem.objects.in_bulk(field_name="code")
    for screening in Screening.objects.select_related("patient"):
        answered = sorted(screenings.answered(screening), key=lambda each: known[each.code].position)
        items = [known[each.code] for each in answered]
        given = {
            each.code: screenings.GivenAnswer(each.answer, each.detail, each.regions) for each in answered
        }
        on = timezone.localdate(screening.taken_at)
        age = ages.age_on(screening.patient.born, on) if screening.kind == "intake" else ages.ADULT_AGE
        assert screenings.missing_reasons(items, given) == []
        assert screening.computed_level == screenings.level_of(items, given, age=age)
        assert screening.rule_version == screenings.rule_version(items)
        if screening.reviewed_at:
            assert review_reasons(screening, items, given) == []
            assert screening.decided_level == screenings.level_after(
                screening.computed_level, screening.decision
            )


def review_reasons(screening, items, given) -> list:
    return screenings.review_reasons(
        computed=screening.computed_level,
        decision=screening.decision,
        reason=screening.reason,
        cannot_lower=screenings.cannot_be_lowered(items, given),
    )


def test_codes_follow_from_the_condition_and_all_conditions_appear(demo):
    seen = set()
    for row in PatientCondition.objects.select_related("condition", "variant", "episode__patient"):
        seen.add(row.condition.code)
        families = list(row.condition.families.all())
        reasons = diagnoses.reasons(
            row.condition,
            row.variant,
            families=families,
            side=row.side,
            encounter=row.encounter,
            on=NOW.date(),
        )
        assert reasons == [], row.condition.code
        if row.variant:
            assert row.icd10 == diagnoses.code_for(row.variant, side=row.side, encounter=row.encounter)
    assert len(seen) == 20


def test_nothing_stops_the_signature_of_a_signed_note(demo):
    practice = Practice.objects.get()
    signed = list(NeedlingSession.objects.signed())
    assert signed
    for session in signed:
        differs = session.overrides.filter(rule=readiness.NEEDLES_DIFFER).exists()
        facts = replace(notes.sign_facts(session), incident_reported=differs)
        proposal = billing.proposal_for(session.sites.standing().select_related("muscle"), practice)
        # the proposal is written into the note when it is signed
        assert (session.billing_code, session.billing_muscles) == (proposal.code, proposal.muscles)
        assert readiness.sign_reasons(replace(facts, billing_code="")) == []


def test_the_day_each_session_was_opened_nothing_stood_against_it(demo):
    for session in NeedlingSession.objects.select_related(
        "screening", "visit_screening", "consent", "therapist"
    ):
        on = timezone.localdate(session.opened_at)
        assert session.screening.decided_level in ("clear", "caution")
        assert session.screening.expires_on >= on
        assert session.screening.taken_at < session.opened_at
        assert session.visit_screening.computed_level != "stop"
        assert session.consent.given_at < session.opened_at
        assert session.consent.expires_on >= on
        assert session.therapist.profession == "pt"


def test_every_seal_agrees_with_its_rows(demo):
    for session in reading.with_note_rows(NeedlingSession.objects.signed()):
        verdict = seal.verify(session)
        assert verdict.agrees, verdict.differences


def test_sites_could_have_been_typed(demo):
    for site in NeedleSite.objects.select_related("muscle", "region"):
        assert entry.entry_reasons(needled_site.from_row(site)) == []


def test_triage_is_what_the_answers_mean(demo):
    practice = Practice.objects.get()
    limits = soreness.Thresholds(practice.soreness_high_first, practice.soreness_high_later)
    for report in SorenessReport.objects.select_related("followup"):
        signs = soreness.answered_yes(report.warning_signs)
        reported = soreness.Answers(report.now, report.worst, report.course, signs, report.wants_call)
        first = report.followup.step == min(practice.followup_steps)
        assert report.triage == soreness.triage(reported, is_first_step=first, thresholds=limits)


def test_the_record_verifies(demo):
    assert {
        name: list(check.faults(verification.ignore_progress)) for name, check in verification.CHECKS.items()
    } == {
        "chain": [],
        "locks": [],
        "surroundings": [],
        "rows": [],
        "seals": [],
        "documents": [],
    }


def test_each_signature_names_what_was_signed(demo):
    sealed = dict(Seal.objects.values_list("session__ref", "digest"))
    signed = AuditEvent.objects.filter(code__in=("session.signed", "session.cosigned"))

    assert signed.count() > len(sealed) > 0
    for event in signed:
        assert event.changes["seal"] == [None, sealed[event.object_ref]]


def test_todays_board_is_half_way(demo):
    today = TODAY
    visits = [visit for visit in Visit.objects.all() if timezone.localdate(visit.booked_for) == today]
    states = {visit.state for visit in visits}
    assert states == {"left", "in_room", "arrived", "expected", "missed", "cancelled"}
    assert NeedleSite.objects.with_needles_in().get().session.visit.room.name == "2"
    assert NeedlingSession.objects.drafts().count() == 2


def test_the_cast_brings_every_case_to_the_desk(demo):
    on = TODAY
    facts = validity.validity_facts(Patient.objects.all(), on=on)
    screened = {validity_rules.screening_state(one, on=on).code for one in facts.values()}
    agreed = {validity_rules.consent_state(one, on=on).code for one in facts.values()}
    assert screened >= {
        "screening-clear",
        "screening-caution",
        "screening-missing",
        "screening-ended",
        "screening-unreviewed",
        "screening-stop",
    }
    assert agreed >= {
        "consent-given",
        "consent-missing",
        "consent-refused",
        "consent-withdrawn",
        "consent-ended",
        "consent-ends-soon",
    }
    assert RelatedPerson.objects.filter(kind="guardian").exists()
    assert Coverage.objects.filter(kind="medicare").exists()
    assert keys_rules.namesakes(Patient.objects.all())
    assert FollowUp.objects.waiting(NOW).exists()
    assert FollowUp.objects.filter(outcome="answered").exists()
    assert RedFlag.objects.get(acknowledged_at=None).therapist.username == "therapist"
    assert ErrorMark.objects.count() == NeedlingSession.objects.filter(addenda__isnull=False).count() == 1


def test_the_next_row_after_the_demo_gets_a_free_key(demo):
    reception = User.objects.get(username="reception")
    newest = Patient.objects.order_by("-pk").first()
    assert factories.patient(reception).pk > newest.pk


def test_jo_is_supervised_and_one_co_signature_is_overdue(demo):
    supervised = NeedlingSession.objects.filter(supervisor__isnull=False)
    waiting = NeedlingSession.objects.waiting_for_cosignature()
    days = Practice.objects.get().cosign_days
    overdue = waiting.filter(signed_at__lt=NOW - dt.timedelta(days=days))

    assert {(s.therapist.username, s.supervisor.username) for s in supervised} == {
        ("therapist2", "therapist")
    }
    assert (supervised.count(), waiting.count(), overdue.count()) == (4, 2, 1)
    for made in CoSignature.objects.select_related("session__seal"):
        assert made.digest == made.session.seal.digest
        assert made.signed_by_id == made.session.supervisor_id


def test_one_licence_ends_soon(demo):
    (ending,) = credentials.expiring(on=TODAY, days=60)
    assert (ending.user.username, ending.kind) == ("therapist", "licence")


def test_each_site_of_a_draft_has_the_change_that_made_it(demo):
    sites = NeedleSite.objects.filter(session__in=NeedlingSession.objects.drafts())
    made = DraftEvent.objects.filter(field="site", old__isnull=True)
    wanted = set(sites.values_list("key", "added_by", "added_at"))

    assert wanted
    assert set(made.values_list("site_key", "by", "at")) == wanted
    for event in made:
        site = NeedleSite.objects.get(session=event.session_id, key=event.site_key)
        assert event.new == fields.site_values(site)


def test_scanned_papers_stand_where_a_desk_would_file_them(demo):
    papers = Paper.objects.select_related("consent", "coverage", "patient")
    assert Counter(papers.values_list("kind", "media_type")) == {
        ("consent", "application/pdf"): 1,
        ("referral", "application/pdf"): 1,
        ("other", "application/pdf"): 1,
        ("card_front", "image/png"): 1,
        ("card_back", "image/png"): 1,
    }
    for paper in papers:
        content = b"".join(bytes(part.content) for part in paper.parts.order_by("number"))
        if paper.media_type == "application/pdf":
            [page] = PdfReader(io.BytesIO(content)).pages
            assert "Demo practice: a fictional page." in page.extract_text()
            assert paper.patient.family_name not in page.extract_text()
    assert papers.get(kind="consent").consent.method == "paper"
    assert {paper.coverage.payer for paper in papers.filter(kind__startswith="card")} == {"Medicare"}
    assert PaperMark.objects.get().paper.kind == "other"


def test_what_happens_at_this_moment_is_done_by_the_actions_of_the_product(demo):
    """Actions record more than bulk rows: the object of an event and its changes."""
    codes = AuditEvent.objects.filter(at=NOW).values_list("code", flat=True)
    assert Counter(codes) == {
        "user.role_given": 4,
        "screening.taken": 3,
        "consent.withdrawn": 1,
        "consent.refused": 1,
        "visit.missed": 1,
        "visit.cancelled": 1,
        "followup.attempted": 1,
        "followup.answered": 2,
        "redflag.raised": 1,
        "addendum.written": 1,
        "session.in_error": 1,
        "adverse_event.recorded": 5,
        "adverse_event.closed": 2,
        "paper.filed": 5,
        "paper.marked": 1,
        "record.covered": 1,
    }
    addendum = AuditEvent.objects.get(code="addendum.written")
    assert addendum.object_kind == "treatments.addendum"
    assert addendum.changes == {"kind": [None, "addendum"]}
