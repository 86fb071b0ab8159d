"""State rules: which hold at a place, and the practice's own copies of them."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from clinic import catalogues
from clinic.actions import all_states, state_rules
from clinic.models import AuditEvent, CatalogueFile, Jurisdiction, Location, Practice
from clinic.rules import state_rules as rules
from clinic.values.states import STATES
from tests import factories
from tests.form_client import FormClient

pytestmark = pytest.mark.django_db
TODAY = dt.date(2026, 11, 30)


@pytest.fixture
def illinois():
    return Jurisdiction.objects.get(code="us-il-pt")


@pytest.fixture
def own(illinois, admin):
    return state_rules.copy(illinois, by=admin)


def page_of(profile) -> str:
    return reverse("admin:clinic_jurisdiction_change", args=[profile.pk])


def save(client, profile, **typed):
    return FormClient(client).open(page_of(profile)).try_to_send("name", **typed)


def test_there_are_fifty_states_and_the_district():
    assert len(dict(STATES)) == 51
    assert dict(STATES)["DC"] == "District of Columbia"
    assert [name for _, name in STATES] == sorted(name for _, name in STATES)


def test_every_shipped_profile_is_of_a_state_of_the_list():
    assert set(Jurisdiction.objects.shipped().values_list("state", flat=True)) <= {"", *dict(STATES)}


def test_the_rules_of_a_place_stand_before_those_of_the_practice(illinois):
    practice = Practice(jurisdiction=Jurisdiction(code="general", name="General"))

    assert rules.rules_at(Location(jurisdiction=illinois), practice) == illinois
    assert rules.rules_at(Location(), practice).code == "general"
    assert rules.rules_at(None, practice).code == "general"


def test_a_place_does_not_stand_under_the_rules_of_another_state(illinois):
    place = Location(code="east", name="East", state="IN", jurisdiction=illinois)

    with pytest.raises(ValidationError) as refused:
        place.clean()
    assert set(refused.value.message_dict) == {"jurisdiction"}


def test_a_place_of_another_state_than_the_practices_rules_has_rules_of_its_own(illinois):
    Practice.objects.update(jurisdiction=illinois)

    with pytest.raises(ValidationError) as refused:
        Location(code="west", name="West", state="OR").clean()
    assert set(refused.value.message_dict) == {"jurisdiction"}
    Location(code="south", name="South", state="IL").clean()
    Location(code="none", name="None").clean()


def test_a_copy_says_what_the_shipped_rules_say_and_is_approved_by_nobody(illinois, own):
    assert own.code == "own-us-il-pt-1"
    assert (own.based_on, own.approved_at, own.is_own) == (illinois, None, True)
    assert [one.name for one in rules.differences(own, illinois)] == ["name"]
    assert AuditEvent.objects.get(code="rules.copied").object_ref == str(own.pk)


def test_a_second_copy_and_the_copy_of_a_copy_are_of_the_shipped_rules(illinois, own, admin):
    own.hours_total = 60
    own.save(update_fields=["hours_total"])

    again = state_rules.copy(own, by=admin)

    assert (again.code, again.based_on, again.hours_total) == ("own-us-il-pt-2", illinois, 60)


def test_what_a_copy_has_otherwise_is_shown_with_the_shipped_value(own, illinois):
    own.hours_didactic, own.exam_required, own.record_note = 40, True, ""
    own.valid_to = dt.date(2031, 1, 1)

    found = {one.name: (one.own, one.shipped) for one in rules.differences(own, illinois)}

    assert found["hours_didactic"] == ("40", "30")
    assert found["exam_required"] == ("yes", "not said")
    assert found["record_note"][0] == "not said"
    assert found["valid_to"] == ("Jan 1, 2031", "Dec 31, 2030")


@pytest.mark.parametrize(
    ("changes", "codes"),
    [
        ({}, set()),
        ({"approves": False, "source": ""}, set()),
        ({"source": "  "}, {"source-missing"}),
        ({"checked_on": None}, {"checked-on-missing"}),
        ({"checked_on": TODAY + dt.timedelta(days=1)}, {"checked-on-ahead"}),
        ({"source": "", "checked_on": None}, {"source-missing", "checked-on-missing"}),
        ({"is_used": True}, set()),
        ({"is_used": True, "approves": False}, {"rules-in-use"}),
        # retired rules would go on to hold at a place
        ({"is_used": True, "retires": True}, {"rules-in-use"}),
        ({"retires": True}, set()),
        # the shipped rules bar needling, and the copy does not
        ({"lets_needle": True}, {"rules-let-needle"}),
        ({"lets_needle": True, "approves": False}, set()),
    ],
)
def test_rules_are_approved_with_source_and_day(changes, codes):
    stands = {
        "source": "225 ILCS 90/1.5", "checked_on": TODAY, "approves": True, "is_used": False, "today": TODAY,
        "retires": False, "lets_needle": False,
    }  # fmt: skip

    assert {reason.code for reason in rules.approval_reasons(**{**stands, **changes})} == codes


def test_an_administrator_copies_changes_and_approves(illinois, admin, signed_in):
    client = signed_in(admin)
    ticked = {"action": "copy_rules", "_selected_action": [illinois.pk]}
    client.post(reverse("admin:clinic_jurisdiction_changelist"), ticked)
    own = Jurisdiction.objects.get(based_on=illinois)

    save(client, own, hours_didactic="40", source="Our counsel, letter 12", approve="on")

    own.refresh_from_db()
    assert (own.hours_didactic, own.source, own.approved_by) == (40, "Our counsel, letter 12", admin)
    assert Jurisdiction.objects.get(pk=illinois.pk).hours_didactic == 30
    assert AuditEvent.objects.get(code="rules.approved").object_ref == str(own.pk)
    assert "Hours didactic: 40 (shipped: 30)" in client.get(page_of(own)).text


def test_what_is_changed_afterwards_is_not_approved_any_more(own, admin, signed_in):
    state_rules.approve(own, by=admin)

    save(signed_in(admin), own, hours_didactic="41")

    own.refresh_from_db()
    assert (own.approved_at, own.approved_by) == (None, None)
    assert AuditEvent.objects.filter(code="rules.unapproved").exists()


def test_rules_that_hold_somewhere_are_not_changed_without_approval(own, admin, signed_in):
    state_rules.approve(own, by=admin)
    Location.objects.update(jurisdiction=own)

    answer = save(signed_in(admin), own, hours_didactic="41")

    assert answer.status_code == 422
    assert "A place stands under these rules" in answer.text
    own.refresh_from_db()
    assert own.hours_didactic == 30


def test_rules_that_hold_somewhere_are_not_retired(own, admin, signed_in):
    state_rules.approve(own, by=admin)
    Location.objects.update(jurisdiction=own)

    answer = save(signed_in(admin), own, retired_at="11/30/2026 10:00 AM", approve="on")

    assert answer.status_code == 422
    assert "A place stands under these rules" in answer.text
    own.refresh_from_db()
    assert own.retired_at is None


def test_a_copy_lets_needle_where_the_shipped_rules_bar_once_a_lead_recorded_counsel(admin, lead, signed_in):
    """HB 3824 of 2025 (Oregon): not before the board's rules."""
    oregon = Jurisdiction.objects.get(code="us-or-pt")
    own, client = state_rules.copy(oregon, by=admin), signed_in(admin)
    typed = {"status": "allowed", "source": "OAR 848, as adopted", "approve": "on"}

    refused = save(client, own, **typed)

    assert refused.status_code == 422
    assert "a lead records what counsel says" in refused.text
    assert not Jurisdiction.objects.filter(based_on=oregon, status="allowed").exists()

    all_states.record_opinion(
        oregon, by=lead, counsel="Sam Sample", given_on=timezone.localdate(), opinion="It is allowed now.",
        reason="The rules are adopted", document="letter 14",
    )  # fmt: skip
    save(client, own, **typed)

    own.refresh_from_db()
    assert (own.status, own.approved_by) == ("allowed", admin)


