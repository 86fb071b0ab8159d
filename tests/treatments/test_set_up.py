"""Set-up: what is done and what blocks a first session, by the rules that open one or refuse to."""

import pytest
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from clinic import audit
from clinic.models import AuditEvent, Jurisdiction, Location, Practice, Role, RoleGrant, Room, User
from clinic.signin import factors
from patients.actions import consent_texts
from patients.models import ConsentText
from tests import factories, second_factor
from tests.form_client import FormClient
from treatments.models import Muscle
from treatments.rules.session import opening as opening_rules
from treatments.rules.session.opening import Occasion
from treatments.rules.set_up import items
from treatments.selectors import set_up
from treatments.selectors.session import opening

PAGE = reverse("treatments:set-up")


@pytest.fixture
def new_therapist(db):
    """As an administrator makes one: with the role, and nothing else yet."""
    return factories.user(
        "nora", Role.THERAPIST, first_name="Nora", last_name="Newpt", profession="pt", licensed=False
    )


def found() -> dict[str, items.Item]:
    on = timezone.localdate()
    facts = set_up.facts_for(Practice.objects.get(), factors.staff(on=on), on=on)
    return {item.code: item for item in items.items(facts)}


def shown(response) -> dict:
    return {item.code: item for item in response.context["items"]}


def refusals_of_a_session(patient, therapist) -> set[str]:
    """Why opening a session of this patient is refused, as the page that opens one says it."""
    visit = factories.arrived(patient, therapist)
    occasion = Occasion(visit, timezone.localdate())
    practice = Practice.objects.select_related("jurisdiction").get()
    facts = opening.open_facts_for(patient, user=therapist, practice=practice, occasion=occasion)
    return {str(reason.message) for reason in opening_rules.open_reasons(facts) if reason.level == "stop"}


def test_an_empty_practice_says_what_blocks_and_what_is_left(admin, signed_in):
    page = signed_in(admin).get(PAGE)

    assert [item.code for item in page.context["blocking"]] == ["people"]
    assert {item.code for item in page.context["open"]} >= {
        "practice", "places", "state", "hours", "needles", "people", "licences", "consent", "limits",
    }  # fmt: skip
    assert "1 thing blocks a first session" in page.text


def test_every_link_leads_to_a_page_that_opens(admin, new_therapist, signed_in):
    client = signed_in(admin)

    for item in client.get(PAGE).context["items"]:
        assert client.get(item.url).status_code == 200, item.code


def test_a_lead_reads_it_and_is_not_led_into_the_administration(lead, signed_in):
    page = signed_in(lead).get(PAGE)

    assert page.status_code == 200
    assert reverse("admin:index") not in page.text
    assert "An administrator does this." in page.text


def test_it_stands_in_the_menu_of_administrators_and_leads_alone(
    admin, lead, therapist, reception, signed_in
):
    for user, is_there in ((admin, True), (lead, True), (therapist, False), (reception, False)):
        assert (f'href="{PAGE}"' in signed_in(user).get("/").text) is is_there
    assert f'href="{PAGE}"' in signed_in(admin).get(reverse("admin:index")).text


def test_a_new_therapist_lacks_a_license_the_day_the_account_is_made(admin, new_therapist, signed_in):
    item = shown(signed_in(admin).get(PAGE))["licences"]

    assert (
        item.blocks == "No license of Nora Newpt is on record. Ask an administrator to enter it under People."
    )
    assert item.url == reverse("admin:clinic_user_change", args=[new_therapist.pk])


def test_the_therapist_reads_the_same_on_their_own_board(new_therapist, signed_in):
    page = signed_in(new_therapist).get("/")

    assert "Before your first session" in page.text
    assert "No license of Nora Newpt is on record." in page.text


def test_a_therapist_who_lacks_nothing_is_told_nothing(therapist, signed_in):
    assert "Before your first session" not in signed_in(therapist).get("/").text


@pytest.mark.parametrize("state", ["general", "us-va-pt"])
@pytest.mark.parametrize("profession", ["pt", "pta", ""])
def test_what_is_missing_is_what_refuses_the_session(state, profession, ada, new_therapist):
    Practice.objects.update(jurisdiction=Jurisdiction.objects.get(code=state))
    User.objects.filter(pk=new_therapist.pk).update(profession=profession)
    missing = set(found()["licences"].lines)

    assert missing
    assert missing <= refusals_of_a_session(ada, new_therapist)


def test_with_the_license_neither_blocks_any_more(ada, new_therapist):
    factories.credential(new_therapist)

    assert found()["licences"].is_done
    assert not any("license" in message for message in refusals_of_a_session(ada, new_therapist))


def test_one_therapist_who_may_needle_is_enough_for_a_first_session(therapist, new_therapist):
    item = found()["licences"]

    assert not item.blocks
    assert not item.is_done
    assert "Nora Newpt" in item.lines[0]


def test_each_therapist_is_held_to_the_rules_of_their_place(new_therapist):
    rules = Jurisdiction.objects.get(code="us-va-pt")
    other = Location.objects.create(code="other", name="Other", jurisdiction=rules)
    User.objects.filter(pk=new_therapist.pk).update(location=other)

    assert any("Virginia" in line for line in found()["licences"].lines)


