"""A draft from literals: its rules and the parts of its page, with no database behind them."""

import datetime as dt
from dataclasses import FrozenInstanceError, fields, is_dataclass, replace
from decimal import Decimal

import pytest
from django.db import connection
from django.template.loader import render_to_string
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from patients.rules import validity
from tests import factories
from tests.treatments import notes
from treatments.actions.session.draft_events import ROW_LOCK
from treatments.forms.session.fields import SessionForm
from treatments.forms.sites.entry import SiteForm
from treatments.models import Aftercare, DraftEvent, NeedlingSession
from treatments.rules import qualification
from treatments.rules.session import draft_parts
from treatments.rules.session import page_parts as page_parts_rules
from treatments.rules.session.draft import (
    Clinician,
    Draft,
    DraftPatient,
    DraftSession,
    PracticeChoices,
)
from treatments.rules.session.opened_under import JurisdictionRules
from treatments.rules.session.parts import (
    AdviceItem,
    CourseRegion,
    DraftCondition,
    DraftMeasurement,
    DraftSite,
    NewestEvent,
    PromptAnswer,
    SiteMuscle,
    SiteRegion,
)
from treatments.rules.signing import readiness, reading
from treatments.rules.signing import seal as seal_rules
from treatments.rules.sites import needled_site
from treatments.selectors.session import draft as drafts
from treatments.selectors.session import values
from treatments.selectors.signing import seal
from treatments.views.session import page_parts

K1, K2, K3 = (f"00000000-0000-4000-8000-00000000000{n}" for n in (1, 2, 3))
NOW = dt.datetime(2026, 5, 14, 15, 0, tzinfo=dt.UTC)
SHOULDER = SiteRegion("b-infra", "Back of the shoulder", "back", "shoulder")
INFRASPINATUS = SiteMuscle(
    "is", "Infraspinatus", "Shoulder", ("lung",), 25, "Dr. H. Oduya", billing_key="infraspinatus"
)
SOLEUS = SiteMuscle("so", "Soleus", billing_key="soleus")
ADA = DraftPatient(1, "P7KQ2M9", dt.date(1984, 5, 3), "Lovelace, Ada", "Ada Lovelace")
JO, MARIA = Clinician(2, "Jo Diaz, PT"), Clinician(3, "Maria Lopez, PT")
CONSENT = validity.ConsentFacts(pk=5, regions=frozenset({"leg"}))
SITES = (
    DraftSite(K1, 1, "right", INFRASPINATUS, region=SHOULDER, depth_mm=20, needles=2, insertions=3),
    DraftSite(K2, 2, "left", SOLEUS, technique="static", needle_in_at=NOW - dt.timedelta(minutes=4)),
    DraftSite(K3, 3, "left", unlisted_name="Risorius", needles=5, struck_at=NOW),
)
DRAFT = Draft(
    session=DraftSession(
        pk=7, ref="S7KQ2M9", patient=ADA, therapist=JO, opened_at=NOW - dt.timedelta(hours=1),
        started_at=NOW - dt.timedelta(minutes=30), needles_out=2, note="Slept better.",
        jurisdiction=JurisdictionRules(name="Illinois", source="68 IAC 1340; as quoted"),
    ),
    practice=PracticeChoices(needle_stock="0.30x40"),
    sites=SITES,
    conditions=(DraftCondition(11, "Neck pain", "right", pain_before=6, not_asked_after="Not asked"),),
    measurements=(DraftMeasurement(12, "rom", "left", "neck rotation", before=Decimal(60), unit="degrees"),),
    advice=(AdviceItem("drink-water", "Drink water."), AdviceItem("keep-moving", "Keep moving.")),
    advice_given=frozenset({"drink-water"}),
    events=(NewestEvent("note", "", "", 40), NewestEvent("site", "", K1, 41)),
    safety=validity.ValidityFacts(
        "P7KQ2M9", dt.date(1984, 5, 3), intake=validity.ScreeningFacts(5, "clear"), consent=CONSENT
    ),
)  # fmt: skip


def shown(template: str, draft: Draft, **more) -> str:
    context = {**page_parts.parts_of(draft), "csrf_token": "token", **more}
    return render_to_string(f"treatments/{template}", context)


def prompts(draft: Draft) -> set[str]:
    return {prompt.rule for prompt in draft_parts.prompts_for(draft)}


