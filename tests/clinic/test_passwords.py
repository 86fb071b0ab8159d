"""Passwords are judged by length and by how easy they are to guess, not by their composition."""

import time

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.urls import reverse

from bench.accounts import NEW_PASSWORD as BENCH_NEW_PASSWORD
from bench.measure import PASSWORD as BENCH_PASSWORD
from clinic import settings as product
from clinic.models import Location, Practice, User
from clinic.signin import passwords
from demo.setup import practice_setup
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
        BENCH_PASSWORD,
        BENCH_NEW_PASSWORD,
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
        ("needles-and-notes-2026", "known-word"),
        ("Needles-and-Notes-2026!", "known-word"),
        ("passwordpassword", "easily-guessed"),
        ("P@ssw0rd-P@ssw0rd", "easily-guessed"),
        ("administrator123", "easily-guessed"),
        ("iloveyou12345678", "easily-guessed"),
        ("qwertyuiopasdfghjkl", "easily-guessed"),
        ("zaq12wsxcde34rfv", "easily-guessed"),
        ("asdfghjkl;'zxcvbnm", "easily-guessed"),
        ("horse horse horse horse", "easily-guessed"),
        ("Needle-needle-NEEDLE-needle", "easily-guessed"),
        ("winterwinterwinter", "easily-guessed"),
        ("the dog the dog the dog", "easily-guessed"),
        ("2026-05-12-2026", "easily-guessed"),
        ("aaaaaaaaaaaaaaaaaaa", "easily-guessed"),
        ("abcabcabcabcabcabc", "easily-guessed"),
        ("1234567890123456", "easily-guessed"),
        ("abcdefghijklmnopqrs", "easily-guessed"),
    ],
)
def test_what_others_guess_is_refused(password, code, maria):
    assert code in refused(password, maria)


@pytest.mark.parametrize(
    "password", ["sunshine1", "qwerty12345", "Tuesday12", "horse-horse", "zaq12wsx", "L0ndon1985"]
)
def test_beside_a_second_factor_what_is_tried_first_is_refused_too(password, maria):
    give_app(maria)

    assert refused(password, maria) == {"easily-guessed"}


@pytest.mark.parametrize("password", ["kj4fern9", "a#9!k$2^", "7Kq-wm2x", "four blue kettles"])
def test_beside_a_second_factor_a_short_one_without_a_pattern_is_taken(password, maria):
    give_app(maria)

    assert refused(password, maria) == set()


def test_a_name_of_ones_own_counts_as_a_word_that_is_tried_first(db):
    owner = factories.user("bsz", first_name="Bo", last_name="Brzeszczykowski")

    assert "easily-guessed" in refused("brzeszczykowski-1", owner)
    assert refused("brzeszczykowski-1", factories.user()) == set()


def test_a_long_password_is_judged_at_once(maria):
    """The judge tries every reading of signs as letters; without a cut this took seconds."""
    began = time.process_time()

    assert refused("4@8({[<369&#!1/|0$5+7%2/" * 40, maria) == set()
    assert time.process_time() - began < 5


def test_the_demo_has_the_password_that_nobody_may_choose():
    assert practice_setup.PASSWORD == passwords.DEMO_PASSWORD


def test_eight_are_enough_beside_a_second_factor(maria):
    assert refused("kj4fern9", maria) == {"too-short"}
    give_app(maria)

    assert refused("kj4fern9", maria) == set()
    assert "too-short" in refused("kj4fern", maria)


def test_the_refusal_says_what_to_do(maria):
    with pytest.raises(ValidationError) as found:
        validate_password("Larkspur-Therapy", maria)

    message = " ".join(found.value.messages)
    assert "larkspur" in message
    assert "Take words that have nothing to do with you or the practice." in message


def test_the_refusal_of_what_is_tried_first_says_what_to_do(maria):
    with pytest.raises(ValidationError) as found:
        validate_password("qwertyuiopasdfghjkl", maria)

    assert found.value.messages == [
        "This is easy to guess: a common password, a row of keys, a date, or words over and over. "
        "Use several words that have nothing to do with each other."
    ]


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
