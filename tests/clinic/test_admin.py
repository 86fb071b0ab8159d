"""Django's admin: accounts and settings can be changed, clinical rows only read, locks not bypassed."""

import html
import re

import pytest
from django.contrib import admin as django_admin
from django.contrib.sessions.models import Session
from django.urls import reverse
from django.utils import timezone

from clinic.access import GRANTS, OBJECTS, Permission
from clinic.models import AuditEvent, Practice, Role, RoleGrant, Room, User
from patients.models import ConsentText
from tests import factories
from treatments.models import Muscle

pytestmark = pytest.mark.usefixtures("requests_as_serving_role")
CHANGED = {"_save": "Save"}


def rows_of(model) -> str:
    return f"admin:{model._meta.app_label}_{model._meta.model_name}"


def no_inlines(*names: str) -> dict:
    """Management forms of unchanged inlines."""
    return {f"{name}-{key}": 0 for name in names for key in ("TOTAL_FORMS", "INITIAL_FORMS")}


@pytest.mark.parametrize("who", ["reception", "therapist", "lead"])
def test_only_administrators_enter(who, request, signed_in):
    client = signed_in(request.getfixturevalue(who))

    assert client.get("/admin/", follow=True).status_code == 403
    assert AuditEvent.objects.filter(code="access.refused").exists()


def test_a_stranger_is_sent_to_the_one_sign_in(client, db):
    response = client.get("/admin/", follow=True)

    assert response.redirect_chain[-1][0].startswith(reverse("account_login"))


def test_every_table_opens_and_none_can_delete(admin, signed_in):
    client = signed_in(admin)
    for model in django_admin.site._registry:
        assert client.get(reverse(f"{rows_of(model)}_changelist")).status_code == 200
        page = client.post(reverse(f"{rows_of(model)}_changelist") + "1/delete/", {"post": "yes"})
        assert page.status_code in {302, 403, 404}, model


def test_a_new_account_gets_a_password_once_and_must_choose_another(admin, signed_in, client):
    data = {
        "username": "new-desk",
        "first_name": "Nela",
        "last_name": "Sample",
        "is_active": "on",
        "location": factories.location().pk,
        **no_inlines("role_grants", "credentials"),
        "role_grants-TOTAL_FORMS": 1,
        "role_grants-0-role": Role.FRONT_DESK,
    }
    page = signed_in(admin).post(reverse("admin:clinic_user_add"), data, follow=True)
    message = next(str(m) for m in page.context["messages"] if "One-time password" in str(m))
    password = message.split(": ")[1].split(". ")[0]

    assert RoleGrant.objects.get(user__username="new-desk").given_by == admin
    client.post(reverse("account_login"), {"login": "new-desk", "password": password})
    assert client.get("/").url == reverse("account_change_password")
    assert (
        client.post(
            reverse("account_change_password"),
            {
                "oldpassword": password,
                "password1": "a long walk by the lake",
                "password2": "a long walk by the lake",
            },
        ).status_code
        == 302
    )
    assert User.objects.get(username="new-desk").one_time_password_at is None
    assert client.get("/").status_code == 200


def test_a_one_time_password_ends_the_sign_ins_that_were_open(admin, reception, signed_in):
    desk = signed_in(reception)
    data = {"action": "give_one_time_password", "_selected_action": [reception.pk]}
    assert Session.objects.count() == 1

    signed_in(admin).post(reverse("admin:clinic_user_changelist"), data)

    assert desk.get("/").status_code == 302
    assert AuditEvent.objects.filter(code="user.one_time_password", object_ref=str(reception.pk)).exists()


def test_an_action_on_a_number_that_no_account_can_have_does_nothing(admin, signed_in):
    data = {"action": "give_one_time_password", "_selected_action": ["9223372036854775808"]}

    assert signed_in(admin).post(reverse("admin:clinic_user_changelist"), data).status_code < 500
    assert not AuditEvent.objects.filter(code="user.one_time_password").exists()


