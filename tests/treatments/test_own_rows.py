"""The practice's own muscles, conditions and questions take part in every rule, and change no signed note."""

import uuid
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection
from django.urls import reverse
from django.utils import timezone

from clinic.locks import triggers
from clinic.models import BodyRegion, Practice
from clinic.values.errors import RuleViolation
from patients.actions import conditions as conditions_actions
from patients.actions import screenings as screenings_actions
from patients.models import Condition, DiagnosisFamily, PatientCondition, Screening, ScreeningItem
from patients.rules.screenings import GivenAnswer
from patients.selectors import banner
from patients.selectors import conditions as conditions_selectors
from tests import factories
from tests.form_client import FormClient
from tests.treatments import notes
from treatments.actions.followups import soreness
from treatments.actions.signing import signature
from treatments.actions.sites import prompts as site_prompts
from treatments.models import Muscle, NeedleSite, NeedlingSession, WarningSign
from treatments.rules import billing
from treatments.rules.session import draft_parts
from treatments.rules.signing import readiness
from treatments.rules.signing import seal as seal_rules
from treatments.rules.sites import entry, needled_site, screening_effects, shorthand
from treatments.selectors.session import draft as drafts
from treatments.selectors.signing import seal as seal_selectors
from treatments.selectors.sites import depth_limits
from treatments.selectors.sites import entry as entry_selectors

pytestmark = pytest.mark.django_db


def judged(muscle: Muscle, region: str = "f-flex", **fields) -> needled_site.NeedledSite:
    place = BodyRegion.objects.get(code=region)
    values = {"side": "left", "technique": "in_out", "gauge_mm": Decimal("0.30"), "length_mm": 40,
              "needles": 1, "insertions": 1, "twitches": 0}  # fmt: skip
    return needled_site.from_row(NeedleSite(number=1, muscle=muscle, region=place, **{**values, **fields}))


def rules_of(site, limits=None) -> set[str]:
    return {prompt.rule for prompt in entry.site_prompts(site, limits or needled_site.SiteConstraints())}


def asked(session) -> set[str]:
    return {reason.code for reason in readiness.sign_reasons(notes.sign_facts(session))}


def retire(row, by) -> None:
    now = timezone.now()
    type(row).objects.filter(pk=row.pk).update(
        retired_at=now, retired_here_at=now, retired_here_by=by, retired_here_reason="Not done here.",
        retired_here_approver="Dr. H. Oduya",
    )  # fmt: skip


# Rules at sites


@pytest.mark.parametrize(("depth", "rules"), [(9, set()), (10, {"depth-over-published"})])
def test_an_own_muscle_over_the_lung_follows_the_lung_rules(depth, rules):
    over = factories.own_muscle(hazards=["lung"])

    assert "depth-missing" in {reason.code for reason in entry.entry_reasons(judged(over))}
    assert rules_of(judged(over, depth_mm=depth)) == rules
    both = [judged(over, depth_mm=5), judged(over, depth_mm=5, side="right")]
    assert "both-lungs" in {prompt.rule for prompt in entry.prompts(both, needled_site.SiteConstraints())}
    assert over in depth_limits.without_limit(entry_selectors.CURRENT_MUSCLES())


@pytest.mark.parametrize(("fields", "region", "length", "rule"), [
    ({"hazards": ["cord"], "group": "Neck"}, "b-cerv", 50, "long-needle-at-neck"),
    ({}, "b-occ", 40, "long-needle-at-neck"),
    ({"hazards": ["abd"]}, "f-flex", 75, "long-needle-at-abdomen"),
    ({"hazards": ["lung", "cord"]}, "b-mid", 50, "long-needle-at-spine"),
    ({"default_status": "contraindicated"}, "f-flex", 30, "muscle-not-recommended"),
    ({}, "f-absu", 30, "abdominal-wall"),
])  # fmt: skip
def test_an_own_muscle_is_asked_about_as_a_shipped_one_is(fields, region, length, rule):
    muscle = factories.own_muscle(region=region, **fields)

    assert rule in rules_of(judged(muscle, region, length_mm=length, depth_mm=5))


def test_an_own_muscle_lies_in_a_part_that_consent_and_courses_name():
    nothing = needled_site.SiteConstraints(consented=frozenset(), covered=frozenset(), local_points_only=True)

    asked_here = rules_of(judged(factories.own_muscle()), nothing)

    assert {"region-not-consented", "outside-course", "point-not-local"} <= asked_here