def test_a_draft_is_frozen_through_and_through():
    with pytest.raises(FrozenInstanceError):
        DRAFT.session.note = "Other."
    with pytest.raises(FrozenInstanceError):
        DRAFT.sites = ()
    values_of = (getattr(DRAFT, field.name) for field in fields(DRAFT))
    assert not [value for value in values_of if isinstance(value, list | dict | set)]


def test_a_draft_takes_no_attribute_that_it_does_not_name():
    """What it consists of has slots: nothing can be hung on it on the way to a template."""
    parts = (DRAFT, DRAFT.session, ADA, JO, *SITES, *DRAFT.conditions, *DRAFT.measurements, *DRAFT.events)
    assert all(is_dataclass(part) and not hasattr(part, "__dict__") for part in parts)


def test_what_is_printed_of_a_draft_names_nobody():
    parts = (DRAFT, DRAFT.session, ADA, JO, *SITES, *DRAFT.conditions, *DRAFT.measurements, DRAFT.unsaved)
    printed = " ".join(f"{part} {part!r}" for part in parts)
    assert "S7KQ2M9" in printed
    assert not [word for word in ("Lovelace", "1984", "Diaz", "Neck", "Slept", "Risorius") if word in printed]


@pytest.mark.parametrize(
    ("stamps", "state"),
    [({}, "draft"), ({"signed_at": NOW}, "signed"), ({"voided_at": NOW}, "voided"),
     ({"closed_unsigned_at": NOW}, "closed")],
)  # fmt: skip
def test_a_session_says_its_state_as_its_row_does(stamps, state):
    assert replace(DRAFT.session, **stamps).state == state
    assert NeedlingSession(**stamps).state == state


def test_the_author_and_the_supervisor_write_it():
    supervised = replace(DRAFT.session, supervisor=MARIA)
    assert [DRAFT.session.is_written_by(user) for user in (JO, MARIA)] == [True, False]
    assert [supervised.is_written_by(user) for user in (JO, MARIA)] == [True, True]


def test_versions_numbers_and_answers_are_counted_from_its_parts():
    answers = (PromptAnswer(8, "rule", K1, "asked", "why"), PromptAnswer(9, "rule", "", "asked", "so"))
    answered = replace(DRAFT, prompt_answers=answers)
    assert (DRAFT.version_of("note"), DRAFT.version_of("site", site_key=K1)) == (40, 41)
    assert DRAFT.version_of("plan") == 0
    assert (DRAFT.newest_change, DRAFT.newest_answer, answered.newest_answer) == (41, 0, 9)
    assert DRAFT.site_numbers == {K1: 1, K2: 2, K3: 3}
    assert [site.number for site in DRAFT.standing_sites] == [1, 2]
    assert answered.answers == {("rule", K1, "asked"): "why", ("rule", "", "asked"): "so"}
    assert draft_parts.reading_of(answered) == "41-2"


def test_the_foot_counts_what_stands():
    foot = page_parts_rules.foot(DRAFT, now=NOW)
    assert (foot["placed"], foot["still_in"], foot["difference"], foot["missing"]) == (3, 1, 1, True)
    assert (foot["proposal"].code, foot["proposal"].muscles, foot["minutes"]) == ("20560", 2, 30)
    assert page_parts_rules.foot(replace(DRAFT, sites=()), now=NOW)["missing"] is False


@pytest.mark.parametrize(
    ("courses", "hours", "covered"),
    [
        ((), None, None),
        ((), 54, frozenset()),
        ((CourseRegion("b-infra"),), None, {"b-infra"}),
        ((CourseRegion("b-infra", dt.date(2026, 5, 15)),), None, frozenset()),
        ((CourseRegion("b-infra", expires_on=dt.date(2026, 5, 13)),), None, frozenset()),
        (
            (CourseRegion("b-infra", dt.date(2026, 5, 14), dt.date(2026, 5, 14)), CourseRegion("calf")),
            54,
            {"b-infra", "calf"},
        ),
    ],
)
def test_courses_cover_the_day_of_the_session(courses, hours, covered):
    session = replace(DRAFT.session, jurisdiction=JurisdictionRules(hours_practicum=hours))
    draft = replace(DRAFT, session=session, courses=courses)
    assert draft.covered(draft_parts.day_of(session)) == covered


