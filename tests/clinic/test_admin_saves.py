"""The admin saves a form completely or not at all, and once however often it is posted."""

import pytest
from django.db import OperationalError
from django.urls import reverse

from clinic.actions import accounts
from clinic.models import AuditEvent, Location, Practice, Room, User
from tests import factories
from tests.form_client import FormClient


def test_a_form_that_is_sent_twice_saves_once(admin, therapist, signed_in):
    """Posts again, as after an error page that followed a successful save."""
    admin_browser = FormClient(signed_in(admin)).open(
        reverse("admin:clinic_user_change", args=[therapist.pk])
    )
    grant = admin_browser.form("role_grants-1-role").filled(**{"role_grants-1-role": "lead"})

    answers = [admin_browser.client.post(admin_browser.path, grant) for _ in range(2)]

    assert [(answer.status_code, answer.url) for answer in answers] == [(302, answers[0].url)] * 2
    assert therapist.role_grants.filter(role="lead").count() == 1
    assert AuditEvent.objects.filter(code="user.role_given").count() == 1


def test_a_form_that_was_refused_is_sent_again_under_its_key(admin, signed_in):
    admin_browser = FormClient(signed_in(admin)).open(reverse("admin:clinic_location_add"))
    key = admin_browser.form("code").fields["form_key"].values

    admin_browser.try_to_send("code", name="The annex")
    again = admin_browser.form("code").fields["form_key"].values
    admin_browser.send("code", code="annex")

    assert again == key
    assert Location.objects.filter(code="annex").count() == 1


def test_an_action_that_fails_on_the_second_person_leaves_the_first_alone(
    admin, therapist, reception, signed_in, monkeypatch
):
    """Otherwise nobody would have seen the first user's password."""
    given, before = [], passwords()

    def fails_later(user, *, by, give=accounts.give_one_time_password):
        given.append(give(user, by=by))
        if len(given) == 2:
            raise OperationalError("the disk is full")

    monkeypatch.setattr(accounts, "give_one_time_password", fails_later)
    client = signed_in(admin)
    client.raise_request_exception = False
    ticked = {"action": "give_one_time_password", "_selected_action": [therapist.pk, reception.pk]}
    answer = client.post(reverse("admin:clinic_user_changelist"), ticked)

    assert (answer.status_code, len(given)) == (503, 2)
    assert passwords() == before


def passwords() -> dict[int, str]:
    return dict(User.objects.values_list("pk", "password"))


def test_a_save_leads_back_to_the_list_however_long_its_filter_is(admin, therapist, signed_in):
    """The form key limits the length of the address: the list without its filter is better than no save."""
    listing, wide = reverse("admin:clinic_user_changelist"), f"_changelist_filters=q%3D{'x' * 400}"
    there = reverse("admin:clinic_user_change", args=[therapist.pk])
    admin_browser = FormClient(signed_in(admin)).open(there)
    form = admin_browser.form("last_name").filled(last_name="Lund-Hale")

    answer = admin_browser.client.post(f"{there}?{wide}", form)

    assert (answer.status_code, answer.url) == (302, listing)
    assert User.objects.get(pk=therapist.pk).last_name == "Lund-Hale"


# ---- two administrators at one form


@pytest.fixture
def settings_page(admin, signed_in):
    """The practice settings, opened before somebody else sets the phone and the length of a visit."""
    there = reverse("admin:clinic_practice_change", args=[1])
    Practice.objects.filter(pk=1).update(phone="(555) 555-0100", visit_minutes=30)
    browser = FormClient(signed_in(admin)).open(there)
    Practice.objects.filter(pk=1).update(phone="(555) 555-0111", visit_minutes=45)
    return browser


def settings() -> tuple:
    return Practice.objects.values_list("name", "phone", "visit_minutes").get(pk=1)


def press_theirs(browser, *names):
    button = next(button for button in browser.form(*names).buttons if button[0] == "theirs")
    return browser.try_to_send(*names, press=button)


def test_settings_that_somebody_else_saved_are_not_overwritten(settings_page):
    settings_page.send("phone", name="Knots and Needles")

    assert settings() == ("Knots and Needles", "(555) 555-0111", 45)
    changes = AuditEvent.objects.filter(code="admin.changed").latest("seq").changes
    assert set(changes) == {"name"}


def test_a_setting_that_two_people_set_shows_both_values_and_keeps_the_rest(settings_page):
    settings_page.try_to_send("phone", name="Knots and Needles", visit_minutes="20")

    assert settings_page.page.status_code == 409
    assert (
        "Somebody else saved “45” here meanwhile. Save again to put “20” in its place." in settings_page.text
    )
    form = settings_page.form("phone")
    assert [form.fields[name].values for name in ("name", "visit_minutes")] == [["Knots and Needles"], ["20"]]
    assert settings()[2] == 45


@pytest.mark.parametrize(("keeps_theirs", "minutes"), [(False, 20), (True, 45)])
def test_settings_go_on_either_way_in_one_step(settings_page, keeps_theirs, minutes):
    settings_page.try_to_send("phone", name="Knots and Needles", visit_minutes="20")
    if keeps_theirs:
        press_theirs(settings_page, "phone")
    else:
        settings_page.send("phone")

    assert settings() == ("Knots and Needles", "(555) 555-0111", minutes)


def test_a_page_that_cannot_be_compared_any_more_shows_what_it_would_overwrite(settings_page):
    """Opened before the secret key was changed."""
    settings_page.try_to_send("phone", seen="of-another-key", name="Knots and Needles")

    assert settings_page.page.status_code == 409
    assert list(settings_page.page.context_data["adminform"].form.errors) == [
        "name",
        "phone",
        "visit_minutes",
    ]
    assert settings()[1:] == ("(555) 555-0111", 45)
    press_theirs(settings_page, "phone")
    assert settings()[1:] == ("(555) 555-0111", 45)


def test_a_room_below_a_location_is_not_overwritten_either(admin, signed_in):
    room = factories.room()
    browser = FormClient(signed_in(admin)).open(
        reverse("admin:clinic_location_change", args=[room.location_id])
    )
    Room.objects.filter(pk=room.pk).update(name="Garden room")

    browser.send("code", state="WI")
    room.refresh_from_db()
    assert room.name == "Garden room"

    browser.open(reverse("admin:clinic_location_change", args=[room.location_id]))
    Room.objects.filter(pk=room.pk).update(name="Sun room")
    browser.try_to_send("code", **{"rooms-0-name": "Moon room"})
    assert browser.page.status_code == 409
    browser.send("code")
    room.refresh_from_db()
    assert room.name == "Moon room"
