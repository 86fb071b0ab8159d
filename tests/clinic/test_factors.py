"""Second factors: codes, rate limits, who must have one, and recovery."""

import re

import pytest
from allauth.mfa.models import Authenticator
from django.conf import settings as now_set
from django.test import Client
from django.urls import reverse

from clinic.actions import accounts
from clinic.models import AuditEvent
from clinic.values.errors import RuleViolation
from tests import factories, module_graph
from tests.second_factor import code_of, give_app, give_codes, prove_again, sign_in

SECOND = "mfa_authenticate"


def send_code(client, code: str):
    return client.post(reverse(SECOND), {"code": code})


def key_of(client) -> str:
    return client.cookies[now_set.SESSION_COOKIE_NAME].value


def is_inside(client) -> bool:
    return client.get(reverse("account_change_password")).status_code == 200


def codes_in(response) -> list[str]:
    return re.findall(r"<code>(\d{8})</code>", response.content.decode())


def events(code: str) -> int:
    return AuditEvent.objects.filter(code=code).count()


def test_with_an_app_the_password_alone_opens_nothing(client, therapist):
    secret = give_app(therapist)

    first = sign_in(client, "therapist")

    assert first.url == reverse(SECOND)
    assert not is_inside(client)
    assert send_code(client, code_of(secret)).status_code == 302
    assert is_inside(client)
    assert events("user.signed_in") == 1


def test_the_key_of_the_session_changes_at_the_sign_in_and_again_at_the_second_step(therapist, reception):
    """A secret that was set or seen before the proof of identity is not used after it."""
    plain, stepped = Client(), Client()
    secret = give_app(therapist)
    for client in (plain, stepped):
        client.get(reverse("account_login"))
        planted = client.session
        planted["planted"] = True
        planted.save()
        client.cookies[now_set.SESSION_COOKIE_NAME] = planted.session_key

    before = key_of(plain)
    sign_in(plain, "reception")
    assert key_of(plain) != before

    sign_in(stepped, "therapist")
    between = key_of(stepped)
    send_code(stepped, code_of(secret))
    assert key_of(stepped) != between
    for old in (before, between):
        thief = Client()
        thief.cookies[now_set.SESSION_COOKIE_NAME] = old
        assert not is_inside(thief)


def test_a_code_opens_once(therapist):
    secret = give_app(therapist)
    code = code_of(secret)
    first, second = Client(), Client()

    for client in (first, second):
        sign_in(client, "therapist")
    send_code(first, code)
    again = send_code(second, code)

    assert is_inside(first)
    assert (again.status_code, is_inside(second)) == (422, False)
    assert events("user.factor_failed") == 1


@pytest.mark.parametrize("later", [-2, -1, 1, 2])
def test_a_code_of_another_half_minute_opens_nothing(later, client, therapist):
    secret = give_app(therapist)
    sign_in(client, "therapist")

    assert send_code(client, code_of(secret, later=later)).status_code == 422


def test_a_recovery_code_opens_once(therapist):
    give_app(therapist)
    code = give_codes(therapist)[0]
    first, second = Client(), Client()

    for client in (first, second):
        sign_in(client, "therapist")
        send_code(client, code)

    assert (is_inside(first), is_inside(second)) == (True, False)
    assert events("user.recovery_code_used") == 1


def test_twenty_wrong_codes_an_hour_are_all_and_a_reset_forgives_them(therapist, admin):
    secret, client = give_app(therapist), Client()
    sign_in(client, "therapist")

    answers = [send_code(client, "000000x") for _ in range(21)]
    right = send_code(client, code_of(secret))

    assert "Too many wrong codes" in answers[-1].content.decode()
    assert "Too many wrong codes" not in answers[18].content.decode()
    assert right.status_code == 422
    accounts.reset_factors(therapist, by=admin)
    assert sign_in(Client(), "therapist").url != reverse(SECOND)


def test_what_the_database_holds_does_not_make_codes(therapist):
    secret = give_app(therapist)
    codes = give_codes(therapist)

    stored = str(list(Authenticator.objects.values_list("data", flat=True)))

    assert secret not in stored
    assert codes[0] not in stored


def test_without_the_servers_key_no_code_fits(client, therapist, settings):
    secret = give_app(therapist)
    settings.SECRET_KEY = "another key of this server, long enough for it"
    sign_in(client, "therapist")

    assert send_code(client, code_of(secret)).status_code == 422


def test_a_key_that_was_changed_with_care_opens_what_it_sealed(client, therapist, settings):
    secret = give_app(therapist)
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another key of this server, long enough for it"
    sign_in(client, "therapist")

    assert send_code(client, code_of(secret)).status_code == 302


@pytest.mark.parametrize("name", ["mfa_index", "mfa_activate_totp", "mfa_add_webauthn"])
def test_a_page_of_second_factors_runs_each_script_once(therapist, signed_in, name):
    """Loaded twice on a page, the passkey script made two requests of one press."""
    client = signed_in(therapist)
    client.get(reverse("mfa_activate_totp"))
    prove_again(client)

    scripts = module_graph.scripts_of(client.get(reverse(name)).content.decode())

    assert scripts
    assert len(scripts) == len(set(scripts)), scripts


