"""The practice's own rows in the administration: added, changed and retired; shipped rows only retired."""

import datetime as dt
import html

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from clinic.models import AuditEvent, BodyRegion
from patients.models import Condition, ConditionName, DiagnosisFamily, ScreeningItem
from tests.form_client import FormClient
from treatments.models import Muscle

pytestmark = pytest.mark.django_db
APPROVED = {
    "source": "Course manual 2026, page 12",
    "approved_by": "Dr. H. Oduya",
    "approved_on": "11/2/2026",
}
RETIRED = {"retire": "on", "retired_here_reason": "Nobody here needles it.",
           "retired_here_approver": "Dr. H. Oduya"}  # fmt: skip
MUSCLE = {"code": "AE", "name": "Anconeus epitrochlearis", "group": "Forearm and hand", "hazards": ["nv"],
          "billing_key": "alone", "side_policy": "paired", "default_status": "usual"}  # fmt: skip
CONDITION = {"code": "text-neck", "name": "Postural neck pain", "patient_term": "Text neck",
             "kind": "diagnosis", "region": "neck", "side_policy": "any"}  # fmt: skip
QUESTION = {"code": "cold-sores", "question": "Do you have cold sores today?", "kind": "visit",
            "scope": "patient", "concern_answer": "yes", "level": "caution", "unknown_level": "caution",
            "group": "This practice", "strip_label": "Cold sores", "guidance": "Keep away."}  # fmt: skip


@pytest.fixture
def browser(admin, signed_in):
    return FormClient(signed_in(admin))


def add_page(model) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_add")


def change_page(row) -> str:
    return reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_change", args=[row.pk])


def added(browser, model, field="source", **typed):
    browser.open(add_page(model)).try_to_send(field, press=("_save", "Save"), **typed)
    return browser.page


def muscle(browser, **typed) -> Muscle:
    region = BodyRegion.objects.get(code="f-flex") if "regions" not in typed else None
    regions = typed.pop("regions", None) or [str(region.pk)]
    page = added(browser, Muscle, **{**MUSCLE, **APPROVED, "regions": regions, **typed})
    assert page.status_code == 200, page.context["errors"]
    return Muscle.objects.get(own=True)


def test_a_muscle_is_added_with_source_and_approver_in_the_practices_namespace(browser, admin):
    row = muscle(browser)

    assert (row.code, row.own, row.hazards, row.billing_key) == ("own-ae", True, ["nv"], "own-ae")
    assert (row.source, row.approved_by, row.approved_on) == (
        APPROVED["source"], "Dr. H. Oduya", dt.date(2026, 11, 2),
    )  # fmt: skip
    event = AuditEvent.objects.get(code="admin.changed", object_kind="treatments.muscle")
    assert event.actor == admin


@pytest.mark.parametrize("missing", ["source", "approved_by", "approved_on", "code", "name", "regions"])
def test_an_own_muscle_says_at_the_field_what_is_missing(browser, missing):
    typed = {**MUSCLE, **APPROVED, "regions": [str(BodyRegion.objects.first().pk)]}
    page = added(browser, Muscle, **{**typed, missing: [] if missing == "regions" else ""})

    assert page.status_code == 422
    assert set(page.context["adminform"].form.errors) == {missing}
    assert "Anconeus" in page.text or missing == "name"


@pytest.mark.parametrize(("typed", "field"), [
    ({"code": "f d"}, "code"), ({"approved_on": "11/2/2099"}, "approved_on"),
    ({"length_min_mm": "50", "length_max_mm": "30"}, "length_min_mm"), ({"depth_limit_mm": "900"}, None),
    ({"length_max_mm": "900"}, "length_max_mm"), ({"length_max_mm": "151"}, "length_max_mm"),
    ({"length_min_mm": "4", "length_max_mm": "30"}, "length_min_mm"), ({"gauge_mm": "0.91"}, "gauge_mm"),
    ({"gauge_mm": "0.09"}, "gauge_mm"),
    ({"members": "Popliteus minor"}, "members"), ({"members": "Popliteus; Popliteus"}, "members"),
    ({"hazard_sources": "Manual 2026, page 12"}, "hazard_sources"),
    ({"hazard_sources": "lung: Manual 2026, page 12"}, "hazard_sources"),
    ({"hazard_sources": "nv: "}, "hazard_sources"),
])  # fmt: skip
def test_an_own_muscle_that_makes_no_sense_is_refused_at_the_field(browser, typed, field):
    regions = [str(BodyRegion.objects.first().pk)]
    page = added(browser, Muscle, **{**MUSCLE, **APPROVED, "regions": regions, **typed})

    assert page.status_code == 422
    assert (field or "depth_limit_mm") in page.context["adminform"].form.errors


