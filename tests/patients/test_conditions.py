"""Conditions of a patient: adding, changing and resolving them, and what is refused."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from clinic.models import AuditEvent, Jurisdiction, Practice
from clinic.rules import parsing
from clinic.values.errors import RuleViolation
from patients.actions import conditions
from patients.models import Condition, DiagnosisFamily, PatientCondition
from patients.rules.conditions import onset
from tests import factories

pytestmark = pytest.mark.django_db
TODAY = dt.date(2026, 5, 14)


def condition(code):
    return Condition.objects.get(code=code)


def variant(code, name):
    return DiagnosisFamily.objects.get(condition__code=code, variant=name)


def add_url(patient):
    return reverse("patients:condition-add", args=[patient.ref])


def details(code, **answers):
    return {"condition": code, "details": "yes", **answers}


@pytest.mark.parametrize(
    ("text", "on", "precision"),
    [
        ("March 2026", dt.date(2026, 3, 1), "month"),
        ("mar 2026", dt.date(2026, 3, 1), "month"),
        ("3/2026", dt.date(2026, 3, 1), "month"),
        ("2024", dt.date(2024, 1, 1), "year"),
        ("5/3/2026", dt.date(2026, 5, 3), "day"),
        ("3 May 2026", dt.date(2026, 5, 3), "day"),
        ("yesterday", dt.date(2026, 5, 13), "day"),
    ],
)
def test_onset_is_as_exact_as_it_was_said(text, on, precision):
    assert onset.parse_onset(text, today=TODAY) == onset.Onset(on, precision)


@pytest.mark.parametrize(
    "text", ["June 2026", "2027", "5/15/2026", "13/2026", "0000", "a while ago", "2/30/2026"]
)
def test_onset_that_cannot_be_is_refused(text):
    with pytest.raises(parsing.Unreadable):
        onset.parse_onset(text, today=TODAY)


def test_onset_reads_back_as_it_was_said():
    assert onset.onset_label(dt.date(2026, 3, 1), "month") == "March 2026"
    assert onset.onset_input(dt.date(2026, 5, 3), "day") == "5/3/2026"


def test_therapist_records_a_condition_in_two_steps(signed_in, therapist, ada):
    client = signed_in(therapist)
    first = client.post(add_url(ada), {"condition": "tennis-elbow"})
    assert first.status_code == 200
    assert "M77.11" in first.content.decode()
    answer = client.post(
        add_url(ada),
        details("tennis-elbow", side="right", onset="March 2026", cause="sport", goal="serve again"),
    )
    assert answer.status_code == 302
    row = PatientCondition.objects.get()
    assert (row.icd10, row.code_set_year, row.side) == ("M77.11", 2026, "right")
    assert (row.onset_on, row.onset_precision, row.cause) == (dt.date(2026, 3, 1), "month", "sport")
    assert row.episode.patient == ada
    event = AuditEvent.objects.get(code="condition.recorded")
    assert (event.actor, event.patient_ref) == (therapist, ada.ref)


def test_both_sides_are_two_rows_with_their_own_codes(therapist, ada):
    rows = conditions.record(ada, by=therapist, condition=condition("tennis-elbow"), side="both")
    assert {(row.side, row.icd10) for row in rows} == {("right", "M77.11"), ("left", "M77.12")}


@pytest.mark.parametrize(
    ("code", "icd10"),
    [
        ("carpal-tunnel-syndrome", "G56.03"),
        ("headache", "R51.9"),
        ("low-back-pain", "M54.50"),
        ("migraine", "G43.909"),
        ("plantar-fasciitis", "M72.2"),
        ("decreased-range-of-movement", ""),
    ],
)
def test_both_sides_with_one_code_are_one_row(therapist, ada, code, icd10):
    (row,) = conditions.record(ada, by=therapist, condition=condition(code), side="both")
    assert (row.side, row.icd10) == ("both", icd10)
    assert row.label.endswith(", both sides")


def test_other_side_with_the_same_code_is_said_in_the_row_that_stands(therapist, ada):
    carpal = condition("carpal-tunnel-syndrome")
    (right,) = conditions.record(ada, by=therapist, condition=carpal, side="right")
    with pytest.raises(RuleViolation) as refused:
        conditions.record(ada, by=therapist, condition=carpal, side="left")
    assert refused.value.codes == {"condition-other-side"}
    changed = conditions.change(right, by=therapist, side="both", variant=right.variant)
    assert (changed.side, changed.icd10) == ("both", "G56.03")


def test_a_code_stands_once_also_with_another_complaint(therapist, ada):
    hip, knee = variant("hip-pain", "myofascial"), variant("knee-pain", "myofascial")
    conditions.record(ada, by=therapist, condition=hip.condition, variant=hip, side="left")
    with pytest.raises(RuleViolation) as refused:
        conditions.record(ada, by=therapist, condition=knee.condition, variant=knee, side="right")
    assert refused.value.codes == {"code-stands"}


def test_row_with_a_code_for_each_side_stays_on_one_side(therapist, ada):
    (right,) = conditions.record(ada, by=therapist, condition=condition("knee-pain"), side="right")
    with pytest.raises(RuleViolation) as refused:
        conditions.change(right, by=therapist, side="both", variant=right.variant)
    assert refused.value.codes == {"two-codes"}


@pytest.fixture
def recorded_twice(therapist, ada):
    """As it was before a code stood once: a row for each side, with one code."""
    (right,) = conditions.record(ada, by=therapist, condition=condition("headache"), side="right")
    left = factories.condition(right.episode, therapist, code="headache", side="left")
    return right, left


def test_rows_of_before_are_joined_when_one_is_said_to_be_for_both_sides(therapist, recorded_twice):
    right, left = recorded_twice
    changed = conditions.change(right, by=therapist, side="both", variant=right.variant)
    left.refresh_from_db()
    assert (changed.side, changed.icd10, changed.resolved_at) == ("both", "R51.9", None)
    assert left.resolved_reason == "Both sides stand in one row."
    assert AuditEvent.objects.filter(code="condition.resolved").count() == 1


def test_lay_term_asks_which_one(signed_in, therapist, ada):
    answer = signed_in(therapist).post(add_url(ada), details("throwers-elbow", side="right", goal="throw"))
    assert answer.status_code == 422
    assert "more than one meaning" in answer.content.decode()
    assert "throw</textarea>" in answer.content.decode()
    assert not PatientCondition.objects.exists()


@pytest.mark.parametrize(
    ("answers", "message"),
    [
        ({}, "Choose a side."),
        ({"side": "up"}, "up"),
        ({"side": "left", "onset": "soon"}, "such as March 2026"),
        ({"side": "left", "onset": "1950"}, "before the patient was born"),
        ({"side": "left", "goal": "x" * 1001}, "1,000 fit"),
    ],
)
def test_bad_input_is_answered_at_its_field(signed_in, therapist, ada, answers, message):
    answer = signed_in(therapist).post(add_url(ada), details("knee-pain", **answers))
    assert answer.status_code == 422
    assert message in answer.content.decode()
    assert not PatientCondition.objects.exists()


def test_condition_that_is_not_in_the_list_is_refused(signed_in, therapist, ada):
    answer = signed_in(therapist).post(add_url(ada), {"condition": "broken-heart"})
    assert answer.status_code == 422
    assert not PatientCondition.objects.exists()


def test_injury_code_waits_for_its_last_character(therapist, ada):
    strain = variant("neck-pain", "neck-strain")
    with pytest.raises(RuleViolation) as refused:
        conditions.record(ada, by=therapist, condition=strain.condition, variant=strain, side="left")
    assert refused.value.codes == {"encounter-missing"}
    (row,) = conditions.record(
        ada, by=therapist, condition=strain.condition, variant=strain, side="left", encounter="D"
    )
    assert row.icd10 == "S16.1XXD"


def test_impairment_is_recorded_without_a_code(therapist, ada):
    (row,) = conditions.record(
        ada, by=therapist, condition=condition("decreased-range-of-movement"), side="right"
    )
    assert (row.icd10, row.code_set_year, row.variant) == ("", None, None)


def test_same_condition_and_side_stands_once(therapist, ada):
    conditions.record(ada, by=therapist, condition=condition("knee-pain"), side="left")
    with pytest.raises(RuleViolation) as refused:
        conditions.record(ada, by=therapist, condition=condition("knee-pain"), side="both")
    assert refused.value.codes == {"condition-stands"}
    assert PatientCondition.objects.count() == 1


def test_form_posted_twice_records_once(signed_in, therapist, ada):
    client, key = signed_in(therapist), "0" * 31 + "1"
    for _ in range(2):
        answer = client.post(add_url(ada), details("knee-pain", side="left", form_key=key))
        assert answer.status_code == 302
    assert PatientCondition.objects.count() == 1


def test_change_derives_the_code_again_and_tells_the_audit(therapist, ada):
    (row,) = conditions.record(ada, by=therapist, condition=condition("knee-pain"), side="left")
    conditions.change(row, by=therapist, side="right", goal="kneel")
    row.refresh_from_db()
    assert (row.icd10, row.goal) == ("M25.561", "kneel")
    changes = AuditEvent.objects.get(code="condition.changed").changes
    assert changes == {"side": ["left", "right"], "icd10": ["M25.562", "M25.561"], "goal": ["", "kneel"]}


def test_edit_page_shows_what_stands_and_saves(signed_in, therapist, ada):
    (row,) = conditions.record(
        ada, by=therapist, condition=condition("knee-pain"), side="left", onset_on=dt.date(2026, 3, 1),
        onset_precision="month",
    )  # fmt: skip
    client, url = signed_in(therapist), reverse("patients:condition-edit", args=[ada.ref, row.pk])
    assert 'value="March 2026"' in client.get(url).content.decode()
    assert client.post(url, details("knee-pain", side="left", onset="2024")).status_code == 302
    row.refresh_from_db()
    assert (row.onset_on, row.onset_precision) == (dt.date(2024, 1, 1), "year")


def test_resolved_condition_stays_with_its_reason(signed_in, therapist, ada):
    (row,) = conditions.record(ada, by=therapist, condition=condition("knee-pain"), side="left")
    client, url = signed_in(therapist), reverse("patients:condition-resolve", args=[ada.ref, row.pk])
    assert client.post(url, {"reason": ""}).status_code == 422
    assert client.post(url, {"reason": "no pain for a month"}).status_code == 302
    row.refresh_from_db()
    assert (row.resolved_by, row.resolved_reason) == (therapist, "no pain for a month")
    assert client.get(url).status_code == 404
    conditions.record(ada, by=therapist, condition=condition("knee-pain"), side="left")
    assert PatientCondition.objects.count() == 2


@pytest.mark.parametrize("who", ["reception", "lead", "admin"])
def test_only_therapists_record_conditions(signed_in, request, ada, who):
    client = signed_in(request.getfixturevalue(who))
    assert client.get(add_url(ada)).status_code == 403


def test_condition_of_another_patient_is_not_found(signed_in, therapist, ada):
    other = factories.patient(therapist)
    row = factories.condition(factories.episode(other, therapist), therapist)
    url = reverse("patients:condition-edit", args=[ada.ref, row.pk])
    assert signed_in(therapist).get(url).status_code == 404


def test_restricted_record_is_not_found(signed_in, therapist, ada):
    ada.restricted_at, ada.restricted_by = timezone.now(), therapist
    ada.save(update_fields=["restricted_at", "restricted_by"])
    assert signed_in(therapist).get(add_url(ada)).status_code == 404


def test_stricter_profile_stands_beside_the_form(signed_in, therapist, ada):
    practice = Practice.objects.get()
    practice.jurisdiction = Jurisdiction.objects.get(code="us-il-pt")
    practice.save(update_fields=["jurisdiction"])
    shown = signed_in(therapist).post(add_url(ada), {"condition": "knee-pain"}).content.decode()
    assert "Myofascial pain only" in shown
    assert "M79.18" in shown


def test_row_of_both_sides_keeps_its_code_when_it_is_changed(therapist, ada):
    (row,) = conditions.record(ada, by=therapist, condition=condition("carpal-tunnel-syndrome"), side="both")
    conditions.change(row, by=therapist, side="both", goal="sleep")
    row.refresh_from_db()
    assert (row.icd10, row.goal) == ("G56.03", "sleep")


def test_condition_of_both_sides_is_chosen_and_shown_as_one(signed_in, therapist, ada):
    client = signed_in(therapist)
    client.post(add_url(ada), details("carpal-tunnel-syndrome", side="both"))
    row = PatientCondition.objects.get()
    page = client.get(reverse("patients:condition-edit", args=[ada.ref, row.pk])).content.decode()
    assert "Carpal tunnel syndrome, both sides" in page
    assert 'value="both"' in page
    record = client.get(ada.get_absolute_url()).content.decode()
    assert record.count("G56.03") == 1


def test_retired_variant_may_stay_but_is_not_chosen_anew(therapist, ada):
    (row,) = conditions.record(ada, by=therapist, condition=condition("knee-pain"), side="left")
    DiagnosisFamily.objects.filter(pk=row.variant_id).update(valid_to=dt.date(2020, 9, 30))
    conditions.change(row, by=therapist, side="left", variant=row.variant, goal="kneel")
    row.refresh_from_db()
    assert row.goal == "kneel"
    family = DiagnosisFamily.objects.get(pk=row.variant_id)
    with pytest.raises(RuleViolation) as refused:
        conditions.record(ada, by=therapist, condition=family.condition, variant=family, side="right")
    assert refused.value.codes == {"variant-not-current"}