def test_setting_up_an_app_asks_for_the_password_and_shows_codes_to_keep(
    therapist, signed_in, django_capture_on_commit_callbacks
):
    client = signed_in(therapist)
    redirected = client.get(reverse("mfa_activate_totp"))
    assert redirected.url.startswith(reverse("account_reauthenticate"))
    prove_again(client)

    page = client.get(reverse("mfa_activate_totp"))
    secret = page.context["form"].secret
    wrong = client.post(reverse("mfa_activate_totp"), {"code": "12"})
    with django_capture_on_commit_callbacks(execute=True):
        done = client.post(reverse("mfa_activate_totp"), {"code": code_of(secret)}, follow=True)

    assert 'src="data:image/svg+xml;base64,' in page.content.decode()
    assert wrong.status_code == 422
    assert len(codes_in(done)) == 10
    assert (events("user.factor_added"), events("user.recovery_codes_seen")) == (2, 1)
    saved = client.get(reverse("mfa_download_recovery_codes"))
    assert saved.content.decode().split() == codes_in(done)
    assert saved["Cache-Control"] == "no-store"


def test_new_recovery_codes_end_the_old_ones(therapist, signed_in, django_capture_on_commit_callbacks):
    give_app(therapist)
    old, client = give_codes(therapist), signed_in(therapist)
    prove_again(client)

    with django_capture_on_commit_callbacks(execute=True):
        new = codes_in(client.post(reverse("mfa_generate_recovery_codes"), follow=True))

    assert len(new) == 10
    assert not set(old) & set(new)
    assert events("user.recovery_codes_made") == 1


def test_removing_a_factor_ends_the_other_sign_ins_and_keeps_this_one(therapist, signed_in):
    give_app(therapist)
    here, there = signed_in(therapist), signed_in(therapist)
    prove_again(here)

    here.post(reverse("mfa_deactivate_totp"))

    assert (is_inside(here), is_inside(there)) == (True, False)
    assert not Authenticator.objects.exists()
    assert events("user.factor_removed") == 1


def test_nobody_touches_the_passkey_of_another(therapist, other_therapist, signed_in):
    theirs = Authenticator.objects.create(
        user=other_therapist, type=Authenticator.Type.WEBAUTHN, data={"name": "theirs", "credential": {}}
    )
    client = signed_in(therapist)
    prove_again(client)

    for name in ("mfa_edit_webauthn", "mfa_remove_webauthn"):
        assert client.get(reverse(name, args=[theirs.pk])).status_code == 404
        assert client.post(reverse(name, args=[theirs.pk]), {"name": "mine"}).status_code == 404


@pytest.mark.parametrize("who", ["lead", "admin"])
def test_who_must_have_a_factor_sets_it_up_before_anything_else(who, request, signed_in, settings):
    settings.REQUIRE_MFA = True
    user = request.getfixturevalue(who)
    client = signed_in(user)

    for path in ("/", "/patients/", "/admin/"):
        assert client.get(path).url == reverse("mfa_index")
    page = client.get(reverse("mfa_index")).content.decode()
    assert "needs two-step verification before anything else" in page
    give_app(user)
    assert client.get("/").status_code == 200


def test_who_need_not_have_one_works_without_and_is_offered_it(therapist, reception, signed_in, settings):
    settings.REQUIRE_MFA = True

    for user in (therapist, reception):
        page = signed_in(user).get("/")
        assert page.status_code == 200
        assert f'href="{reverse("mfa_index")}"' in page.content.decode()


def test_an_administrator_resets_what_was_lost(admin, therapist, signed_in):
    give_app(therapist)
    give_codes(therapist)
    open_one = signed_in(therapist)
    data = {"action": "reset_factors", "_selected_action": [therapist.pk]}

    page = signed_in(admin).post(reverse("admin:clinic_user_changelist"), data, follow=True)

    assert "two-step verification reset (2 removed)" in page.content.decode()
    assert not is_inside(open_one)
    event = AuditEvent.objects.get(code="user.factors_reset")
    assert (event.actor, event.object_ref) == (admin, str(therapist.pk))
    assert event.changes == {"factors": [["recovery_codes", "totp"], []]}


def test_nobody_resets_their_own_factors_as_administrator(admin):
    give_app(admin)

    with pytest.raises(RuleViolation):
        accounts.reset_factors(admin, by=admin)

    assert Authenticator.objects.filter(user=admin).exists()


def test_a_one_time_password_stands_beside_the_factor(client, admin, therapist):
    secret = give_app(therapist)
    password = accounts.give_one_time_password(therapist, by=admin)

    assert sign_in(client, "therapist", password).url == reverse(SECOND)
    send_code(client, code_of(secret))

    assert client.get("/").url == reverse("account_change_password")


def test_the_administration_has_no_door_of_its_own(client, admin):
    secret = give_app(admin)
    redirected = client.post(
        "/admin/login/?next=/admin/", {"username": "admin", "password": factories.PASSWORD}
    )

    assert redirected.url == f"{reverse('account_login')}?next=/admin/"
    sign_in(client, "admin", next="/admin/")
    assert client.get("/admin/").status_code == 302
    assert send_code(client, code_of(secret)).url == "/admin/"
    assert client.get("/admin/").status_code == 200
    assert client.get("/admin/password_change/").url == reverse("account_change_password")


SHAPES = [
    "",
    "5",
    "null",
    "[]",
    "{}",
    '{"response": 5}',
    '{"id": "x", "rawId": "x", "response": {}}',
    "{" * 99,
]


@pytest.mark.parametrize("answer", SHAPES)
def test_nonsense_is_no_passkey(answer, client, therapist, signed_in):
    give_app(therapist)
    sign_in(client, "therapist")
    at_the_door = Client()
    at_the_door.get(reverse("mfa_login_webauthn"), headers={"Accept": "application/json"})

    assert client.post(reverse(SECOND), {"credential": answer}).status_code == 422
    assert at_the_door.post(reverse("mfa_login_webauthn"), {"credential": answer}).status_code == 302
    inside = signed_in(therapist)
    inside.get(reverse("account_passkey_question"))
    assert inside.post(reverse("account_unlock"), {"credential": answer}).status_code == 422