@pytest.mark.parametrize(("typed", "is_stamped"), [
    ({"hazards": ["nv", "lung"]}, True), ({"billing_key": "so"}, True), ({"note": "Small."}, False),
    ({"members": "Popliteus major; Popliteus minor"}, True), ({"heads": "long; short"}, True),
])  # fmt: skip
def test_an_own_muscle_is_changed_and_drafts_are_to_ask_about_hazards_and_counting(
    browser, typed, is_stamped
):
    row = muscle(browser)
    anew = {"approved_on": "11/3/2026"}
    browser.open(change_page(row)).send("retire", press=("_save", "Save"), **typed, **anew)
    changed = Muscle.objects.get(pk=row.pk)

    name, value = next(iter(typed.items()))
    assert getattr(changed, name) == value
    assert (changed.code, changed.own, changed.billing_key in ("so", "own-ae")) == ("own-ae", True, True)
    assert (changed.facts_changed_at is not None) == is_stamped
    event = AuditEvent.objects.filter(code="admin.changed", object_kind="treatments.muscle").latest("seq")
    assert set(event.changes) == {name, "approved_on"}


@pytest.mark.parametrize(("typed", "is_refused"), [
    ({"hazards": ["lung"]}, True), ({"note": "Small."}, True), ({"source": "Another manual"}, True),
    ({"note": "Small.", "approved_on": "11/3/2026"}, False),
    ({"note": "Small.", "approved_by": "Dr. B. Kim"}, False),
    ({"depth_limit_mm": "19", "limit_approved_by": "Dr. B. Kim", "limit_approved_on": "11/3/2026"}, False),
    (RETIRED, False), ({}, False),
])  # fmt: skip
def test_a_changed_own_row_does_not_stand_under_the_approval_of_the_former_one(browser, typed, is_refused):
    row = muscle(browser)
    browser.open(change_page(row)).try_to_send("retire", press=("_save", "Save"), **typed)

    errors = browser.page.context["adminform"].form.errors if is_refused else {}
    assert set(errors) == ({"approved_on"} if is_refused else set())
    assert ("adminform" in browser.page.context) is is_refused
    changed = Muscle.objects.get(pk=row.pk)
    assert (changed.hazards, changed.source) == (row.hazards, row.source)


def test_an_own_row_may_be_corrected_on_the_day_of_its_approval(browser):
    row = muscle(browser, approved_on=f"{timezone.localdate():%m/%d/%Y}")
    browser.open(change_page(row)).send("retire", press=("_save", "Save"), note="Small.")

    assert Muscle.objects.get(pk=row.pk).note == "Small."


@pytest.mark.parametrize(("model", "typed", "changes"), [
    (Condition, CONDITION, {"patient_term": "Phone neck"}),
    (ScreeningItem, QUESTION, {"guidance": "Ask again."}),
])  # fmt: skip
def test_every_own_row_asks_for_its_own_approval_when_it_is_changed(browser, model, typed, changes):
    added(browser, model, **{**typed, **APPROVED})
    row = model.objects.get(own=True)
    browser.open(change_page(row)).try_to_send("retire", press=("_save", "Save"), **changes)

    assert set(browser.page.context["adminform"].form.errors) == {"approved_on"}
    browser.open(change_page(row)).send("retire", press=("_save", "Save"), approved_on="11/3/2026", **changes)
    name, value = next(iter(changes.items()))
    assert getattr(model.objects.get(pk=row.pk), name) == value


