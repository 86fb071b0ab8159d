"""Restricted records are found by a whole reference, or a whole name and birth date, and guesses count."""

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from clinic.models import AuditEvent
from patients.models import PatientAccess
from patients.selectors.identity import restricted
from tests import factories
from tests.patients import restricted_record
from tests.patients.restricted_record import ALL_OF_IT, BORN, NAME, PHONE

pytestmark = pytest.mark.django_db

WHOLE = {**NAME, **BORN}


@pytest.fixture
def odile(reception, lead, therapist):
    return restricted_record.create(desk=reception, therapist=therapist, lead=lead)


@pytest.fixture
def desk(reception, signed_in):
    return signed_in(reception)


def found(client: Client, typed: str) -> list:
    return client.post(reverse("patients:find"), {"q": typed}).context["rows"]


def matched(client: Client, typed: dict) -> list:
    return client.post(reverse("patients:register-matches"), typed).context["matches"]


def guesses(code: str = "restriction.guessed") -> int:
    return AuditEvent.objects.filter(code=code).count()


# --- searching

PART_OF_IT = (
    "7731", "1", "5550147731", "(555) 014-7731", "W", "Wex", "Wexelblatt", "Odile", "Wexelblatt, Odile",
    "Wexelblat Odile", "2/17/1963", "17 Feb 1963", "Wexelblatt 2/17/1963", "Odile 2/17/63", "W 2/17/1963",
    "Wexelblatt Odil 2/17/1963", "Wexelblatt Odile 2/18/1963", "Wexelblatt Odile 2/17/1963 7731",
    "Wexelblatt Odile 7731", "Wexelblatt Odile 2/17/1963 9999", "2/17/1963 7731",
)  # fmt: skip


@pytest.mark.parametrize("who", ["reception", "therapist", "lead"])
@pytest.mark.parametrize("typed", PART_OF_IT)
def test_a_part_of_what_is_known_finds_nothing(request, signed_in, odile, who, typed):
    client = signed_in(request.getfixturevalue(who))

    assert found(client, typed) == []
    assert "Restricted record" not in client.post(reverse("patients:find"), {"q": typed}).text


@pytest.mark.parametrize("who", ["reception", "therapist", "lead"])
@pytest.mark.parametrize("typed", [*ALL_OF_IT, "REF"])
def test_all_of_it_finds_a_line_that_says_only_that(request, signed_in, odile, who, typed):
    typed = odile.ref if typed == "REF" else typed

    (row,) = found(signed_in(request.getfixturevalue(who)), typed)

    assert (row.ref, row.restricted, row.name, row.born, row.phone) == (odile.ref, True, "", None, "")


@pytest.mark.parametrize("typed", ["7731", "Wex", "2/17/1963", "Wexelblatt Odile 2/17/1963 7731"])
def test_whoever_is_named_finds_it_as_any_other(desk, reception, odile, typed):
    PatientAccess.objects.create(patient=odile, user=reception)

    assert [row.name for row in found(desk, typed)] == [odile.listed_name]


@pytest.mark.parametrize("typed", ["Formerly", "Formerly Known", "3/4/1970"])
def test_a_former_record_does_not_lead_to_it_either(desk, reception, lead, odile, typed):
    factories.patient(
        reception,
        family_name="Formerly",
        given_name="Known",
        born=dt.date(1970, 3, 4),
        merged_into=odile,
        merged_at=timezone.now(),
        merged_by=lead,
    )

    assert found(desk, typed) == []
    assert [row.ref for row in found(desk, "Formerly Known 3/4/1970")] == []


def test_a_namesake_is_not_marked_as_one(desk, reception, odile):
    factories.patient(reception, **NAME, born=dt.date(1990, 1, 1))

    (row,) = found(desk, "Wexelblatt Odile")

    assert not row.namesake


def test_what_was_opened_before_is_not_listed_any_more(desk, reception, odile):
    PatientAccess.objects.create(
        patient=odile, user=reception, until_at=timezone.now() + dt.timedelta(hours=1)
    )
    desk.get(reverse("patients:edit", args=[odile.ref]))
    assert [row.ref for row in desk.get(reverse("patients:find")).context["recent"]] == [odile.ref]

    odile.opened_to.update(until_at=timezone.now())

    assert desk.get(reverse("patients:find")).context["recent"] == []


# --- registering

NEARLY = (
    NAME, {"family_name": "Wexelblatt"}, {**NAME, **PHONE}, {"family_name": "Wexelblatt", **BORN},
    {**NAME, "born": "2/18/1963"}, {**WHOLE, "given_name": "Odil"}, {"given_name": "Odile", **BORN, **PHONE},
    {"family_name": "Other", **PHONE}, {**NAME, "born": "2/18/1963", **PHONE},
)  # fmt: skip


