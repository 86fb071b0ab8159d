"""The admin saves a form completely or not at all, and once however often it is posted."""

from django.db import OperationalError
from django.urls import reverse

from clinic.actions import accounts
from clinic.models import AuditEvent, Location, User
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