def test_an_own_muscle_says_what_it_stands_for_and_a_source_for_each_hazard_and_depth(browser):
    said = {"members": "Popliteus minor; Popliteus major", "depth_source": "At most 30 mm: Manual, page 13",
            "hazard_sources": "Nerve or vessel: Manual, page 12\r\n\r\nnv: Manual, page 14",
            "length_max_mm": "150", "gauge_mm": "0.90"}  # fmt: skip
    row = muscle(browser, **said)

    assert (row.members, row.depth_source) == (said["members"], said["depth_source"])
    assert row.hazard_sources == ["nv: Manual, page 12", "nv: Manual, page 14"]
    page = browser.open(change_page(row))
    assert page.form("retire").filled()["hazard_sources"] == ["nv: Manual, page 12\nnv: Manual, page 14"]
    browser.send("retire", press=("_save", "Save"), note="Small.", approved_on="11/3/2026")
    assert Muscle.objects.get(pk=row.pk).hazard_sources == row.hazard_sources


def test_two_own_rows_never_share_a_code(browser):
    muscle(browser)
    regions = [str(BodyRegion.objects.first().pk)]
    page = added(browser, Muscle, **{**MUSCLE, **APPROVED, "regions": regions, "code": "own-ae"})

    assert page.context["adminform"].form.errors == {"code": ["Another row has this code. Choose another."]}


def test_a_shipped_row_shows_what_it_says_and_takes_no_change(browser):
    row = Muscle.objects.get(code="so")
    form = browser.open(change_page(row)).form("retire")
    posted = {**form.filled(), "name": ["Another"], "hazards": ["lung"], "source": ["mine"], "own": ["on"]}
    browser.client.post(change_page(row), {**posted, "_save": ["Save"]})

    assert "comes with Filiform" in browser.text
    assert {"name", "hazards", "source", "approved_by"}.isdisjoint(form.fields)
    after = Muscle.objects.get(pk=row.pk)
    assert (after.name, after.hazards, after.source, after.own) == (
        row.name, row.hazards, row.source, False,
    )  # fmt: skip