def test_an_own_deep_muscle_asks_where_the_patient_bleeds():
    deep, other = factories.own_muscle(hazards=["deep"]), factories.own_muscle("own-fds", name="FDS")
    thinner = needled_site.ScreeningConcern("blood-thinner", "Blood thinner", "")
    limits = needled_site.SiteConstraints(concerns=(thinner,))

    assert "bleeding-deep" in rules_of(judged(deep), limits)
    assert "bleeding-deep" not in rules_of(judged(other), limits)


@pytest.mark.parametrize(("key", "count"), [("own-ae", 2), ("so", 1)])
def test_an_own_muscle_counts_for_billing_by_itself_or_as_the_one_it_belongs_to(draft, key, count):
    factories.site(draft, muscle=factories.own_muscle(billing_key=key).code)
    factories.site(draft, muscle="so")

    sites = drafts.whole(draft.pk).standing_sites
    assert billing.proposal_for(sites, Practice.objects.get()).muscles == count


# Found and typed


def test_an_own_muscle_is_offered_found_and_typed_in_one_line():
    factories.own_muscle()
    options = {row["code"]: row for row in entry_selectors.muscle_options([])}
    names = {code: row["name"] for code, row in options.items()}

    assert options["own-ae"]["regions"] == "f-flex"
    for typed in ("own-ae l 2 t1", "OWN-AE l 2 t1", "anc epi l 2 t1"):
        (read,) = shorthand.parse(typed, names)
        assert (read.values["muscle"], read.gaps, read.is_understood) == ("own-ae", [], True), typed


def test_an_own_muscle_is_saved_from_the_page_and_printed(draft, therapist, signed_in):
    factories.own_muscle()
    browser = FormClient(signed_in(therapist)).open(draft.get_absolute_url())
    browser.send("muscle", "insertions", muscle="Anconeus epitrochlearis (OWN-AE)", side="left",
                 insertions="2", twitches="0", needle="0.30x40", technique="in_out",
                 tissue="muscle")  # fmt: skip

    site = NeedleSite.objects.get(session=draft)
    assert (site.muscle.code, site.region.code) == ("own-ae", "f-flex")
    assert "Anconeus epitrochlearis" in browser.text


@pytest.mark.parametrize("words", ["text neck", "postural neck pain", "smartphone hunch", "smartphne hunch"])
def test_an_own_condition_is_found_by_what_people_call_it(words):
    own = factories.own_condition()

    hits = conditions_selectors.search(words, on=timezone.localdate())

    assert own.code in [hit.condition.code for hit in hits[:3]]


def test_an_own_condition_is_recorded_with_its_code_and_treated(ada, therapist, signed_in):
    own = factories.own_condition(icd10="M54.2")
    (row,) = conditions_actions.record(ada, by=therapist, condition=own, side="midline")

    assert (row.icd10, row.label) == ("M54.2", "Postural neck pain, midline")
    assert "Postural neck pain" in signed_in(therapist).get(reverse("treatments:record", args=[ada.ref])).text


# Questions


def answered(patient, by, **answers) -> Screening:
    items = ScreeningItem.objects.current().filter(kind="intake")
    clear = {item.code: "no" if item.concern_answer == "yes" else "yes" for item in items}
    given = {code: GivenAnswer(answers.get(code, answer)) for code, answer in clear.items()}
    return screenings_actions.take(patient, by=by, kind="intake", source="staff", answers=given)


def test_an_own_question_is_asked_judged_and_shown_on_the_strip(ada, therapist):
    factories.own_question(level="stop")
    screening = answered(ada, therapist, **{"own-cold-sores": "yes"})
    screenings_actions.review(screening, by=therapist, decision="defer")

    assert screening.computed_level == "stop"
    tags = banner.banner_for(ada, user=therapist, on=timezone.localdate())["tags"]
    assert [tag["kind"] for tag in tags if tag["text"].startswith("Cold sores")] == ["stop"]


def test_an_own_question_stands_on_the_page_that_asks(ada, therapist, signed_in):
    factories.own_question()
    page = signed_in(therapist).get(reverse("patients:screening-answer", args=[ada.ref, "intake"]))

    assert "Do you have cold sores today?" in page.text


@pytest.mark.parametrize(("acts_like", "muscle", "technique", "rule"), [
    ("bleeding-disorder", "ip", "in_out", "bleeding-deep"), ("pregnant", "ip", "in_out", "pregnancy-low"),
    ("pacemaker", "so", "stimulated", "device-stimulated"), ("lungs", "rho", "in_out", "chest-at-risk"),
])  # fmt: skip
def test_an_own_question_reaches_sites_as_the_one_it_acts_like(
    draft, unlocked, acts_like, muscle, technique, rule
):
    own = factories.own_question(acts_like=acts_like)
    concerns = factories.packed_answers({own.code: "yes"})["concerns"]
    Screening.objects.filter(pk=draft.screening_id).update(concerns=concerns)
    factories.site(draft, muscle=muscle, technique=technique)

    assert rule in asked(draft)


