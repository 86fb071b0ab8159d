"""Passwords are judged by length and by how easy they are to guess, not by their composition."""

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.urls import reverse

from clinic import settings as product
from clinic.models import Location, Practice, User
from tests import factories
from tests.second_factor import give_app, sign_in


def refused(password: str, user=None) -> set[str]:
    try:
        validate_password(password, user)
    except ValidationError as found:
        return {error.code for error in found.error_list}
    return set()


@pytest.fixture
def maria(db):
    Practice.objects.update(name="Larkspur Physical Therapy")
    Location.objects.update(name="Evanston North")
    return factories.user("mlund", first_name="Maria", last_name="Lundqvist")


@pytest.mark.parametrize(
    "password",
    [
        "a long walk by the lake",
        "kettle-orbit-fern-92",
        "all lower case letters",
        "1 2 3 and then some more",
        "مرحبا بالعالم الجميل",
        "korrekt häst batteri",
        "🙂🙃😉😊 four faces and words",
        "my filiform needle rests at noon",
        "x" * 3 + "y and much longer " * 20,
    ],
)
def test_long_ones_of_any_kind_are_taken(password, maria):
    assert refused(password, maria) == set()


@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("short one", "too-short"),
        ("fourteen chars", "too-short"),
        ("filiform filiform", "known-word"),
        ("Filiform-2026-!!", "known-word"),
        ("larkspur physical 1", "known-word"),
        ("EvanstonEvanston1", "known-word"),
        ("maria.lundqvist.1", "known-word"),
        ("ｆｉｌｉｆｏｒｍ-ｆｉｌｉｆｏｒｍ", "known-word"),
        ("passwordpassword", "pattern"),
        ("aaaaaaaaaaaaaaaaaaa", "pattern"),
        ("abcabcabcabcabcabc", "pattern"),
        ("1234567890123456", "pattern"),
        ("abcdefghijklmnopqrs", "pattern"),
    ],
)
def test_what_others_guess_is_refused(password, code, maria):
    assert code in refused(password, maria)


def test_eight_are_enough_beside_a_second_factor(maria):
    assert refused("kj4fern9", maria) == {"too-short"}
    give_app(maria)

    assert refused("kj4fern9", maria) == set()
    assert refused("kj4fern", maria) == {"too-short"}


def test_the_refusal_says_what_to_do(maria):
    with pytest.raises(ValidationError) as found:
        validate_password("Larkspur-Therapy", maria)

    message = " ".join(found.value.messages)
    assert "larkspur" in message
    assert "Take words that have nothing to do with you or the practice." in message


def test_one_spelling_counts_whichever_keyboard_wrote_it(client, maria):
    """Composed and decomposed characters are equal, because devices type them differently."""
    composed, decomposed = (
        "caf\u00e9 cr\u00e8me br\u00fbl\u00e9e",
        "cafe\u0301 cre\u0300me bru\u0302le\u0301e",
    )
    maria.set_password(decomposed)
    maria.save()

    assert maria.check_password(composed)
    assert sign_in(client, "mlund", composed).status_code == 302


def change(client, new: str, old: str = factories.PASSWORD):
    url = reverse("account_change_password")
    return client.post(url, {"oldpassword": old, "password1": new, "password2": new})


def test_a_short_password_alone_is_exchanged_before_anything_else(maria, signed_in):
    """Once the last second factor is removed, a short password is no longer sufficient."""
    give_app(maria)
    client = signed_in(maria)
    assert change(client, "kj4fern9").status_code == 302
    assert User.objects.get(pk=maria.pk).password_needs_factor
    assert client.get(reverse("account_logout")).status_code == 200

    maria.authenticator_set.all().delete()

    assert client.get("/").url == reverse("account_change_password")
    assert change(client, "another8", old="kj4fern9").status_code == 422
    assert change(client, "a long walk by the lake", old="kj4fern9").status_code == 302
    assert client.get("/").status_code != 302
    assert not User.objects.get(pk=maria.pk).password_needs_factor


@pytest.mark.parametrize(
    ("name", "boxes"),
    [
        ("account_login", {"login": "username", "password": "current-password"}),
        (
            "account_change_password",
            {"oldpassword": "current-password", "password1": "new-password", "password2": "new-password"},
        ),
    ],
)
def test_a_password_manager_knows_each_box(name, boxes, client, maria, signed_in):
    page = (client if name == "account_login" else signed_in(maria)).get(reverse(name))

    fields = page.context["form"].fields
    assert {box: fields[box].widget.attrs.get("autocomplete") for box in boxes} == boxes
    assert b"onpaste" not in page.content


def test_argon2_comes_first():
    assert product.PASSWORD_HASHERS[0].endswith("Argon2PasswordHasher")