@pytest.mark.parametrize("model", [Muscle, Condition, DiagnosisFamily, ConditionName, ScreeningItem])
def test_a_shipped_row_is_retired_with_reason_and_approver_and_brought_back(browser, admin, model):
    row = model.objects.filter(retired_at=None).first()
    page = browser.open(change_page(row)).try_to_send("retire", retire="on")
    assert (page.status_code, set(page.context["adminform"].form.errors)) == (
        422, {"retired_here_reason", "retired_here_approver"},
    )  # fmt: skip

    browser.open(change_page(row)).send("retire", press=("_save", "Save"), **RETIRED)
    retired = model.objects.get(pk=row.pk)
    assert retired.retired_at == retired.retired_here_at is not None
    assert (retired.retired_here_by, retired.retired_here_reason) == (admin, "Nobody here needles it.")
    listing = browser.open(reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist"))
    assert "retired here" in listing.client.get(f"{listing.path}?standing=retired-here").text

    form = browser.open(change_page(row)).form("retire")
    posted = {name: value for name, value in form.filled().items() if name != "retire"}
    browser.client.post(change_page(row), {**posted, "_save": ["Save"]})
    back = model.objects.get(pk=row.pk)
    assert (back.retired_at, back.retired_here_at, back.retired_here_reason) == (None, None, "")


def test_a_row_that_left_the_list_meanwhile_does_not_come_back(browser, admin):
    now = timezone.now()
    row = Muscle.objects.create(
        code="former", name="Former", group="Leg", billing_key="former", source="an earlier file",
        retired_at=now, retired_here_at=now, retired_here_by=admin,
        retired_here_reason="x", retired_here_approver="y",
    )  # fmt: skip
    form = browser.open(change_page(row)).form("retire")
    posted = {name: value for name, value in form.filled().items() if name != "retire"}
    browser.client.post(change_page(row), {**posted, "_save": ["Save"]})

    row.refresh_from_db()
    assert (row.retired_here_at, row.retired_at) == (None, now)


def test_a_condition_with_its_code_and_name_is_added(browser):
    added(browser, Condition, **CONDITION, **APPROVED)
    condition = Condition.objects.get(own=True)
    code = {"condition": str(condition.pk), "variant": "posture", "label": "Postural neck pain",
            "code_right": "m54.2", "code_left": "M54.2", "code_set_year": "2026"}  # fmt: skip
    added(browser, DiagnosisFamily, **code, **APPROVED)
    added(browser, ConditionName, condition=str(condition.pk), name="phone neck", **APPROVED)

    assert (condition.code, condition.region) == ("own-text-neck", "neck")
    family = DiagnosisFamily.objects.get(own=True)
    assert (family.variant, family.code_right) == ("own-posture", "M54.2")
    assert ConditionName.objects.get(own=True).name == "phone neck"


@pytest.mark.parametrize("code", ["54.2", "M5420", "M54.20000", "neck"])
def test_what_is_no_diagnosis_code_is_refused_at_its_field(browser, code):
    condition = str(Condition.objects.first().pk)
    typed = {"condition": condition, "variant": "x", "label": "X", "code_right": code, "code_left": "M54.2",
             "code_set_year": "2026"}  # fmt: skip
    page = added(browser, DiagnosisFamily, **typed, **APPROVED)

    assert set(page.context["adminform"].form.errors) == {"code_right"}


def test_the_same_own_name_twice_is_refused(browser):
    condition = str(Condition.objects.first().pk)
    added(browser, ConditionName, condition=condition, name="phone neck", **APPROVED)
    page = added(browser, ConditionName, condition=condition, name="phone neck", **APPROVED)

    assert page.context["adminform"].form.errors == {"name": ["This condition has that name already."]}


def test_a_question_is_added_behind_its_group_and_keeps_its_meaning(browser):
    group = ScreeningItem.objects.filter(kind="visit").first().group
    added(browser, ScreeningItem, "question", **{**QUESTION, **APPROVED, "group": group})
    row = ScreeningItem.objects.get(own=True)
    form = browser.open(change_page(row)).form("retire")

    assert {"kind", "scope", "concern_answer", "code"}.isdisjoint(form.fields)
    groups = list(ScreeningItem.objects.filter(kind="visit").values_list("group", flat=True))
    runs = [each for each, before in zip(groups, ["", *groups], strict=False) if each != before]
    assert len(runs) == len(set(runs))


@pytest.mark.parametrize(("typed", "field"), [
    ({"question": "Cold sores"}, "question"), ({"strip_label": ""}, "strip_label"),
    ({"guidance": ""}, "guidance"), ({"scope": "site", "acts_like": "pregnant"}, "acts_like"),
])  # fmt: skip
def test_a_question_that_the_rules_could_not_use_is_refused(browser, typed, field):
    page = added(browser, ScreeningItem, "question", **{**QUESTION, **APPROVED, **typed})

    assert set(page.context["adminform"].form.errors) == {field}


def test_the_list_says_whose_a_row_is(browser):
    muscle(browser)
    page = browser.open(f"{reverse('admin:treatments_muscle_changelist')}?standing=own")

    assert "your own" in page.text
    assert "Filiform’s" not in html.unescape(page.text)


OWN = {"own": True, "approved_by": "Dr. H. Oduya", "approved_on": dt.date(2026, 11, 2)}


@pytest.mark.parametrize("fields", [
    {"own": True}, {**OWN, "approved_by": ""}, {**OWN, "approved_on": None}, {**OWN, "source": ""},
    {**OWN, "code": "ae"}, {"code": "own-ae"}, {"approved_by": "Dr. H. Oduya"},
    {"retired_here_reason": "why"}, {"retired_here_at": dt.datetime(2026, 11, 2, tzinfo=dt.UTC)},
])  # fmt: skip
def test_the_database_holds_what_an_own_row_must_say(fields):
    code = {"code": "own-ae"} if fields.get("own") else {"code": "ae"}
    values = {"name": "F", "group": "Leg", "billing_key": "f", "source": "s", **code, **fields}
    with pytest.raises(IntegrityError), transaction.atomic():
        Muscle.objects.create(**values)
