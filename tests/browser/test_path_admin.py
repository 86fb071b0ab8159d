"""The administrator's own job, by keyboard: accounts, a setting, a record found by its reference."""

import pytest

from clinic.models import AuditEvent, Practice, RoleGrant, User
from tests.browser import steps


@pytest.fixture
def user(keyboard, admin):
    steps.sign_in(keyboard, admin)
    return keyboard


def enter(user, *links: str) -> None:
    """From the board through the menu into the administration, and on by its links."""
    user.page.goto("/")
    user.activate("Sam Key")
    user.go("Administration")
    for link in links:
        user.go(link)


def test_an_account_is_made_with_its_role(user):
    enter(user, "Users", "ADD USER")
    user.type("nora")
    user.fill("First name:", "Nora")
    user.fill("Last name:", "Neu")
    user.activate("Add a role")
    user.fill("Role:", "Front desk")
    user.go("Save")

    grant = RoleGrant.objects.get(user__username="nora")
    assert grant.role == "front_desk"
    assert "One-time password of nora: " in user.page.locator(".messagelist").inner_text()


def test_a_locked_out_colleague_gets_a_one_time_password(user, reception):
    enter(user, "Users")
    user.tab_to("Action:")
    user.type("Give a one-time")
    user.tick("Select this object for an action - reception")
    user.tab_to("Go", back=True)
    user.leave_by("Enter")

    assert "One-time password of reception: " in user.page.locator(".messagelist").inner_text()
    assert User.objects.get(pk=reception.pk).one_time_password_at


def test_a_setting_is_changed_and_recorded(user):
    enter(user, "Practice settings")
    user.tab_to("Length of a visit (minutes):")
    user.press("Control+a")
    user.type("45")
    user.go("Save")

    assert Practice.objects.get().visit_minutes == 45
    assert "visit_minutes" in AuditEvent.objects.get(code="admin.changed").changes


def test_a_record_is_found_by_its_reference_only(user, ada):
    enter(user)
    user.go("Patients")
    assert user.page.locator("#result_list").count() == 0

    user.fill("Find by reference", ada.ref)
    user.leave_by("Enter")
    user.go(ada.ref)

    assert user.page.locator("input[type=text]").count() == 0
    assert AuditEvent.objects.filter(code="admin.looked", patient_ref=ada.ref).exists()