def test_a_state_that_bars_needling_blocks_in_the_words_of_the_refusal(ada, therapist):
    Practice.objects.update(jurisdiction=Jurisdiction.objects.get(code="us-ca-pt"))

    blocks = found()["state"].blocks

    assert "may not needle" in blocks
    assert blocks in refusals_of_a_session(ada, therapist)


def test_without_a_place_no_visit_can_be_booked(db):
    Location.objects.update(retired_at=timezone.now())

    item = found()["places"]

    assert item.blocks == item.lines[0]
    assert item.url == reverse("admin:clinic_location_add")


def test_what_was_entered_is_done(admin, lead, therapist):
    rules = Jurisdiction.objects.get(code="us-va-pt")
    own = {"needle_stock": "0.25x30", "visit_minutes": 45}
    Practice.objects.update(name="Riverbend Example PT", phone="(555) 555-0100", jurisdiction=rules, **own)
    Location.objects.update(address="1 Sample Street", phone="(555) 555-0100", state="VA")
    Muscle.objects.update(depth_limit_mm=10, limit_approved_by="Hana", limit_approved_on=timezone.localdate())
    Muscle.objects.update(facts_changed_at=None)

    done = {code for code, item in found().items() if item.is_done}

    assert done >= {"practice", "places", "state", "hours", "rooms", "needles", "people", "limits"}


def test_a_name_of_the_practice_says_nothing_of_its_hours_and_needles(db):
    Practice.objects.update(name="Riverbend Example PT")

    assert not found()["hours"].is_done
    assert not found()["needles"].is_done


@pytest.mark.parametrize("code", ["hours", "needles"])
def test_what_ships_is_done_once_somebody_saved_it_unchanged(code, admin, signed_in):
    url = found()[code].url

    page = FormClient(signed_in(admin)).open(url).send("seen")

    assert page.request["PATH_INFO"] == PAGE
    assert found()[code].is_done
    assert Practice.objects.get().needle_stock == Practice._meta.get_field("needle_stock").default
    assert AuditEvent.objects.get(code=f"practice.{code}_saved").changes == {}


def test_an_owner_who_treats_is_told_of_the_second_account(admin):
    assert any("second account" in line for line in found()["people"].lines)
    assert found()["people"].url == reverse("admin:clinic_user_add")


def test_a_place_without_a_room_is_named(db):
    Room.objects.update(retired_at=timezone.now())

    assert found()["rooms"].lines == ("Main has no room.",)


def test_the_text_that_ships_waits_for_the_practice(admin):
    assert not found()["consent"].is_done

    shipped = ConsentText.objects.published().get()
    own = ConsentText.objects.create(
        version="own-1",
        title=shipped.title,
        body=shipped.body,
        statements=shipped.statements,
        digest="ab" * 32,
    )
    consent_texts.publish(own, by=admin)

    assert found()["consent"].is_done


def test_without_a_text_consent_is_taken_on_paper_and_nothing_is_blocked(db):
    ConsentText.objects.update(retired_at=timezone.now())

    item = found()["consent"]

    assert (item.is_done, item.blocks) == (False, "")
    assert "on paper" in item.lines[0]


@pytest.mark.parametrize(
    ("changed", "code", "is_done"),
    [
        ({"EMAIL_HOST": ""}, "mail", False),
        ({"BACKUP_KEY": ""}, "backup", False),
        ({"REQUIRE_MFA": False}, "factors", False),
    ],
)
def test_what_the_environment_says_is_read(changed, code, is_done, admin, signed_in, settings):
    for name, value in changed.items():
        setattr(settings, name, value)

    item = shown(signed_in(admin).get(PAGE))[code]

    assert item.is_done is is_done
    assert not item.blocks


def test_a_backup_on_record_is_one_that_was_made(admin, signed_in):
    with transaction.atomic():
        audit.record("backup.made", None, by=None)

    item = shown(signed_in(admin).get(PAGE))["backup"]

    assert item.is_done
    assert item.lines[0].startswith("The last backup was made ")


def test_commands_are_shown_as_code_and_needle_sizes_apart(admin, signed_in):
    text = signed_in(admin).get(PAGE).content.decode()

    assert "<code>python manage.py backup</code>" in text
    assert "`" not in text[text.index("<h1>") : text.index("</main>")]
    assert "0.25x30, 0.30x40" in text


def test_whoever_needs_a_second_step_and_has_none_is_named(admin, lead, signed_in, settings):
    settings.REQUIRE_MFA = True
    second_factor.give_app(admin)

    item = shown(signed_in(admin).get(PAGE))["factors"]

    assert not item.is_done
    assert "Hana Oduya" in item.lines[0]
    assert "Sam Key" not in item.lines[0]


def test_somebody_who_left_is_no_therapist_of_the_practice(new_therapist):
    User.objects.filter(pk=new_therapist.pk).update(is_active=False)

    assert found()["people"].blocks


def test_a_role_that_begins_tomorrow_is_not_held_today(new_therapist):
    RoleGrant.objects.update(from_on=timezone.localdate() + timezone.timedelta(days=1))

    assert found()["people"].blocks
