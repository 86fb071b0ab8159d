"""The page of possible duplicates, and the decision that two of them are different people."""

import datetime as dt

import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from clinic.models import AuditEvent
from patients.models import LikelyPair
from patients.selectors import merged
from tests import factories

pytestmark = pytest.mark.django_db
BORN = dt.date(1984, 3, 5)
PAGE = "patients:duplicates"


@pytest.fixture
def pair(reception):
    return [
        factories.patient(reception, family_name="Pemberton", given_name=given, born=BORN, phone="")
        for given in ("Robert", "Bob")
    ]


@pytest.fixture
def listed(pair):
    call_command("find_duplicates", verbosity=0)
    return pair


def body_of(client) -> str:
    return client.get(reverse(PAGE)).content.decode()


def apart_url(pair) -> str:
    return reverse("patients:duplicate-apart", args=[row.ref for row in pair])


def test_the_page_lists_a_pair_with_what_they_have_in_common(listed, reception, signed_in):
    body = body_of(signed_in(reception))

    assert all(row.ref in body for row in listed)
    assert "same birth date" in body
    assert AuditEvent.objects.filter(code="patient.duplicates_listed", actor=reception).exists()


def test_before_the_first_search_the_page_says_how_the_list_is_made(pair, reception, signed_in):
    body = body_of(signed_in(reception))

    assert "find_duplicates" in body
    assert not any(row.ref in body for row in pair)


def test_different_people_need_a_reason_and_what_was_typed_stays(listed, reception, signed_in):
    answer = signed_in(reception).post(apart_url(listed), {"reason": "  "})

    assert answer.status_code == 422
    assert LikelyPair.objects.exists()
    assert not AuditEvent.objects.filter(code="patient.kept_apart").exists()


def test_different_people_leave_the_list_and_do_not_come_back(listed, reception, signed_in):
    client = signed_in(reception)

    answer = client.post(apart_url(listed), {"reason": "Cousins"})

    assert answer.url == reverse(PAGE)
    assert not LikelyPair.objects.exists()
    call_command("find_duplicates", verbosity=0)
    assert not LikelyPair.objects.exists()
    event = AuditEvent.objects.get(code="patient.kept_apart")
    assert (event.reason, event.actor, event.patient_ref) == ("Cousins", reception, listed[0].ref)


@pytest.mark.parametrize("place", [0, 1])
def test_a_restricted_record_is_on_nobodys_list(place, listed, reception, lead, signed_in):
    listed[place].restricted_at, listed[place].restricted_by = timezone.now(), lead
    listed[place].save(update_fields=["restricted_at", "restricted_by"])

    client = signed_in(reception)

    assert not any(row.ref in body_of(client) for row in listed)
    assert client.get(apart_url(listed)).status_code == 404


def test_a_record_that_was_merged_meanwhile_is_not_listed(listed, reception, lead, signed_in):
    loser, survivor = listed
    loser.merged_into, loser.merged_at, loser.merged_by = survivor, timezone.now(), lead
    loser.save(update_fields=["merged_into", "merged_at", "merged_by"])

    assert loser.ref not in body_of(signed_in(reception))


def test_more_pairs_stand_on_the_next_page(pair, reception, signed_in):
    people = [factories.patient(reception) for _ in range(merged.SHOWN + 2)]
    LikelyPair.objects.bulk_create(
        LikelyPair(one=pair[0], other=person, score=90 - place) for place, person in enumerate(people)
    )
    client = signed_in(reception)
    first = client.get(reverse(PAGE))

    second = client.get(reverse(PAGE), {"after": first.context["after"]})

    shown = [{row["people"][1].ref for row in page.context["pairs"]} for page in (first, second)]
    assert [len(refs) for refs in shown] == [merged.SHOWN, 2]
    assert shown[0] | shown[1] == {person.ref for person in people}
    assert second.context["after"] is None


@pytest.mark.parametrize("after", ["x", "9" * 40, "-1"])
def test_an_odd_place_in_the_list_breaks_nothing(after, listed, reception, signed_in):
    assert signed_in(reception).get(reverse(PAGE), {"after": after}).status_code == 200
