"""The administrator's own job, by keyboard: accounts, a setting, a record found by its reference."""

import pytest

from clinic.models import AuditEvent, Practice, RoleGrant, User
from tests.browser import steps


@pytest.fixture
def hands(keyboard, admin):
    steps.sign_in(keyboard, admin)
    return keyboard


def enter(hands, *links: str) -> None:
    """From the board through the menu into the administration, and on by its links."""
    hands.page.goto("/")
    hands.activate("Sam Key")
    hands.go("Administration")
    for link in links:
        hands.go(link)


def test_an_account_is_made_with_its_role(hands):
    enter(hands, "Users", "ADD USER")
    hands.type("nora")
    hands.fill("Given name:", "Nora")
    hands.fill("Family name:", "Neu")
    hands.fill("Role:", "Front desk")
    hands.go("Save")

    grant = RoleGrant.objects.get(user__username="nora")
    assert grant.role == "front_desk"
    assert "One-time password of nora: " in hands.page.locator(".messagelist").inner_text()


def test_a_locked_out_colleague_gets_a_one_time_password(hands, reception):
    enter(hands, "Users")
    hands.tab_to("Action:")
    hands.type("Give a one-time")
    hands.tick("Select this object for an action - reception")
    hands.tab_to("Go", back=True)
    hands.leave_by("Enter")

    assert "One-time password of reception: " in hands.page.locator(".messagelist").inner_text()
    assert User.objects.get(pk=reception.pk).one_time_password_at


def test_a_setting_is_changed_and_recorded(hands):
    enter(hands, "Practice settings")
    # past the menu and the head of the column to the one row
    hands.tab_to("Warning signs")
    hands.tab_to("Practice settings")
    hands.press("Tab")
    hands.leave_by("Enter")
    hands.tab_to("Length of a visit (minutes):")
    hands.press("Control+a")
    hands.type("45")
    hands.go("Save")

    assert Practice.objects.get().visit_minutes == 45
    assert "visit_minutes" in AuditEvent.objects.get(code="admin.changed").changes


def test_a_record_is_found_by_its_reference_only(hands, ada):
    enter(hands)
    # the group of tables has the same name as the table in it
    hands.tab_to("Episodes")
    hands.go("Patients")
    assert hands.page.locator("#result_list").count() == 0

    hands.fill("Search", ada.ref)
    hands.leave_by("Enter")
    hands.go(ada.ref)

    assert hands.page.locator("input[type=text]:not([name=q])").count() == 0
    assert AuditEvent.objects.filter(code="admin.looked", patient_ref=ada.ref).exists()
