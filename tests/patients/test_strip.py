"""The patient banner: identity, risk flags by severity, and what the desk may not read."""

import datetime as dt

import pytest
from django.utils import timezone

from patients.models import Allergy, Medication, RelatedPerson
from patients.rules import ages, screenings
from patients.selectors import banner
from tests import factories

pytestmark = pytest.mark.django_db

TODAY = dt.date(2026, 5, 14)
AT = dt.datetime(2026, 5, 12, 15, tzinfo=dt.UTC)


def answered(patient, by, *, kind="intake", at=AT, **answers):
    """A screening with these answers, reviewed at once."""
    said = {code.replace("_", "-"): answer for code, answer in answers.items()}
    return factories.screening(patient, by, kind=kind, taken_at=at, answers=said, reviewed_at=at)


def texts(shown):
    return [tag["text"] for tag in shown["tags"]], [state["text"] for state in shown["states"]]


def strip_of(patient, user, on=TODAY):
    return banner.banner_for(patient, user=user, on=on)


def test_identity_names_the_patient_twice_over(ada, therapist):
    ada.sex, ada.phone = "female", "(555) 555-0111"
    ada.save(update_fields=["sex", "phone"])
    shown = strip_of(ada, therapist)
    assert (shown["name"], shown["sex"], shown["age"]) == ("EXAMPLEWOOD, Ada", "F", "40 years")
    assert (shown["born"], shown["ref"], shown["phone"]) == ("Jul 9, 1985", ada.ref, "(555) 555-0111")


@pytest.mark.parametrize(
    ("born", "age"),
    [
        (dt.date(1986, 5, 14), "40 years"),
        (dt.date(1986, 5, 15), "39 years"),
        (dt.date(2024, 5, 15), "23 months"),
        (dt.date(2026, 4, 14), "1 month"),
        (dt.date(2026, 4, 15), "under 1 month"),
        (dt.date(2000, 2, 29), "26 years"),
    ],
)
def test_age_is_whole_years_or_months(born, age):
    assert ages.age_words(born, TODAY) == age


def test_none_known_and_not_asked_look_different(ada, therapist):
    assert {"kind": "neutral", "text": "Allergies not asked"} in strip_of(ada, therapist)["states"]
    ada.allergies_none_at, ada.allergies_none_by = AT, therapist
    ada.save(update_fields=["allergies_none_at", "allergies_none_by"])
    assert {"kind": "ok", "text": "No known allergies, asked May 12"} in strip_of(ada, therapist)["states"]


def test_desk_reads_allergies_and_medicines_but_no_answers(ada, reception, therapist):
    answered(ada, therapist, pregnant="yes")
    Allergy.objects.create(patient=ada, substance="nickel", noted_by=reception)
    Medication.objects.create(patient=ada, name="apixaban", thins_blood=True, noted_by=reception)
    Medication.objects.create(patient=ada, name="ibuprofen", noted_by=reception)
    tags, states = texts(strip_of(ada, reception))
    assert tags == ["Blood thinner: apixaban", "Allergy: nickel"]
    assert "Medications: ibuprofen" in states
    assert "Pregnancy, asked May 12" in texts(strip_of(ada, therapist))[0]


def test_medicine_and_answer_about_blood_thinners_are_one_tag(ada, therapist):
    answered(ada, therapist, blood_thinner="yes")
    Medication.objects.create(patient=ada, name="apixaban", thins_blood=True, noted_by=therapist)
    assert texts(strip_of(ada, therapist))[0] == ["Blood thinner: apixaban, asked May 12"]


def test_unknown_answer_says_so_and_no_is_silent(ada, therapist):
    answered(ada, therapist, pacemaker="unknown", epilepsy="no")
    assert texts(strip_of(ada, therapist))[0] == ["Pacemaker: not known, asked May 12"]


def test_only_the_newest_reviewed_questionnaire_counts(ada, therapist):
    answered(ada, therapist, at=AT - dt.timedelta(days=400), pregnant="yes")
    answered(ada, therapist, epilepsy="yes")
    answered(ada, therapist, kind="visit", at=AT - dt.timedelta(days=7), fever_today="yes")
    assert texts(strip_of(ada, therapist))[0] == ["Seizures, asked May 12"]


def test_answer_of_the_visit_counts_on_its_day(ada, therapist):
    answered(ada, therapist, kind="visit", fever_today="yes")
    assert texts(strip_of(ada, therapist, on=dt.date(2026, 5, 12)))[0] == ["Ill today, asked May 12"]


def test_stops_come_first_and_never_fold(ada, therapist):
    answered(
        ada, therapist, cancer="yes", ill_now="yes", bleeding_disorder="yes", needle_fear="yes",
        pregnant="yes", lungs="yes",
    )  # fmt: skip
    shown = strip_of(ada, therapist)
    assert [tag["kind"] for tag in shown["tags"]] == ["stop"] * 4 + ["caution"]
    assert shown["tags"][-1]["text"] == "+2 more"
    # in the questionnaire two cautions come before the last stop
    assert [tag["kind"] for tag in shown["risks"]] == ["stop"] * 4 + ["caution"] * 2