def test_whatever_an_own_question_may_act_like_reaches_sites():
    assert set(ScreeningItem.ActsLike.values) <= screening_effects.ANSWERS_WITH_EFFECT


def test_an_own_question_about_a_part_of_the_body_keeps_its_sites(draft, unlocked):
    own = factories.own_question(scope="site", asks_regions=True, level="stop", strip_label="New scar")
    given = GivenAnswer("yes", regions=({"region": "f-flex", "side": "left"},))
    Screening.objects.filter(pk=draft.screening_id).update(
        concerns=factories.packed_answers({own.code: given})["concerns"]
    )
    factories.site(draft, muscle=factories.own_muscle().code, side="left",
                   region=BodyRegion.objects.get(code="f-flex"))  # fmt: skip

    assert "avoid-own-cold-sores" in asked(draft)


# Paper, reports


@pytest.mark.parametrize("page", ["session", "session-print", "record-print", "record"])
def test_a_signed_note_shows_its_own_muscle_everywhere(own, therapist, signed_in, page):
    note = notes.signed(NeedlingSession.objects.get(), needles_out=2)
    ref = note.ref if page.startswith("session") else note.patient.ref

    text = signed_in(therapist).get(reverse(f"treatments:{page}", args=[ref])).text

    assert "Anconeus epitrochlearis" in text


def test_a_call_after_an_own_muscle_over_the_lung_knows_the_lung(draft, reception, therapist, signed_in):
    factories.site(draft, muscle=factories.own_muscle(hazards=["lung"]).code)
    signs = {row.code: "yes" if row.code == "breathless" else "no" for row in WarningSign.objects.current()}

    report = soreness.file(factories.followup(draft), by=reception, now=2, signs=signs)

    page = signed_in(therapist).get(reverse("treatments:red-flag", args=[report.followup.ref]))
    assert "A site over the lung was needled" in page.text


# What was signed stays, what is open asks again


def sealed(note) -> tuple:
    row = seal_selectors.with_locked_rows(NeedlingSession.objects.filter(pk=note.pk)).get()
    assert seal_selectors.verify(row).agrees
    said = seal_selectors.current_text(note, version=note.seal.version)
    return row.seal.text, row.seal.digest, row.billing_code, row.billing_muscles, said


@pytest.fixture
def own(draft):
    muscle = factories.own_muscle()
    factories.site(draft, muscle=muscle.code)
    return muscle


def test_a_change_of_hazards_billing_or_code_never_alters_a_signed_note(ada, therapist, own, signed_in):
    condition = factories.own_condition()
    (treated,) = conditions_actions.record(ada, by=therapist, condition=condition, side="right")
    draft = NeedlingSession.objects.get()
    draft.conditions.update(patient_condition=treated, name=condition.name, icd10=treated.icd10)
    note = notes.signed(draft, needles_out=2)
    before = sealed(note)
    shown = signed_in(therapist).get(note.get_absolute_url()).context["session"]

    Muscle.objects.filter(pk=own.pk).update(
        hazards=["lung", "cord"], billing_key="so", facts_changed_at=timezone.now()
    )
    DiagnosisFamily.objects.filter(condition=condition).update(code_right="M54.2", code_left="M54.2")
    retire(own, therapist)
    retire(condition, therapist)

    assert sealed(note) == before
    assert signed_in(therapist).get(note.get_absolute_url()).context["session"] == shown


def test_the_seal_names_the_practices_own_rows_and_nothing_where_there_are_none(ada, therapist, own):
    condition = factories.own_condition()
    (treated,) = conditions_actions.record(ada, by=therapist, condition=condition, side="right")
    draft = NeedlingSession.objects.get()
    draft.conditions.update(patient_condition=treated, icd10=treated.icd10)
    said = seal_rules.read(notes.signed(draft, needles_out=2).seal)["own_rows"]

    assert {kind: [row["code"] for row in rows] for kind, rows in said.items()} == {
        "muscles": ["own-ae"], "conditions": ["own-text-neck"], "variants": ["own-posture"],
    }  # fmt: skip
    assert said["muscles"][0]["approved_by"] == "Dr. H. Oduya"
    assert said["muscles"][0]["approved_on"] == "2026-11-02"

    other = factories.session(factories.patient(therapist, family_name="Other"), therapist)
    factories.session_condition(other)
    assert "own_rows" not in seal_rules.read(notes.signed(other).seal)


