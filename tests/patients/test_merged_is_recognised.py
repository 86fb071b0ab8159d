"""Somebody who comes under the name of a merged record is known as the person of the record that stands."""

import datetime as dt
import io

import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from patients.actions import patients
from patients.models import LikelyPair, Patient
from patients.rules.identity.keys import Identity
from patients.selectors import bringing_in
from patients.selectors.identity import possible_matches
from tests import factories

pytestmark = pytest.mark.django_db
BORN = dt.date(1979, 8, 21)
OLD = {"family_name": "Quillfeather", "given_name": "Odette", "born": "8/21/1979", "phone": "555 014 7788"}


@pytest.fixture
def standing(reception):
    return factories.patient(
        reception, family_name="Marbleton", given_name="Odette", born=dt.date(1981, 2, 3), phone=""
    )


@pytest.fixture
def old(reception, lead, standing):
    return factories.patient(
        reception, family_name="Quillfeather", given_name="Odette", born=BORN, phone="(555) 014-7788",
        email="odette@quill.example", merged_into=standing, merged_at=timezone.now(), merged_by=lead,
    )  # fmt: skip


@pytest.fixture
def desk(reception, signed_in):
    return signed_in(reception)


def post_registration(client, **changes):
    return client.post(reverse("patients:register"), {**OLD, "form_key": "0" * 31 + "1", **changes})


def restrict(*people, by):
    Patient.objects.filter(pk__in=[person.pk for person in people]).update(
        restricted_at=timezone.now(), restricted_by=by
    )


def test_registering_under_the_old_name_shows_the_record_that_stands_and_why(desk, old, standing):
    response = post_registration(desk)

    assert not Patient.objects.exclude(pk__in=[old.pk, standing.pk]).exists()
    (match,) = response.context["matches"]
    assert (match["row"].ref, match["before"].ref) == (standing.ref, old.ref)
    assert match["asks_reason"]
    body = " ".join(response.content.decode().split())
    assert f'Registered before as <bdi class="name">Quillfeather, Odette</bdi>, {old.ref}' in body


def test_somebody_else_of_that_name_is_kept_apart_from_the_record_that_stands(desk, old, standing):
    post_registration(desk, seen=standing.ref, apart_reason="Aunt", next="book")

    assert Patient.objects.filter(name_key=old.name_key).count() == 2


def test_details_edited_into_the_old_name_are_asked_about(desk, old, standing, reception):
    other = factories.patient(reception, family_name="Vantage", given_name="Odette", born=BORN, phone="")

    response = desk.post(
        reverse("patients:edit", args=[other.ref]), {**OLD, "phone": "", "form_key": "0" * 31 + "1"}
    )

    assert [match["row"].ref for match in response.context["matches"]] == [standing.ref]
    other.refresh_from_db()
    assert other.family_name == "Vantage"


def test_a_person_may_take_the_old_name_again(old, standing, reception):
    names = {"family_name": "Quillfeather", "given_name": "Odette", "born": BORN}

    changed = patients.change(standing, by=reception, shown_matches=set(), **names)

    assert changed.name_key == old.name_key


def test_who_is_like_both_records_is_shown_once(old, standing, reception):
    Patient.objects.filter(pk=standing.pk).update(name_key=old.name_key, born=BORN)

    ((person, like),) = possible_matches.candidates(
        Identity("Quillfeather", "Odette", BORN), user=reception
    ).items()

    assert (person.ref, like.before) == (standing.ref, None)


def test_who_is_named_exactly_is_asked_about_however_like_a_merged_record_is(old, standing, reception):
    """The merged record has the phone and the email, the one that stands the name."""
    Patient.objects.filter(pk=standing.pk).update(
        family_name="Quillfeathers", name_key="quillfeathers, odette", born=BORN,
        phone_key="+15550149999", email="odette@marble.example", address="1 Main St", postal_code="12345",
    )  # fmt: skip
    typed = Identity("Quillfeathers", "Odette", BORN, "+15550147788", email="odette@quill.example")

    (like,) = possible_matches.candidates(typed, user=reception).values()

    assert like.is_exact


def test_who_is_reached_as_the_old_record_was_is_told_by_it(old, standing, reception):
    typed = Identity("Ashgrove", "Petra", BORN, "+15550147788")

    ((person, like),) = possible_matches.candidates(typed, user=reception).items()

    assert (person.ref, like.before and like.before.ref) == (standing.ref, old.ref)