def test_nobody_gives_a_role_to_themselves(admin, signed_in):
    data = {
        "username": admin.username,
        "first_name": admin.first_name,
        "last_name": admin.last_name,
        "is_active": "on",
        **no_inlines("credentials"),
        "role_grants-TOTAL_FORMS": 1,
        "role_grants-INITIAL_FORMS": 0,
        "role_grants-0-role": Role.THERAPIST,
        "role_grants-0-user": admin.pk,
    }
    page = signed_in(admin).post(reverse("admin:clinic_user_change", args=[admin.pk]), data, follow=True)

    assert not RoleGrant.objects.filter(user=admin, role=Role.THERAPIST).exists()
    assert "Somebody else has to change your roles." in page.content.decode()


def test_a_clinical_row_is_found_by_its_reference_only_and_the_look_is_recorded(admin, ada, signed_in):
    client, listing = signed_in(admin), reverse("admin:patients_patient_changelist")

    assert ada.ref not in client.get(listing).content.decode()
    assert ada.ref not in client.get(listing, {"q": "Examplewood"}).content.decode()
    assert ada.ref in client.get(listing, {"q": ada.ref.lower()}).content.decode()
    assert client.get(reverse("admin:patients_patient_change", args=[ada.ref])).status_code == 200
    assert AuditEvent.objects.filter(code="admin.looked", patient_ref=ada.ref).exists()


def test_a_clinical_row_cannot_be_changed_here(admin, ada, signed_in):
    url = reverse("admin:patients_patient_change", args=[ada.ref])

    assert signed_in(admin).post(url, {"family_name": "Changed", **CHANGED}).status_code == 403
    ada.refresh_from_db()
    assert ada.family_name == "Examplewood"


def test_practice_settings_change_with_before_and_after_in_the_audit(admin, signed_in):
    url, practice = reverse("admin:clinic_practice_change", args=[1]), Practice.objects.get()
    client = signed_in(admin)
    form = client.get(url).context["adminform"].form
    data = {name: form[name].value() for name in form.fields if form[name].value() not in (None, False)}

    saved = client.post(url, {**data, "followup_hours": "24,48", **CHANGED}, follow=True)

    assert [str(said) for said in saved.context["messages"]] == ["Saved."]
    practice.refresh_from_db()
    assert practice.followup_steps == [24, 48]
    assert AuditEvent.objects.get(code="admin.changed").changes["followup_hours"] == ["24,72", "24,48"]


def test_the_calling_hours_are_shown_and_typed_as_people_write_them(admin, signed_in):
    url, practice = reverse("admin:clinic_practice_change", args=[1]), Practice.objects.get()
    client = signed_in(admin)
    form = client.get(url).context["adminform"].form
    data = {name: form[name].value() for name in form.fields if form[name].value() not in (None, False)}

    refused = client.post(url, {**data, "followup_open_hours": "all day", **CHANGED})
    client.post(url, {**data, "followup_open_hours": "9 AM to 7:30 PM", **CHANGED})

    practice.refresh_from_db()
    assert data["followup_open_hours"] == "8:00 AM to 8:00 PM"
    assert refused.status_code == 422
    assert practice.followup_open_hours == "09:00-19:30"


def test_a_limit_names_who_approved_it(admin, signed_in):
    muscle = Muscle.objects.get(code="rho")
    url = reverse("admin:treatments_muscle_change", args=[muscle.pk])
    client = signed_in(admin)

    assert client.post(url, {"depth_limit_mm": "15", **CHANGED}).status_code == 422
    approved = {"limit_approved_by": "Dr. H. Oduya", "limit_approved_on": "2026-03-02"}
    assert client.post(url, {"depth_limit_mm": "15", **approved, **CHANGED}).status_code == 302
    muscle.refresh_from_db()
    assert muscle.depth_limit_mm == 15


def test_a_published_consent_text_is_read_only(admin, signed_in):
    text = ConsentText.objects.published().first()
    url = reverse("admin:patients_consenttext_change", args=[text.pk])

    assert signed_in(admin).post(url, {"title": "Another", **CHANGED}).status_code == 403
    text.refresh_from_db()
    assert text.title != "Another"