def change_facts(muscle, **fields) -> None:
    Muscle.objects.filter(pk=muscle.pk).update(facts_changed_at=timezone.now(), **fields)


def answer(draft, rule: str, key=None) -> None:
    site_prompts.answer_prompt(draft, by=draft.therapist, rule=rule, reason="Looked at again.", key=key)


def test_a_draft_whose_muscle_was_changed_asks_before_it_is_signed_and_asks_anew(own):
    draft = notes.ready(NeedlingSession.objects.get(), needles_out=2)
    assert "muscle-changed" not in asked(draft)

    change_facts(own, hazards=["nv"])
    refused = pytest.raises(RuleViolation, signature.sign, draft, by=draft.therapist, proved=True)
    assert "muscle-changed" in refused.value.codes

    answer(draft, "muscle-changed", own_key(draft, own))
    assert "muscle-changed" not in asked(draft)
    change_facts(own, hazards=["nv", "joint"])
    assert "muscle-changed" in asked(draft)
    answer(draft, "muscle-changed", own_key(draft, own))
    signature.sign(draft, by=draft.therapist, proved=True, identity_checked=True)


def own_key(draft, muscle):
    return NeedleSite.objects.get(session=draft, muscle=muscle).key


def test_a_draft_asks_when_an_update_changed_a_shipped_muscle(draft):
    factories.site(draft, muscle="so")
    change_facts(Muscle.objects.get(code="so"), billing_key="other")

    assert "muscle-changed" in asked(draft)


def test_a_site_that_is_written_after_the_change_is_not_asked_about(draft):
    muscle = factories.own_muscle()
    change_facts(muscle)
    factories.site(draft, muscle=muscle.code)

    assert "muscle-changed" not in asked(draft)


def test_what_the_change_means_at_the_site_is_asked_as_well(own):
    draft = NeedlingSession.objects.get()
    change_facts(own, hazards=["lung"])
    assert {"muscle-changed", "depth-over-published"} <= asked(draft)


@pytest.fixture
def coded(ada, therapist, draft):
    """A draft that treats the practice's own condition."""
    (treated,) = conditions_actions.record(
        ada, by=therapist, condition=factories.own_condition(), side="right"
    )
    draft.conditions.update(patient_condition=treated, name="Postural neck pain", icd10=treated.icd10)
    return notes.ready(draft)


def test_a_draft_whose_conditions_code_was_changed_asks_before_it_is_signed(coded):
    assert "code-changed" not in asked(coded)

    codes = {"code_right": "M54.2", "code_both": "M54.2"}
    DiagnosisFamily.objects.filter(variant="own-posture").update(**codes)
    (said,) = [one for one in draft_parts.prompts_for(drafts.whole(coded.pk)) if one.rule == "code-changed"]
    assert "M53.82 in this draft, M54.2 now" in said.message
    refused = pytest.raises(RuleViolation, signature.sign, coded, by=coded.therapist, proved=True)
    assert "code-changed" in refused.value.codes

    answer(coded, "code-changed")
    note = signature.sign(coded, by=coded.therapist, proved=True, identity_checked=True)
    assert note.conditions.get().icd10 == "M53.82"


def test_a_draft_asks_when_the_code_in_the_patients_record_was_corrected(coded, therapist):
    PatientCondition.objects.filter(pk=coded.conditions.get().patient_condition_id).update(icd10="M54.2")

    assert "code-changed" in asked(coded)


def test_the_page_asks_and_takes_the_reason(own, therapist, signed_in):
    draft = NeedlingSession.objects.get()
    change_facts(own, hazards=["lung"])

    page = signed_in(therapist).get(draft.get_absolute_url()).text

    assert f"reason-muscle-changed-{own_key(draft, own)}" in page
    assert "Near it now: lung." in page


# Retired while records run


def test_a_draft_keeps_a_retired_muscle_corrects_its_site_and_is_signed(own, therapist, signed_in):
    draft = notes.ready(NeedlingSession.objects.get(), needles_out=2)
    retire(own, therapist)
    key = own_key(draft, own)
    browser = FormClient(signed_in(therapist))
    browser.open(reverse("treatments:site-edit", args=[draft.ref, key]))
    browser.send("muscle", "insertions", insertions="3", press=None)

    site = NeedleSite.objects.get(key=key)
    assert (site.muscle, site.unlisted_name, site.insertions) == (own, "", 3)
    signature.sign(draft, by=therapist, proved=True, identity_checked=True)


