"""Allergies, medications, contacts, insurance and referral: added, ended, or recorded as none."""

import datetime as dt

import pytest
from django.utils import timezone

from clinic.models import AuditEvent
from clinic.values.errors import RuleViolation
from patients.actions import alerts
from patients.models import Allergy, Coverage, Medication, Referral, RelatedPerson
from patients.rules import alerts as alerts_rules
from tests import factories
from tests.statements import BUDGET, as_lines, data_statements

TODAY = dt.date(2026, 5, 12)


@pytest.fixture
def desk(reception, signed_in):
    return signed_in(reception)


@pytest.fixture
def url(ada):
    return f"/patients/{ada.ref}/alerts/"


@pytest.mark.parametrize(
    ("word", "model", "values"),
    [
        ("allergy", Allergy, {"substance": "Nickel", "reaction": "Rash"}),
        ("medication", Medication, {"name": "Apixaban", "thins_blood": "yes"}),
        ("related", RelatedPerson, {"kind": "guardian", "name": "Eve Examplewood", "phone": "555 555 0123"}),
        ("coverage", Coverage, {"kind": "medicare"}),
        ("referral", Referral, {"by_whom": "Dr. Sample", "given_on": "5/1/2026", "is_written": "on"}),
    ],
)
def test_what_is_added_stands_in_the_list_and_the_audit(desk, url, ada, reception, word, model, values):
    response = desk.post(url, {"what": word, **{f"{word}-{name}": value for name, value in values.items()}})
    assert response.status_code == 302
    row = model.objects.get(patient=ada)
    assert row.noted_by == reception
    assert AuditEvent.objects.filter(code=f"{word}.noted", patient_ref=ada.ref).count() == 1
    assert (
        list(values.values())[0] in desk.get(url).content.decode() or word == "coverage" or word == "related"
    )


@pytest.mark.parametrize(
    ("word", "values", "field", "message"),
    [
        ("allergy", {}, "substance", "Write what the patient is allergic to."),
        ("allergy", {"substance": "x" * 10_001}, "substance", "too many"),
        ("medication", {"name": "Aspirin"}, "thins_blood", "Choose if it is a blood thinner."),
        ("related", {"kind": "guardian", "name": "Eve", "phone": "12"}, "phone", "2 digits found"),
        ("coverage", {"payer": "Example"}, "kind", "Choose who pays."),
        (
            "referral",
            {"by_whom": "Dr. Sample", "given_on": "2/30/2026"},
            "given_on",
            "There is no February 30",
        ),
        (
            "referral",
            {"by_whom": "Dr. Sample", "given_on": "5/1/2026", "expires_on": "4/1/2026"},
            "expires_on",
            "before the referral",
        ),
    ],
)
def test_what_cannot_be_is_explained_and_kept(desk, url, word, values, field, message):
    response = desk.post(url, {"what": word, **{f"{word}-{name}": value for name, value in values.items()}})
    assert response.status_code == 422
    form = response.context["form"]
    assert message in " ".join(form.errors[field])
    assert [form[name].value() for name in values] == list(values.values())


def test_none_known_is_a_dated_statement_of_its_own(desk, url, ada, reception):
    assert "Nothing recorded." in desk.get(url).content.decode()
    desk.post(url, {"none": "allergy"})
    ada.refresh_from_db()
    assert ada.allergies_none_by == reception
    assert ada.medications_none_at is None
    assert AuditEvent.objects.filter(code="allergy.none").exists()


def test_a_first_allergy_takes_none_known_back(desk, url, ada):
    desk.post(url, {"none": "allergy"})
    desk.post(url, {"what": "allergy", "allergy-substance": "Nickel"})
    ada.refresh_from_db()
    assert (ada.allergies_none_at, ada.allergies_none_by) == (None, None)


def test_none_known_is_refused_while_one_stands(desk, url, ada, reception):
    alerts.add(Allergy, ada, by=reception, substance="Nickel")
    with pytest.raises(RuleViolation) as refused:
        alerts.record_none_known(ada, by=reception, noun="allergy")
    assert refused.value.codes == {"some-stand"}
    response = desk.post(url, {"none": "allergy"})
    assert response.status_code == 422
    assert "End them first" in response.content.decode()


def test_an_ended_row_stays_and_leaves_the_list(desk, url, ada, reception):
    row = alerts.add(Medication, ada, by=reception, name="Apixaban", thins_blood=True)
    for _ in range(2):
        desk.post(url, {"end": f"medication-{row.pk}"})
    row.refresh_from_db()
    assert row.ended_by == reception
    assert AuditEvent.objects.filter(code="medication.ended").count() == 1
    assert "Apixaban" not in desk.get(url).content.decode().split("messages")[-1].split("Medications")[-1]


def test_a_row_of_another_patient_cannot_be_ended(desk, url, reception):
    other = alerts.add(Allergy, factories.patient(reception), by=reception, substance="Latex")
    assert desk.post(url, {"end": f"allergy-{other.pk}"}).status_code == 404
    other.refresh_from_db()
    assert other.ended_at is None


@pytest.mark.parametrize(
    "sent", [{"end": "x"}, {"end": "allergy-9x"}, {"what": "nothing"}, {"end": "referral-1"}]
)
def test_a_word_that_is_none_is_not_found(desk, url, sent):
    assert desk.post(url, sent).status_code == 404


def test_a_medicine_that_thins_the_blood_is_on_the_strip(desk, url, ada, reception):
    alerts.add(Medication, ada, by=reception, name="Apixaban", thins_blood=True)
    assert "Blood thinner" in desk.get(url).content.decode()


@pytest.mark.parametrize(
    ("born", "has_guardian", "codes"),
    [
        (dt.date(2008, 5, 12), False, set()),
        (dt.date(2008, 5, 13), False, {"guardian-needed"}),
        (dt.date(2008, 5, 13), True, set()),
        (dt.date(2020, 1, 1), False, {"guardian-needed"}),
    ],
)
def test_a_guardian_is_needed_until_the_eighteenth_birthday(born, has_guardian, codes):
    found = alerts_rules.guardian_reasons(born, on=TODAY, has_guardian=has_guardian)
    assert {reason.code for reason in found} == codes


@pytest.mark.parametrize(
    ("ends", "codes"),
    [
        (None, set()),
        (TODAY + dt.timedelta(days=15), set()),
        (TODAY + dt.timedelta(days=14), {"referral-ends-soon"}),
        (TODAY, {"referral-ends-soon"}),
        (TODAY - dt.timedelta(days=1), {"referral-ended"}),
    ],
)
def test_a_referral_that_ends_is_said(ends, codes):
    assert {reason.code for reason in alerts_rules.referral_reasons(ends, on=TODAY)} == codes


def test_the_page_costs_the_same_however_long_the_lists(desk, url, ada, reception):
    for number in range(20):
        alerts.add(Allergy, ada, by=reception, substance=f"Substance {number}")
        alerts.add(Medication, ada, by=reception, name=f"Medicine {number}", thins_blood=False)
    with data_statements() as data:
        desk.get(url)
    assert len(data) <= BUDGET, as_lines(data)


def test_a_minor_is_said_on_the_page(desk, url, ada):
    ada.born = timezone.localdate() - dt.timedelta(days=15 * 365)
    ada.save(update_fields=["born"])
    assert "a parent or guardian consents" in desk.get(url).content.decode()