def test_of_a_closed_record_no_name_is_told(desk, old, standing, lead):
    restrict(old, standing, by=lead)

    response = post_registration(desk)

    (match,) = response.context["matches"]
    assert (match["row"].ref, match["row"].restricted, match["before"]) == (standing.ref, True, None)
    assert old.ref not in response.content.decode()


def test_an_open_record_merged_into_a_closed_one_tells_nothing(old, standing, lead, reception):
    restrict(standing, by=lead)

    assert not possible_matches.candidates(Identity("Quillfeather", "Odette", BORN), user=reception)


def test_a_file_is_not_told_under_which_reference_a_closed_record_was_merged(old, standing, lead, reception):
    assert [*bringing_in.known_people(reception).before.values()] == [old.ref]

    restrict(old, standing, by=lead)

    assert not bringing_in.known_people(reception).before


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("quillfeather", "Name"),
        ("quillfeather 8/21/1979", "Name, birth date"),
        ("8/21/1979", "Birth date"),
        ("555 014 7788", "Phone"),
        ("odette@quill.example", "Email"),
        ("quillfeather odete", "Name"),
    ],
)
def test_a_search_by_what_the_old_record_says_tells_why(typed, why, desk, old, standing):
    response = desk.post(reverse("patients:find"), {"q": typed})

    (row,) = response.context["rows"]
    assert (row.ref, row.before.ref, row.before.name) == (standing.ref, old.ref, "Quillfeather, Odette")
    assert row.why == why
    assert old.ref in response.content.decode()


def test_the_old_reference_tells_that_it_was_merged(desk, old, standing):
    (row,) = desk.post(reverse("patients:find"), {"q": old.ref}).context["rows"]

    assert (row.ref, row.why, row.before.ref) == (standing.ref, "Reference", old.ref)


def test_a_record_found_by_its_own_words_needs_no_other_reason(desk, old, standing):
    (row,) = desk.post(reverse("patients:find"), {"q": "odette"}).context["rows"]

    assert (row.ref, row.before, row.why) == (standing.ref, None, "Name")


def listed() -> str:
    out = io.StringIO()
    call_command("find_duplicates", stdout=out)
    return out.getvalue()


@pytest.fixture
def again(reception):
    return factories.patient(reception, family_name="Quillfeather", given_name="Odette", born=BORN, phone="")


def test_find_duplicates_lists_who_was_registered_again_under_the_old_name(old, standing, again, desk):
    said = listed()

    assert f"{standing.ref}  {again.ref}" in said
    assert "1 likely pair among 2 patients" in said
    (pair,) = desk.get(reverse("patients:duplicates")).context["pairs"]
    assert pair["why"] == "Same name, same birth date"
    assert pair["before"].ref == old.ref


def test_a_record_and_the_ones_merged_into_it_are_no_pair(old, standing, lead, reception):
    factories.patient(
        reception, family_name="Quillfeather", given_name="Odette", born=BORN, phone="",
        merged_into=standing, merged_at=timezone.now(), merged_by=lead,
    )  # fmt: skip

    listed()

    assert not LikelyPair.objects.exists()


@pytest.mark.parametrize("said_of", ["old", "standing"])
def test_who_was_said_to_be_somebody_else_is_not_listed_by_the_old_name(
    said_of, old, standing, again, reception, desk
):
    ref = {"old": old, "standing": standing}[said_of].ref
    if said_of == "old":
        Patient.objects.filter(pk=old.pk).update(merged_into=None, merged_at=None, merged_by=None)
    page = reverse("patients:duplicate-apart", args=[again.ref, ref])
    desk.post(page, {"reason": "Aunt", "form_key": "0" * 31 + "2"})
    Patient.objects.filter(pk=old.pk).update(
        merged_into=standing, merged_at=timezone.now(), merged_by=reception
    )

    listed()

    assert not LikelyPair.objects.exists()


def test_who_was_said_to_be_somebody_else_is_not_listed_by_the_name_that_stands(
    old, standing, reception, desk
):
    """What was said of a record holds of the person, also where the one that stands is as like."""
    Patient.objects.filter(pk=old.pk).update(merged_into=None, merged_at=None, merged_by=None)
    other = factories.patient(
        reception, family_name="Marbleton", given_name="Odette", born=standing.born, phone=""
    )
    page = reverse("patients:duplicate-apart", args=[other.ref, old.ref])
    desk.post(page, {"reason": "Aunt", "form_key": "0" * 31 + "2"})
    Patient.objects.filter(pk=old.pk).update(
        merged_into=standing, merged_at=timezone.now(), merged_by=reception
    )

    listed()

    assert not LikelyPair.objects.exists()
