"""Former names, and a phone with a birth date, are evidence where people are registered and compared."""

import csv
import datetime as dt
import io
from dataclasses import replace

import pytest
from django.core.management import call_command
from django.urls import reverse

from clinic.values.errors import RuleViolation
from patients.actions import patients
from patients.models import Patient
from patients.rules.identity import likeness
from patients.rules.identity.keys import Identity
from patients.rules.identity.likeness import ComparedPatient
from patients.selectors import bringing_in
from patients.selectors.identity import possible_matches
from tests import factories

pytestmark = pytest.mark.django_db
BORN = dt.date(1984, 3, 5)
PHONE = "(555) 014-6631"
KEY = "+15550146631"
MAIDEN = {"family_name": "Examplewood", "given_name": "Adaeze"}
NEW_NAME = {"family_name": "Neuwald", "given_name": "Ada"}


@pytest.fixture
def renamed(reception) -> Patient:
    """Registered as Adaeze Examplewood, and today Rahel Neuwald."""
    patient = factories.patient(reception, **MAIDEN, born=BORN, phone=PHONE)
    return patients.change(patient, by=reception, family_name="Neuwald", given_name="Rahel")


def matches(identity: Identity, **options) -> dict[str, tuple[str, ...]]:
    found = possible_matches.candidates(identity, user=None, **options)
    return {person.ref: tuple(map(str, like.same)) for person, like in found.items()}


def test_registering_under_the_former_name_shows_the_record_and_why(renamed, reception, signed_in):
    answer = signed_in(reception).post(
        reverse("patients:register"), {**MAIDEN, "born": "3/5/84", "phone": "", "form_key": "0" * 31 + "1"}
    )

    body = answer.content.decode()
    assert renamed.ref in body
    assert "Former name, same birth date" in body
    assert 'name="apart_reason"' not in body
    assert Patient.objects.count() == 1


def test_a_married_name_that_is_new_to_the_record_shows_it_by_what_stayed(renamed):
    typed = Identity("Placeholder", "Rahel", BORN, KEY)

    assert matches(typed) == {renamed.ref: ("same first name", "same birth date", "same phone")}


def test_a_change_into_somebodys_former_name_asks(renamed, reception):
    other = factories.patient(reception, family_name="Sample", given_name="Adaeze", born=BORN, phone="")

    with pytest.raises(RuleViolation) as refused:
        patients.change(other, by=reception, shown_matches=set(), family_name="Examplewood")

    assert {reason.code for reason in refused.value.reasons} == {"just-registered"}


def test_what_the_edited_person_was_called_before_counts_too(renamed, reception):
    """A second record under the old name, with which the change of the first one is compared."""
    second = factories.patient(reception, **MAIDEN, born=BORN, phone="")

    assert second.ref in matches(Identity("Sample", "Rahel", BORN), apart_from=renamed.pk)


def test_it_counts_however_much_is_edited_at_once(renamed, reception):
    """The birth date is corrected too, so that nothing leads to the edited record itself."""
    born = dt.date(1990, 7, 21)
    second = factories.patient(reception, **MAIDEN, born=born, phone="")

    assert second.ref in matches(Identity("Sample", "Petra", born), apart_from=renamed.pk)


def test_pairs_under_a_former_name_are_listed_with_the_reason(renamed, reception, signed_in, tmp_path):
    second = factories.patient(reception, **MAIDEN, born=BORN, phone="")
    path = tmp_path / "pairs.csv"

    call_command("find_duplicates", csv=path, stdout=io.StringIO())

    _head, row = csv.reader(io.StringIO(path.read_text(encoding="utf-8-sig")))
    assert row[:2] == [renamed.ref, second.ref]
    assert row[3] == "former name, same birth date"
    assert (
        "Former name, same birth date"
        in signed_in(reception).get(reverse("patients:duplicates")).content.decode()
    )


def test_a_file_of_another_system_is_compared_with_former_names(renamed, reception):
    (known,) = bringing_in.known_people(reception).people

    assert known.former == {"examplewood", "adaeze"}


def person(pk: int, **columns) -> ComparedPatient:
    known = {"name_key": "neuwald, rahel", "born": BORN, "phone_key": KEY, "sex": "female", **columns}
    return ComparedPatient(pk, f"REF{pk}", **known)


BOBBI = Identity("Placeholder", "Bobbi", BORN, KEY, sex="female")


def test_a_birth_date_and_a_phone_of_ones_own_are_possible_under_other_names():
    ((found, like),) = likeness.reached_alike(BOBBI, [person(1), person(2, phone_key="")]).items()

    assert (found.pk, like.is_shown, like.is_exact) == (1, True, False)
    assert like.same == (likeness.SAME_BIRTH_DATE, likeness.SAME_PHONE)
    assert like.score < likeness.MATCH_SCORE


@pytest.mark.parametrize(
    "nearby",
    [
        [person(1), person(2)],
        [person(1, sex="male")],
        [person(1, born=dt.date(1984, 3, 6))],
        [person(1, name_key="placeholder, roberta")],
        [person(1, phone_key="")],
        [],
    ],
)
def test_a_shared_phone_a_couple_a_twin_or_another_day_is_nobody(nearby):
    assert likeness.reached_alike(BOBBI, nearby) == {}


def test_who_has_the_phone_and_the_birth_date_is_shown_while_registering(reception):
    existing = factories.patient(reception, **NEW_NAME, born=BORN, phone=PHONE)
    typed = Identity("Placeholder", "Bobbi", BORN, KEY)

    assert matches(typed) == {existing.ref: ("same birth date", "same phone")}
    assert matches(replace(typed, phone_key="")) == {}

    factories.patient(reception, **MAIDEN, born=dt.date(1990, 1, 22), phone=PHONE)
    assert matches(typed) == {}