def test_a_restricted_record_is_not_found_here_either(admin, ada, lead, draft, signed_in):
    ada.restricted_at, ada.restricted_by = timezone.now(), lead
    ada.save(update_fields=["restricted_at", "restricted_by"])
    client = signed_in(admin)

    for row in (ada, draft):
        listing = client.get(reverse(f"{rows_of(type(row))}_changelist"), {"q": row.ref})
        assert list(listing.context["cl"].result_list) == []
        assert client.get(reverse(f"{rows_of(type(row))}_change", args=[row.ref])).status_code == 302
    assert not AuditEvent.objects.filter(code="admin.looked").exists()


def test_a_new_room_is_in_the_audit(admin, signed_in):
    place = factories.location()
    url = reverse("admin:clinic_location_change", args=[place.pk])
    data = {
        "code": place.code,
        "name": place.name,
        "time_zone": place.time_zone,
        "rooms-TOTAL_FORMS": 1,
        "rooms-INITIAL_FORMS": 0,
        "rooms-0-location": place.pk,
        "rooms-0-name": "Garden room",
    }

    signed_in(admin).post(url, data)

    room = Room.objects.get(name="Garden room")
    event = AuditEvent.objects.get(code="admin.changed", object_kind="clinic.room")
    assert (event.object_ref, event.changes["name"]) == (str(room.pk), [None, "Garden room"])


def test_a_licence_is_in_the_audit_with_who_recorded_it(admin, therapist, signed_in):
    url = reverse("admin:clinic_user_change", args=[therapist.pk])
    data = {
        "username": therapist.username,
        "first_name": therapist.first_name,
        "last_name": therapist.last_name,
        "is_active": "on",
        **no_inlines("role_grants"),
        "credentials-TOTAL_FORMS": 1,
        "credentials-INITIAL_FORMS": 0,
        "credentials-0-user": therapist.pk,
        "credentials-0-kind": "licence",
        "credentials-0-number": "PT-100",
    }

    signed_in(admin).post(url, data)

    assert therapist.credentials.get(number="PT-100").recorded_by == admin
    assert AuditEvent.objects.filter(code="admin.changed", object_kind="clinic.credential").count() == 1


def test_who_may_what_shows_each_grant_of_each_role(admin, signed_in):
    """The page's table is compared with the permissions that the views check."""
    page = signed_in(admin).get(reverse("who-may-what")).text

    lines = [re.findall(r"<td>(yes|–)</td>", line) for line in page.split("</tr>")]
    acts = re.findall(r'<tr>\s*<th scope="row">([^<]+)</th>\s*<td>(?:yes|–)', page)
    shown = {
        html.unescape(act): dict(zip(Role, line, strict=True))
        for act, line in zip(acts, filter(None, lines), strict=True)
    }
    assert shown == {
        permission.value: {role: "yes" if permission in GRANTS[role] else "–" for role in Role}
        for permission in Permission
    }
    assert [role for role in Role.labels if f'<th scope="col">{role}</th>' not in page] == []
    assert all(html.escape(rule) in page for _, _, rule in OBJECTS)


@pytest.mark.parametrize(
    "lookup",
    ["password__startswith", "id__in", "pk__gt", "email__icontains", "roles__role", "last_login__gte"],
)
def test_a_list_answers_to_its_own_filters_only(signed_in, admin, lookup):
    """Any other lookup would read a column that no page shows, character by character."""
    client, address = signed_in(admin), reverse("admin:clinic_user_changelist")

    assert client.get(address, {lookup: "a"}).status_code == 400
    assert client.get(address, {"is_active__exact": "1", "profession__exact": "pt"}).status_code == 200


def test_no_table_of_the_administration_answers_to_a_lookup_that_its_list_does_not_offer(signed_in, admin):
    client = signed_in(admin)
    for model, shown in django_admin.site._registry.items():
        address = reverse(f"{rows_of(model)}_changelist")
        for field in model._meta.concrete_fields:
            asked = {f"{field.name}__isnull": "0"}
            offered = field.name in shown.get_list_filter(None)
            assert client.get(address, asked).status_code == (200 if offered else 400), (address, field.name)