def test_a_part_of_the_body_that_the_consent_leaves_out_asks_why():
    assert prompts(DRAFT) == {"region-not-consented"}
    with_shoulder = replace(CONSENT, regions=frozenset({"shoulder"}))
    assert prompts(replace(DRAFT, safety=replace(DRAFT.safety, consent=with_shoulder))) == set()
    assert prompts(replace(DRAFT, safety=replace(DRAFT.safety, consent=None))) == {"consent-not-on-file"}


@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        (
            {"concerns": (needled_site.ScreeningConcern("lungs", "Lung disease", "Stay shallow."),)},
            "chest-at-risk",
        ),
        (
            {
                "avoided": (
                    needled_site.AvoidedRegion("swelling", "Swelling", "", frozenset({("b-infra", "right")})),
                )
            },
            "avoid-swelling",
        ),
        ({"courses": (CourseRegion("calf"),)}, "outside-course"),
    ],
)
def test_health_and_courses_reach_the_sites(changes, rule):
    assert rule in prompts(replace(DRAFT, **changes))


def test_the_session_asks_beside_its_sites():
    rules = JurisdictionRules(name="Illinois", added_modality_allowed=False)
    session = replace(DRAFT.session, jurisdiction=rules, other_care="Heat.")
    asked = page_parts_rules.session_prompts(replace(DRAFT, session=session))
    assert [one.prompt.rule for one in asked] == ["added-modality"]


def test_the_rows_of_the_page_carry_prompts_and_versions():
    prompt = next(prompt for prompt in draft_parts.prompts_for(DRAFT))
    answer = PromptAnswer(8, *prompt.key, reason="Asked again, agreed.")
    first, second, struck = page_parts_rules.site_rows(replace(DRAFT, prompt_answers=(answer,)))
    assert [(one.prompt.rule, one.answer) for one in first.prompts] == [
        ("region-not-consented", "Asked again, agreed.")
    ]
    assert (first.version, first.is_open, second.needles_are_in) == (41, False, True)
    assert struck.prompts == []
    assert page_parts_rules.marks(DRAFT.sites)["back"]["b-infra-r"]["badge"] == "1"


def test_a_signature_says_all_that_is_missing():
    held = (qualification.HeldCredential("licence", expires_on=dt.date(2026, 5, 1)),)
    who = qualification.Practitioner(2, "Jo Diaz", "pt", held)
    needs = qualification.Requirements("us-il-pt", "Illinois")
    signer = qualification.QualificationFacts(who, needs, dt.date(2026, 5, 14))
    reasons = readiness.sign_reasons(readiness.facts_for(replace(DRAFT, signer=signer)))
    assert {reason.code for reason in reasons} == {
        "licence-ended", "pain-after-reason-missing", "region-not-consented", "not-ended",
        "needles-still-in", "needles-differ", "tolerance-missing", "identity-unchecked",
    }  # fmt: skip


def test_the_note_reads_as_it_is_written():
    told = reading.unsealed_note(DRAFT)
    assert [(site["head"], site["struck"]) for site in told.sites] == [
        ("Infraspinatus, right.", False), ("Soleus, left.", False), ("Risorius, left.", True)
    ]  # fmt: skip
    assert told.sentences[1:] == [
        "Neck pain, right: pain 6 before, not asked (Not asked) after.",
        "Neck rotation, left, active: 60 before, not measured after degrees.",
        "Needles: 3 in, 2 out.",
        "Advice given: Drink water",
        "Note: Slept better.",
    ]
    assert {fact["label"]: fact["value"] for fact in told.facts}["Needles"] == "3 in, 2 out"


@pytest.mark.parametrize(
    ("template", "words"),
    [
        ("_sites.html", "The consent does not name this part of the body"),
        ("_sites.html", "needles/"),
        ("_figures.html", ">1<"),
        ("_foot_facts.html", "1 missing. Count again"),
        ("_measurements.html", "Neck rotation"),
        ("_aftercare.html", "<span data-ticked>1</span> of 2 given"),
        ("_more.html", "Slept better."),
        ("_outcome.html", "Tolerated"),
        ("_times.html", "Start"),
        ("_foot.html", "Needles placed"),
        ("_site_new.html", "Next site"),
        ("_plan.html", ""),
    ],
)
def test_a_part_of_the_page_renders_from_literals(template, words):
    forms = {"form": SessionForm(draft=DRAFT), "site_form": SiteForm(choices=DRAFT.site_choices)}
    assert words in shown(template, DRAFT, **forms)


