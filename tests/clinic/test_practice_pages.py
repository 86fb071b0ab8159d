"""Hours, closed days and needles: looked at and saved on their own pages, and what closed days do."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from clinic.forms.practice import HoursForm
from clinic.models import AuditEvent, Practice
from clinic.rules import business_days
from clinic.rules import practice as rules
from clinic.rules.parsing import Unreadable
from tests import factories
from tests.form_client import FormClient

TODAY = dt.date(2026, 12, 1)
HOURS = reverse("set-up-hours")


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("", ""),
        ("12/24/2026", "2026-12-24"),
        ("12/28/2026\n 12/24/2026\r\n\n12/24/2026", "2026-12-24,2026-12-28"),
        ("12/24/2026; 12/28/2026", "2026-12-24,2026-12-28"),
        ("12/24/2026, 12/28/2026", "2026-12-24,2026-12-28"),
        ("Dec 24, 2026\nDec 28, 2026", "2026-12-24,2026-12-28"),
    ],
)
def test_days_are_read_as_people_write_them(typed, stored):
    assert rules.closed_days(typed, today=TODAY) == stored


MANY = "\n".join(f"{month}/{day}/2027" for month in (1, 3, 5) for day in range(1, 32))


@pytest.mark.parametrize("typed", ["Christmas", "12/24/2026, soon", "2/30/2026", MANY])
def test_what_is_no_day_and_too_many_are_refused(typed):
    with pytest.raises(Unreadable):
        rules.closed_days(typed, today=TODAY)


@pytest.mark.parametrize(
    ("first", "days"),
    [
        (TODAY, [(2026, 12, 25), (2027, 1, 1), (2027, 1, 18)]),
        (dt.date(2026, 12, 25), [(2026, 12, 25), (2027, 1, 1), (2027, 1, 18)]),
        # New Year's Day of 2028 is a Saturday
        (dt.date(2027, 12, 20), [(2027, 12, 24), (2027, 12, 31), (2028, 1, 17)]),
    ],
)
def test_the_next_holidays_are_told(first, days):
    assert business_days.holidays_from(first, 3) == [dt.date(*day) for day in days]


def test_hours_are_saved_with_what_changed(admin, signed_in):
    page = FormClient(signed_in(admin)).open(HOURS)
    page.send("seen", visit_minutes="45", closed_days="12/24/2026\n12/28/2026")

    practice = Practice.objects.get()
    assert (practice.visit_minutes, practice.closed_days) == (45, "2026-12-24,2026-12-28")
    event = AuditEvent.objects.get(code="practice.hours_saved")
    assert event.changes == {"visit_minutes": [30, 45], "closed_days": ["", "2026-12-24,2026-12-28"]}
    assert page.open(HOURS).form("seen").fields["closed_days"].values == ["12/24/2026\n12/28/2026"]


def test_days_are_taken_off_again_on_either_page(admin, signed_in):
    client = signed_in(admin)
    for url, name in ((HOURS, "seen"), (reverse("admin:clinic_practice_change", args=[1]), "phone")):
        Practice.objects.update(closed_days="2026-12-24")

        FormClient(client).open(url).send(name, "closed_days", closed_days="")

        assert Practice.objects.get().closed_days == "", url


def test_what_makes_no_sense_is_said_at_its_field_and_stays_as_it_was_typed(admin, signed_in):
    page = FormClient(signed_in(admin)).open(HOURS)

    answer = page.try_to_send("seen", visit_minutes="0", closed_days="Christmas", followup_open_hours="8-7")

    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {"visit_minutes", "closed_days", "followup_open_hours"}
    assert page.form("seen").fields["closed_days"].values == ["Christmas"]
    assert not AuditEvent.objects.filter(code="practice.hours_saved").exists()


def test_two_who_set_the_same_are_a_conflict_and_others_merge(admin, signed_in):
    page = FormClient(signed_in(admin)).open(HOURS)
    Practice.objects.update(visit_minutes=60, needle_stock="0.25x30")

    answer = page.try_to_send("seen", visit_minutes="45")

    assert answer.status_code == 409
    assert "60" in answer.text
    page.send("seen", visit_minutes="45")
    assert Practice.objects.get().visit_minutes == 45


def test_nobody_but_an_administrator_saves_them(lead, signed_in):
    assert signed_in(lead).post(HOURS, {"visit_minutes": "45"}).status_code == 403


def test_the_limits_are_those_of_the_settings():
    field = HoursForm.base_fields["visit_minutes"]

    assert (field.min_value, field.max_value) == Practice.limits["visit_minutes"]


def test_booking_on_a_closed_day_asks_first(ada, therapist, reception, signed_in):
    day = timezone.localdate() + dt.timedelta(days=9)
    Practice.objects.update(closed_days=day.isoformat())
    page = FormClient(signed_in(reception)).open(reverse("patients:visit-book", args=[ada.ref]))
    typed = {"booked_for": f"{day:%m/%d/%Y} 10:00", "therapist": str(therapist.pk), "kind": "follow_up"}

    asked = page.try_to_send("booked_for", **typed)

    assert "The practice is closed on " in asked.text
    assert not ada.visits.exists()
    (keep,) = [button for button in page.form("booked_for").buttons if button[0] == "keep"]
    page.send("booked_for", press=keep)
    assert ada.visits.count() == 1


def test_the_day_before_is_booked_without_a_question(ada, therapist, reception, signed_in):
    day = timezone.localdate() + dt.timedelta(days=9)
    Practice.objects.update(closed_days=(day + dt.timedelta(days=1)).isoformat())
    page = FormClient(signed_in(reception)).open(reverse("patients:visit-book", args=[ada.ref]))

    page.send(
        "booked_for",
        booked_for=f"{day:%m/%d/%Y} 10:00",
        therapist=str(therapist.pk),
        kind="follow_up",
    )

    assert ada.visits.count() == 1


def test_a_call_that_is_due_on_a_closed_day_says_so(ada, therapist, reception, signed_in):
    call = factories.followup(factories.session(ada, therapist))
    client = signed_in(reception)
    words = "It is due on a day on which the practice is closed."
    assert words not in client.get(call.get_absolute_url()).text

    Practice.objects.update(closed_days=timezone.localdate(call.due_at).isoformat())

    assert words in client.get(call.get_absolute_url()).text