def test_three_cautions_stand_and_the_rest_is_counted(ada, reception):
    for substance in ("nickel", "latex", "iodine", "alcohol"):
        Allergy.objects.create(patient=ada, substance=substance, noted_by=reception)
    assert texts(strip_of(ada, reception))[0] == [
        "Allergy: nickel", "Allergy: latex", "Allergy: iodine", "+1 more",
    ]  # fmt: skip


def test_states_of_screening_and_consent_stand(ada, therapist):
    states = strip_of(ada, therapist)["states"]
    assert {"kind": "neutral", "text": "Health questions: not asked"} in states
    assert {"kind": "stop", "text": "Consent: missing"} in states


def test_ended_alerts_leave_the_strip(ada, reception):
    now = timezone.now()
    Allergy.objects.create(
        patient=ada, substance="nickel", noted_by=reception, ended_at=now, ended_by=reception
    )
    assert texts(strip_of(ada, reception))[0] == []


def test_strip_asks_twice_at_most(ada, therapist, django_assert_num_queries):
    answered(ada, therapist, pregnant="yes", epilepsy="yes")
    with django_assert_num_queries(2):
        strip_of(ada, therapist)


def test_a_first_time_is_over_after_the_first_session(ada, therapist, draft):
    answered(ada, therapist, first_needling="yes", at=timezone.now())
    assert [tag.split(",")[0] for tag in texts(strip_of(ada, therapist))[0]] == ["First needling"]

    type(draft).objects.filter(pk=draft.pk).update(ended_at=timezone.now())

    assert texts(strip_of(ada, therapist))[0] == []


def test_visits_made_before_are_no_first_time(ada, therapist):
    answered(ada, therapist, first_needling="yes")
    factories.episode(ada, therapist, visits_before=3)

    assert texts(strip_of(ada, therapist))[0] == []


def states_of(patient, user, on=TODAY):
    shown = strip_of(patient, user, on)["states"]
    return [(state["kind"], state["text"], state.get("url")) for state in shown]


def test_a_minor_is_said_and_a_guardian_is_missed_until_one_is_on_record(ada, reception, therapist, admin):
    ada.born = dt.date(2010, 5, 15)
    ada.save(update_fields=["born"])
    add = f"/patients/{ada.ref}/alerts/#s-related"
    missed = "Under 18, no guardian on record"

    assert ("caution", missed, add) in states_of(ada, reception)
    assert ("caution", missed, None) in states_of(ada, admin)
    guardian = RelatedPerson.objects.create(
        patient=ada, kind="guardian", name="Eve Examplewood", noted_by=reception
    )
    ada.banner_answers = None
    assert ("info", "Under 18, guardian on record", None) in states_of(ada, therapist)
    RelatedPerson.objects.filter(pk=guardian.pk).update(ended_at=AT, ended_by=reception)
    ada.banner_answers = None
    assert ("caution", missed, add) in states_of(ada, therapist)
    assert not [text for _, text, _ in states_of(ada, therapist, dt.date(2028, 5, 15)) if "18" in text]


def test_blood_thinner_and_allergies_stand_before_what_is_not_known(ada, therapist):
    answered(ada, therapist, pacemaker="unknown", epilepsy="yes", metal_allergy="yes")
    Allergy.objects.create(patient=ada, substance="latex", noted_by=therapist)
    Medication.objects.create(patient=ada, name="apixaban", thins_blood=True, noted_by=therapist)
    assert [tag["text"] for tag in strip_of(ada, therapist)["risks"]] == [
        "Blood thinner: apixaban",
        "Allergy: latex",
        "Metal allergy, asked May 12",
        "Seizures, asked May 12",
        "Pacemaker: not known, asked May 12",
    ]


def test_the_limb_that_swells_is_named(ada, therapist):
    limb = [{"region": "f-shin", "side": "left"}, {"region": "f-add", "side": "left"}]
    given = screenings.GivenAnswer("yes", "", tuple(limb))
    factories.screening(ada, therapist, taken_at=AT, reviewed_at=AT, answers={"lymph-swelling": given})
    assert texts(strip_of(ada, therapist))[0] == ["Lymph swelling: leg, left, asked May 12"]


def test_one_answer_under_one_name_is_said_once_and_the_known_one_stands(ada, therapist):
    answered(ada, therapist, at=AT - dt.timedelta(days=2), pregnant="unknown")
    answered(ada, therapist, kind="visit", pregnant_today="yes")
    shown = strip_of(ada, therapist, on=dt.date(2026, 5, 12))
    assert texts(shown)[0] == ["Pregnancy, asked May 12"]


def test_under_18_stands_once_with_the_guardian(reception, therapist):
    child = factories.patient(reception, family_name="Youngwood", born=dt.date(2012, 5, 14))
    answered(child, therapist, under_18="yes")
    tags, states = texts(strip_of(child, therapist))
    assert (tags, [text for text in states if "18" in text]) == ([], ["Under 18, no guardian on record"])