def test_shipped_rules_are_only_read(illinois, admin, signed_in):
    client = signed_in(admin)

    assert 'name="hours_didactic"' not in client.get(page_of(illinois)).text
    assert client.post(page_of(illinois), {"hours_didactic": "1"}).status_code == 403


@pytest.mark.parametrize("model", ["location", "practice"])
def test_a_copy_is_offered_once_it_is_approved(model, own, admin, signed_in):
    pk = {"location": factories.location().pk, "practice": 1}[model]
    client, address = signed_in(admin), reverse(f"admin:clinic_{model}_change", args=[pk])
    assert own.name not in client.get(address).text

    state_rules.approve(own, by=admin)

    assert own.name in client.get(address).text


def test_an_update_of_the_program_leaves_the_practices_copies_alone(own, illinois, admin):
    own.hours_didactic = 40
    own.save(update_fields=["hours_didactic"])
    state_rules.approve(own, by=admin)
    Jurisdiction.objects.filter(pk=illinois.pk).update(hours_didactic=1)
    CatalogueFile.objects.update(digest="of another edition")

    catalogues.sync("clinic")

    own.refresh_from_db()
    illinois.refresh_from_db()
    assert (own.hours_didactic, own.retired_at, own.approved_by) == (40, None, admin)
    assert illinois.hours_didactic == 30


@pytest.mark.parametrize(
    "row",
    [
        {"code": "own-us-il-pt-9", "based_on": None},
        {"code": "us-il-pt-own"},
        {"code": "us-zz-pt", "based_on": None, "approved": True},
    ],
)
def test_no_copy_passes_for_a_shipped_row_nor_the_other_way(row, illinois, admin):
    stamps = {"approved_at": timezone.now(), "approved_by": admin} if row.pop("approved", False) else {}

    with pytest.raises(IntegrityError), transaction.atomic():
        Jurisdiction.objects.create(**{"name": "x", "source": "y", "based_on": illinois, **stamps, **row})
