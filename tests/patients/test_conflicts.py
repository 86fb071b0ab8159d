"""Two people save one form: the second sees both values, keeps everything typed, and goes on in one step."""

import datetime as dt

import pytest
from django import forms
from django.urls import reverse
from django.utils import timezone

from clinic.forms.base import StaffForm
from patients.actions import conditions, episodes, patients, restrictions, retention, visits
from patients.models import Patient
from tests import factories
from tests.form_client import FormClient

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(reception, signed_in):
    return FormClient(signed_in(reception))


@pytest.fixture
def details(desk, ada, reception):
    """The page of Ada's details with two fields typed, after a colleague has changed one of them."""
    desk.open(reverse("patients:edit", args=[ada.ref]))
    patients.change(ada, by=reception, phone="(555) 555-0188", city="Springfield")
    desk.try_to_send("family_name", phone="(555) 555-0199", pronouns="she/her", gender="woman")
    return desk


def press_theirs(browser, *names):
    button = next(button for button in browser.form(*names).buttons if button[0] == "theirs")
    return browser.try_to_send(*names, press=button)


def test_everything_typed_stands_beside_what_was_saved(details):
    assert details.page.status_code == 409

    form = details.form("family_name")
    typed = {name: form.fields[name].values for name in ("phone", "pronouns", "gender")}
    assert typed == {"phone": ["(555) 555-0199"], "pronouns": ["she/her"], "gender": ["woman"]}
    (difference,) = details.page.context["form"].differences
    assert (difference.label, difference.theirs, difference.mine) == (
        "Cell phone", "(555) 555-0188", "(555) 555-0199",
    )  # fmt: skip
    for text in (difference.theirs, difference.mine):
        assert text in details.text


def test_one_step_saves_what_was_typed_and_keeps_what_was_not_touched(details, ada):
    details.try_to_send("family_name")

    stored = Patient.objects.get(pk=ada.pk)
    assert (stored.phone, stored.pronouns, stored.city) == ("(555) 555-0199", "she/her", "Springfield")


def test_one_step_keeps_what_was_saved_and_saves_the_rest(details, ada):
    press_theirs(details, "family_name")

    stored = Patient.objects.get(pk=ada.pk)
    assert (stored.phone, stored.pronouns, stored.city) == ("(555) 555-0188", "she/her", "Springfield")


def test_a_third_save_in_between_is_shown_as_well(details, ada, reception):
    patients.change(ada, by=reception, phone="(555) 555-0177")

    details.try_to_send("family_name")

    assert details.page.status_code == 409
    assert details.page.context["form"].differences[0].theirs == "(555) 555-0177"


@pytest.fixture
def visit(desk, ada, reception, therapist, other_therapist):
    booked = visits.book(
        ada,
        by=reception,
        therapist=therapist,
        location=factories.location(),
        booked_for=timezone.now() + dt.timedelta(days=1),
        minutes=30,
        kind="follow_up",
    )
    desk.open(reverse("patients:visit-edit", args=[booked.ref]))
    visits.change(booked, by=reception, therapist=other_therapist, minutes=60)
    return booked


def test_a_visit_shows_the_names_of_both_choices_and_keeps_the_note(desk, visit, reception):
    desk.try_to_send("desk_note", minutes="45", desk_note="Brings a cane")

    assert desk.page.status_code == 409
    form = desk.page.context["form"]
    assert [(each.label, each.theirs, each.mine) for each in form.differences] == [("Minutes", "60", "45")]
    assert desk.form("desk_note").fields["desk_note"].values == ["Brings a cane"]


def test_a_visit_goes_on_in_one_step_either_way(desk, visit, other_therapist):
    desk.try_to_send("desk_note", minutes="45", desk_note="Brings a cane")
    press_theirs(desk, "desk_note")

    visit.refresh_from_db()
    assert (visit.minutes, visit.desk_note, visit.therapist) == (60, "Brings a cane", other_therapist)


def test_who_may_open_a_record_shows_the_names(ada, lead, therapist, other_therapist, reception, signed_in):
    browser = FormClient(signed_in(lead))
    restrictions.restrict(ada, by=lead, people=[therapist], reason="Works here")
    browser.open(reverse("patients:restriction", args=[ada.ref]))
    restrictions.restrict(ada, by=lead, people=[therapist, reception], reason="Is family")

    browser.try_to_send("people", people=[str(other_therapist.pk)], reason="Asked for it")

    assert browser.page.status_code == 409
    (difference,) = browser.page.context["form"].differences
    assert set(difference.theirs.split("; ")) == {therapist.display_name, reception.display_name}
    assert difference.mine == other_therapist.display_name
    browser.try_to_send("people")
    assert restricted_to(ada) == {other_therapist.pk}


