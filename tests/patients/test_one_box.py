"""One box: every word helps and none is required, each hit says why, and no namesake is one Enter away."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from patients.actions import alerts, patients
from patients.models import Patient, PatientKey, RelatedPerson
from patients.rules.identity import search_terms
from patients.rules.identity.search_terms import SearchTerms
from patients.selectors.identity import one_box
from tests import factories

pytestmark = pytest.mark.django_db
TODAY = dt.date(2026, 7, 9)
MAY_3 = dt.date(1984, 5, 3)


@pytest.fixture
def robert(reception):
    robert = factories.patient(
        reception,
        family_name="Pemberton",
        given_name="Robert",
        born=MAY_3,
        phone="(555) 014-6631",
        email="Robert.P@example.org",
        external_id="AB-4471",
    )
    factories.patient(reception, family_name="Sample", given_name="Olga", born=dt.date(1990, 1, 22), phone="")
    return robert


def found(typed: str, user=None) -> list[tuple[Patient, str]]:
    terms = search_terms.parse_search(typed, today=TODAY)
    hits = one_box.find(terms, user=user)
    return [(hit.patient, ", ".join(map(str, hit.reasons))) for hit in hits]


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("Bob Pemberton", "another form of the name, name"),
        ("robert pemberton", "name"),
        ("robert pemberton 1984", "name, birth year"),
        ("pemberton 1991", "name"),
        ("May 3, 1984", "birth date"),
        ("may 3 84 pemberton", "name, birth date"),
        ("3/5/1984", "day and month swapped"),
        ("pemberton 3/5/84", "name, day and month swapped"),
        ("050384", "birth date"),
        ("555-014-6631 ext. 12", "phone"),
        ("(555) 014-6631x12", "phone"),
        ("robert.p@EXAMPLE.org", "email"),
        ("AB-4471", "number in another system"),
        ("ab4471", "number in another system"),
        ("pemberton unheard", "name"),
    ],
)
def test_every_word_helps_and_none_is_required(robert, typed, why):
    assert found(typed)[0] == (robert, why)


def test_a_guardian_leads_to_the_child(robert, reception):
    alerts.add(RelatedPerson, robert, by=reception, kind="guardian", name="Wilma Placeholder")

    assert found("wilma placeholder") == [(robert, "guardian or contact")]


def test_a_former_name_leads_to_the_patient(robert, reception):
    patients.change(robert, by=reception, family_name="Neuwald")

    assert found("pemberton") == [(Patient.objects.get(pk=robert.pk), "former name")]
    assert found("robert pemberton")[0][1] == "name, former name"


@pytest.mark.parametrize(
    ("registered", "typed"),
    [
        (("Иванов", "Пётр"), "Ivanov Petr"),
        (("Ivanov", "Petr"), "Иванов"),
        (("Placeholder", "Muhammad"), "mohd placeholder"),
    ],
)
def test_another_script_or_spelling_finds(reception, registered, typed):
    person = factories.patient(reception, family_name=registered[0], given_name=registered[1], phone="")

    assert [hit for hit, _ in found(typed)] == [person]


def test_who_matches_most_comes_first(reception):
    names = (("Pemberton", "Ada", 1985), ("Pemberton", "Eva", 1985), ("Sample", "Ada", 1970))
    best, _, _ = [
        factories.patient(reception, family_name=family, given_name=given, born=dt.date(year, 2, 1), phone="")
        for family, given, year in names
    ]

    assert found("ada pemberton 1985 elsewhere")[0][0] == best


def test_a_restricted_record_is_not_found_by_less_than_its_name(robert, reception, lead):
    Patient.objects.filter(pk=robert.pk).update(
        restricted_at=dt.datetime(2026, 1, 1, tzinfo=dt.UTC), restricted_by=lead
    )

    for typed in ("robert.p@example.org", "AB-4471", "bob pemberton", "3/5/1984"):
        assert found(typed, user=reception) == []


def test_other_ways_take_few_statements(robert, django_assert_max_num_queries):
    with django_assert_max_num_queries(6):
        found("bob placeholder 1984")


@pytest.mark.parametrize(
    ("typed", "wanted"),
    [
        ("a.b@example.org", SearchTerms(email="a.b@example.org")),
        ("ada 1985", SearchTerms(words=("ada",), digits="1985", year=1985)),
        ("040780", SearchTerms(digits="040780", maybe_born=dt.date(1980, 4, 7))),
        ("990199", SearchTerms(digits="990199")),
    ],
)
def test_what_may_be_several_things_is_kept_as_each(typed, wanted):
    assert search_terms.parse_search(typed, today=TODAY) == wanted


def test_keys_that_no_column_has_stay_when_others_are_made_again(robert, reception):
    patients.change(robert, by=reception, family_name="Neuwald")
    patients.change(robert, by=reception, email="new@example.org")

    kept = set(
        PatientKey.objects.filter(patient=robert, kind__in=("former", "mail")).values_list("value", flat=True)
    )
    assert kept == {"pemberton", "new@example.org"}


def searched(client, typed: str):
    return client.post(reverse("patients:find"), {"q": typed})


def test_the_page_says_why_somebody_was_found(signed_in, reception, robert):
    [row] = searched(signed_in(reception), "bob pemberton").context["rows"]

    assert (row.ref, row.why) == (robert.ref, "Another form of the name, name")


@pytest.mark.parametrize(("namesakes", "focus"), [(1, "step"), (2, "name")])
def test_no_namesake_is_one_enter_away_from_a_check_in(signed_in, reception, therapist, namesakes, focus):
    for year in range(namesakes):
        person = factories.patient(
            reception, family_name="Pemberton", given_name="Ada", born=dt.date(1960 + year, 1, 9), phone=""
        )
        factories.visit(person, therapist, booked_for=timezone.now())

    page = searched(signed_in(reception), "ada pemberton")

    assert [row.focus for row in page.context["rows"]][0] == focus
    assert page.content.decode().count("autofocus") == 1


def test_nobody_found_offers_a_new_patient_with_what_was_typed(signed_in, reception):
    client = signed_in(reception)
    page = searched(client, "Bob Examplefield 5/3/84 (555) 014-6631").content.decode()
    assert 'name="fill" value="Bob Examplefield 5/3/84 (555) 014-6631"' in page

    form = client.post(reverse("patients:register"), {"fill": "Bob Examplefield 5/3/84 (555) 014-6631"})

    initial = form.context["form"].initial
    assert (initial["family_name"], initial["given_name"]) == ("Examplefield", "Bob")
    assert (initial["born"], initial["phone"]) == ("5/3/1984", "(555) 014-6631")
    assert not form.context["form"].is_bound
    assert not Patient.objects.exists()


@pytest.mark.parametrize(
    ("typed", "wanted"),
    [
        ("Examplefield", {"family_name": "Examplefield"}),
        ("Examplefield, Mary Ann", {"family_name": "Examplefield", "given_name": "Mary Ann"}),
        ("Mary Ann Examplefield", {"family_name": "Examplefield", "given_name": "Mary Ann"}),
        ("a@example.org", {"email": "a@example.org"}),
        ("May 3, 1984", {"born": "5/3/1984"}),
    ],
)
def test_what_was_typed_goes_to_its_fields(typed, wanted):
    assert search_terms.typed_person(typed, today=TODAY) == wanted