@pytest.mark.parametrize("typed", ["own-ae", "Anconeus epitrochlearis (OWN-AE)",
                                   "anconeus epitrochlearis"])  # fmt: skip
def test_a_retired_muscle_is_refused_in_a_new_site_and_never_becomes_an_unlisted_name(
    draft, therapist, signed_in, typed
):
    retire(factories.own_muscle(hazards=["lung"]), therapist)
    browser = FormClient(signed_in(therapist)).open(draft.get_absolute_url())
    browser.try_to_send("muscle", "insertions", muscle=typed, side="left", insertions="2", twitches="0",
                        needle="0.30x40", technique="in_out", tissue="muscle")  # fmt: skip

    assert browser.page.status_code == 422
    assert "is retired at this practice" in browser.text
    assert not NeedleSite.objects.filter(session=draft).exists()
    assert "own-ae" not in {row["code"] for row in entry_selectors.muscle_options([])}


def test_rows_that_waited_on_a_page_are_refused_as_well(draft, therapist, signed_in):
    retire(factories.own_muscle(hazards=["lung"]), therapist)
    typed = {"side": "left", "insertions": "2", "twitches": "0", "needle": "0.30x40", "technique": "in_out",
             "tissue": "muscle", "client_id": str(uuid.uuid4()), "base_version": "0"}  # fmt: skip
    rows = [
        {**typed, "muscle": name, "key": str(uuid.uuid4()), "seq": str(seq)}
        for seq, name in enumerate(("Anconeus epitrochlearis", "so"), start=1)
    ]
    posted = {"row": ["&".join(f"{key}={value}" for key, value in row.items()) for row in rows]}
    signed_in(therapist).post(
        reverse("treatments:site-add", args=[draft.ref]), posted, headers={"X-Live": "1"}
    )

    assert [site.muscle.code for site in NeedleSite.objects.filter(session=draft)] == ["so"]


def test_an_own_muscle_under_a_retired_ones_name_is_the_one_that_is_meant(draft, therapist, signed_in):
    retire(Muscle.objects.get(code="so"), therapist)
    factories.own_muscle("own-so", name="Soleus", region="b-sol")
    browser = FormClient(signed_in(therapist)).open(draft.get_absolute_url())
    browser.send("muscle", "insertions", muscle="Soleus", side="left", insertions="2", twitches="0",
                 needle="0.30x40", technique="in_out", tissue="muscle")  # fmt: skip

    assert NeedleSite.objects.get(session=draft).muscle.code == "own-so"


@pytest.mark.parametrize("what", ["condition", "code"])
def test_a_patient_keeps_a_retired_condition_which_can_still_be_corrected(ada, therapist, what):
    own = factories.own_condition()
    (row,) = conditions_actions.record(ada, by=therapist, condition=own, side="right")
    retire(own if what == "condition" else row.variant, therapist)
    row = PatientCondition.objects.get(pk=row.pk)

    conditions_actions.change(row, by=therapist, side="left", variant=row.variant, goal="Look up again")

    row.refresh_from_db()
    assert (row.side, row.icd10, row.goal) == ("left", "M53.82", "Look up again")
    found = conditions_selectors.search("text neck", on=timezone.localdate())
    assert (own.code in [hit.condition.code for hit in found]) == (what == "code")


def test_a_retired_condition_is_not_recorded_anew(ada, therapist):
    own = factories.own_condition()
    retire(own, therapist)

    refused = pytest.raises(
        RuleViolation, conditions_actions.record, ada, by=therapist, side="right",
        condition=Condition.objects.get(pk=own.pk),
    )  # fmt: skip
    assert "condition-retired" in refused.value.codes


def test_a_retired_question_is_not_asked_and_its_answers_stand(ada, therapist):
    own = factories.own_question()
    screening = answered(ada, therapist, **{"own-cold-sores": "yes"})
    retire(own, therapist)
    screenings_actions.review(screening, by=therapist, decision="modify")

    assert own not in ScreeningItem.objects.current()
    tags = banner.banner_for(ada, user=therapist, on=timezone.localdate())["tags"]
    assert any(tag["text"].startswith("Cold sores") for tag in tags)


def test_own_rows_are_never_deleted(db):
    own = factories.own_muscle()
    triggers.install(connection)

    with pytest.raises(IntegrityError, match="locked"):
        Muscle.objects.filter(pk=own.pk)._raw_delete("default")