def test_the_form_shows_what_stands():
    form = SessionForm(draft=DRAFT)
    stands = {name: form[name].value() for name in form.fields}
    assert (stands["pain_before-11"], stands["pain_after-11"], stands["not_asked_after-11"]) == (
        "6", "not-asked", ""
    )  # fmt: skip
    assert (stands["measure_before-12"], stands["measure_after-12"]) == (Decimal(60), None)
    assert (stands["advice-drink-water"], stands["advice-keep-moving"]) == (True, False)
    assert (stands["needles_out"], stands["note"]) == (2, "Slept better.")


@pytest.fixture
def written(draft, therapist):
    """A draft of the database with something in each of its parts."""
    factories.site(draft, "is", depth_mm=20, stimulation_hz=Decimal("2.5"), taut_band=True, nodule=False)
    factories.site(draft, "ut", "left", technique="static", needle_in_at=timezone.now())
    return notes.ready(draft)


@pytest.mark.django_db
def test_a_draft_that_was_read_asks_nothing_more(written, therapist, django_assert_num_queries):
    read = drafts.signed_by(therapist, written.ref)
    forms = {"form": SessionForm(draft=read), "site_form": SiteForm(choices=read.site_choices)}
    with django_assert_num_queries(0):
        readiness.sign_reasons(readiness.facts_for(read))
        reading.unsealed_note(read)
        for template in ("_sites.html", "_more.html", "_aftercare.html", "_foot_facts.html", "_foot.html"):
            shown(template, read, **forms)


@pytest.mark.django_db
def test_a_site_is_the_same_from_the_statement_and_from_its_row(written):
    rows = written.sites.select_related("muscle", "region").order_by("number")
    assert drafts.whole(written.pk).sites == tuple(values.site_of(row) for row in rows)


@pytest.mark.django_db
def test_a_draft_reads_as_the_note_that_is_sealed(written):
    """The read-back before a signature and the text under the seal are made of the same words."""
    read, row = drafts.whole(written.pk), NeedlingSession.objects.prefetch_related(*seal.TEXT_RELATIONS)
    sealed = seal_rules.note_text(row.get(pk=written.pk), seal.parts_of(row.get(pk=written.pk)))
    assert reading.unsealed_note(read).sites == sealed["sites"]
    assert reading.draft_sentences(read) == sealed["session"]


@pytest.mark.django_db
def test_the_row_of_a_locked_draft_carries_nothing_of_its_statement(written):
    row, draft, came_before = drafts.locked(written.pk, lock=ROW_LOCK, client_id="0" * 32, seq=1)
    columns = {field.attname for field in NeedlingSession._meta.concrete_fields}
    assert {name for name in vars(row) if not name.startswith("_")} == columns
    assert (draft.session.ref, came_before) == (written.ref, False)


@pytest.mark.django_db
@pytest.mark.parametrize(("seq", "came"), [(3, True), (4, False), (None, True)])
def test_a_request_that_came_before_is_known(written, therapist, seq, came):
    event = DraftEvent.objects.create(
        session=written, client_id="1" * 32, seq=3, field="note", new="x", by=therapist
    )
    _, draft, came_before = drafts.locked(written.pk, lock=ROW_LOCK, client_id=event.client_id, seq=seq)
    assert came_before is came
    assert draft.version_of("note") == event.pk


@pytest.mark.django_db
def test_nobody_reads_a_draft_that_is_not_theirs(written, other_therapist, therapist):
    assert drafts.written_by(other_therapist, written.ref) is None
    assert drafts.signed_by(other_therapist, written.ref) is None
    assert drafts.written_by(therapist, written.ref).session.ref == written.ref


@pytest.mark.django_db
def test_the_form_of_a_site_is_given_what_the_draft_would_give_it(written, therapist, other_therapist):
    entry, draft = drafts.site_entry(therapist, written.ref), drafts.whole(written.pk)
    assert (entry.pk, entry.patient) == (draft.session.pk, draft.session.patient.pk)
    assert entry.choices == draft.site_choices
    assert entry.choices.conditions
    assert drafts.site_entry(other_therapist, written.ref) is None


@pytest.mark.django_db
def test_advice_that_was_taken_back_is_not_given(written):
    Aftercare.objects.filter(session=written).update(given_at=None, given_by=None)
    with CaptureQueriesContext(connection) as asked:
        assert drafts.whole(written.pk).advice_given == frozenset()
    assert len(asked) == 1