def test_a_colleagues_name_is_not_taken_off_by_another_field(
    ada, lead, therapist, reception, admin, signed_in
):
    """Only the account was changed here: whom the colleague named meanwhile stays named."""
    browser = FormClient(signed_in(lead))
    restrictions.restrict(ada, by=lead, people=[therapist], reason="Works here")
    browser.open(reverse("patients:restriction", args=[ada.ref]))
    restrictions.restrict(ada, by=lead, people=[therapist, reception], reason="Is family")

    browser.try_to_send("people", account=str(admin.pk), reason="Works here")

    assert restricted_to(ada) == {therapist.pk, reception.pk}


def restricted_to(patient) -> set[int]:
    return set(patient.opened_to.named().values_list("user", flat=True))


def test_a_decision_that_somebody_made_first_shows_what_was_typed_and_leads_back(ada, lead, signed_in):
    there = reverse("patients:keeping", args=[ada.ref])
    browser = FormClient(signed_in(lead)).open(there)
    sent = browser.form("reason").filled(reason="A letter of their lawyer")
    retention.set_hold(ada, by=lead, reason="A complaint")

    answer = browser.client.post(there, sent, headers={"Referer": f"http://testserver{there}"})

    assert answer.status_code == 409
    assert "A letter of their lawyer" in answer.text
    assert f'href="{there}"' in answer.text


def test_a_way_back_leads_nowhere_else(ada, lead, signed_in):
    retention.set_hold(ada, by=lead, reason="A complaint")
    there = reverse("patients:keeping", args=[ada.ref])

    answer = signed_in(lead).post(there, {"reason": "x"}, headers={"Referer": "https://example.org/keeping/"})

    assert answer.status_code == 409
    assert "example.org" not in answer.text


def test_a_course_of_treatment_is_not_overwritten(ada, therapist, signed_in):
    current = factories.episode(ada, therapist)
    browser = FormClient(signed_in(therapist)).open(reverse("patients:episode", args=[ada.ref]))
    episodes.change(current, by=therapist, target_visits=8, visits_before=2)

    browser.try_to_send("target_visits", target_visits="6")
    assert browser.page.status_code == 409
    press_theirs(browser, "target_visits")
    current.refresh_from_db()
    assert (current.target_visits, current.visits_before) == (8, 2)


def test_a_condition_is_not_overwritten(ada, therapist, signed_in):
    recorded = factories.condition(factories.episode(ada, therapist), therapist)
    there = reverse("patients:condition-edit", args=[ada.ref, recorded.pk])
    browser = FormClient(signed_in(therapist)).open(there)
    side, variant = recorded.side, recorded.variant
    conditions.change(recorded, by=therapist, side=side, variant=variant, goal="Sleep", cause="sport")

    browser.try_to_send("goal", goal="Walk", onset="2024")
    assert browser.page.status_code == 409
    shown = [(each.theirs, each.mine) for each in browser.page.context["form"].differences]
    assert shown == [("Sleep", "Walk")]
    browser.try_to_send("goal")
    recorded.refresh_from_db()
    assert (recorded.goal, recorded.cause, recorded.onset_precision) == ("Walk", "sport", "year")


def test_an_onset_that_both_set_can_stay_as_it_was_saved(ada, therapist, signed_in):
    recorded = factories.condition(factories.episode(ada, therapist), therapist)
    there = reverse("patients:condition-edit", args=[ada.ref, recorded.pk])
    browser = FormClient(signed_in(therapist)).open(there)
    since = {"onset_on": dt.date(2023, 1, 1), "onset_precision": "year"}
    conditions.change(recorded, by=therapist, side=recorded.side, variant=recorded.variant, **since)

    browser.try_to_send("goal", goal="Walk", onset="2024")
    assert browser.page.status_code == 409
    press_theirs(browser, "goal")
    recorded.refresh_from_db()
    assert (recorded.goal, recorded.onset_on) == ("Walk", dt.date(2023, 1, 1))


class ProofTyped(StaffForm):
    why = forms.CharField(label="Why")
    password = forms.CharField(label="Password", widget=forms.PasswordInput)


def test_a_password_is_not_shown_again():
    form = ProofTyped({"why": "Forgot it", "password": "nothing to see"})

    assert form.is_valid()
    assert form.typed == [("Why", "Forgot it")]