@pytest.mark.parametrize("typed", NEARLY)
def test_a_person_like_it_is_registered_without_a_word_of_it(desk, odile, typed):
    assert matched(desk, typed) == []

    answer = desk.post(reverse("patients:register"), {**BORN, **typed, "form_key": "0" * 31 + "1"})

    assert answer.status_code == (200 if WHOLE.items() <= {**BORN, **typed}.items() else 302)


@pytest.mark.parametrize(
    "typed",
    [WHOLE, {**WHOLE, **PHONE}, {**BORN, "family_name": "Odile", "given_name": "Wexelblatt"}],
)
def test_the_same_person_shows_a_restricted_record_and_no_reason(desk, odile, typed):
    (match,) = matched(desk, typed)

    assert (match["row"].ref, match["row"].restricted, match["why"]) == (odile.ref, True, "")
    page = desk.post(reverse("patients:register"), typed).text
    box = page.partition('aria-label="Possible match"')[2].partition("</div>")[0]
    assert "Restricted record" in box
    assert odile.ref in box
    assert [word for word in ("Same name", "birth date", "phone", "1963", "Wexelblatt") if word in box] == []


def test_its_phone_does_not_move_it_before_another_match(desk, reception, odile):
    """The order of two that are alike would tell whether the number is right."""
    twin = factories.patient(reception, **NAME, born=dt.date(1963, 2, 17), phone="")
    orders = [
        [match["row"].ref for match in matched(desk, {**WHOLE, "phone": phone})]
        for phone in (odile.phone, "(555) 014-9999")
    ]

    assert orders == [[odile.ref, twin.ref]] * 2


# --- guesses are counted


@pytest.mark.parametrize("typed", ["Wexelblatt Odile 2/18/1963", "Somebody Else 2/17/1963"])
def test_a_guess_is_on_record_with_the_record_it_was_about(desk, reception, odile, typed):
    found(desk, typed)

    event = AuditEvent.objects.get(code="restriction.guessed")
    assert (event.actor, event.patient_ref, event.reason, event.changes) == (reception, odile.ref, "", {})
    assert AuditEvent.objects.filter(code="patient.found").count() == 1


def test_a_day_of_many_is_recorded_with_a_few_those_of_the_name_first(desk, reception, lead, odile):
    for _ in range(5):
        factories.patient(
            reception, born=dt.date(1970, 1, 1), restricted_at=timezone.now(), restricted_by=lead
        )

    found(desk, "Wexelblatt Odile 1/1/1970")

    about = AuditEvent.objects.filter(code="restriction.guessed").values_list("patient_ref", flat=True)
    assert len(about) == restricted.MAX_RECORDED
    assert odile.ref in about


def test_a_guess_while_registering_is_counted_too(desk, odile):
    matched(desk, {**NAME, "born": "2/18/1963"})
    desk.post(reverse("patients:register"), {**NAME, "born": "2/19/1963"})

    assert guesses() == 2


@pytest.mark.parametrize("typed", ["Wexelblatt", "2/17/1963", "7731", "Lind 3/4/1970"])
def test_a_search_that_could_not_have_hit_is_no_guess(desk, odile, typed):
    found(desk, typed)

    assert guesses() == 0


@pytest.mark.parametrize("typed", [ALL_OF_IT[0], "REF"])
def test_a_hit_is_on_record(desk, reception, odile, typed):
    found(desk, odile.ref if typed == "REF" else typed)

    event = AuditEvent.objects.get(code="restriction.found")
    assert (event.actor, event.patient_ref) == (reception, odile.ref)


def test_a_hit_while_registering_is_on_record_once(desk, odile):
    assert desk.post(reverse("patients:register"), WHOLE).status_code == 200

    assert AuditEvent.objects.filter(code="restriction.found", patient_ref=odile.ref).count() == 1


def test_whoever_guesses_on_finds_nothing_but_by_reference(desk, odile, other_therapist, signed_in):
    first = dt.date(1963, 3, 1)
    for number in range(restricted.MAX_GUESSES_AN_HOUR):
        found(desk, f"Wexelblatt Odile {first + dt.timedelta(days=number)}")

    assert found(desk, ALL_OF_IT[0]) == []
    assert matched(desk, WHOLE) == []
    assert guesses() == restricted.MAX_GUESSES_AN_HOUR + 2
    assert [row.ref for row in found(desk, odile.ref)] == [odile.ref]
    assert [row.ref for row in found(signed_in(other_therapist), ALL_OF_IT[0])] == [odile.ref]
