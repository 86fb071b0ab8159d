"""Visits from booking to check-out: steps, double bookings, undoing, and two desks at once."""

import datetime as dt

import pytest
from django.utils import timezone

from clinic.models import AuditEvent, Location, Room
from clinic.rules import business_days
from clinic.values.errors import RuleViolation, StaleRecord
from patients.actions import visits
from patients.models import StampWithdrawal, Visit
from patients.rules.visits import booking
from patients.rules.visits.booking import Slot
from tests import factories

NINE = dt.datetime(2026, 5, 12, 14, 0, tzinfo=dt.UTC)


@pytest.fixture
def desk(reception, signed_in):
    return signed_in(reception)


@pytest.fixture
def expected(ada, therapist):
    return factories.visit(ada, therapist)


def typed(treats, /, **changes):
    usual = {
        "booked_for": "tomorrow 9:30",
        "minutes": "30",
        "therapist": treats.pk,
        "location": factories.location().pk,
        "room": "",
        "kind": "follow_up",
        "desk_note": "",
        "form_key": "0" * 31 + "1",
    }
    return {**usual, **changes}


def test_a_visit_is_booked_and_the_board_of_its_day_shown(desk, ada, therapist, reception):
    response = desk.post(f"/patients/{ada.ref}/visits/book/", typed(therapist))
    visit = Visit.objects.get()
    local = timezone.localtime(visit.booked_for)
    assert (local.hour, local.minute) == (9, 30)
    assert response.headers["Location"] == f"/?day={local.date().isoformat()}"
    assert visit.booked_by == reception
    assert AuditEvent.objects.filter(code="visit.booked", patient_ref=ada.ref).exists()


@pytest.mark.parametrize(
    ("typed_time", "hour"),
    [("3:15 pm", 15), ("03:15", 3), ("3:15 am", 3), ("15:15", 15), ("7:15", 7), ("12:15", 12)],
)
def test_a_time_that_says_its_half_of_the_day_is_booked_as_it_is(desk, ada, therapist, typed_time, hour):
    """A bare “3:15” was booked for a quarter past three at night."""
    desk.post(f"/patients/{ada.ref}/visits/book/", typed(therapist, booked_for=f"tomorrow {typed_time}"))

    assert timezone.localtime(Visit.objects.get().booked_for).hour == hour


@pytest.mark.parametrize(("later", "is_holiday"), [(0, True), (1, False)])
def test_whoever_books_on_a_federal_holiday_is_told(desk, ada, therapist, later, is_holiday):
    (holiday,) = business_days.holidays_from(timezone.localdate() + dt.timedelta(days=1), 1)
    day = holiday + dt.timedelta(days=later)

    sent = typed(therapist, booked_for=f"{day:%m/%d/%Y} 10:00 am")
    page = desk.post(f"/patients/{ada.ref}/visits/book/", sent, follow=True).content.decode()

    assert Visit.objects.exists()
    assert ("is a federal holiday" in page) == is_holiday


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("booked_for", "", "Enter the day and the time"),
        ("booked_for", "whenever", "Write a day and a time"),
        ("booked_for", "2/29/2027 9:00", "There is no February 29 in 2027."),
        ("booked_for", "5/12 25:00", "There is no time 25:00"),
        ("booked_for", "tomorrow 3:15", "Write 3:15 AM or 3:15 PM."),
        ("booked_for", "tomorrow 2", "Write 2 AM or 2 PM."),
        ("minutes", "-5", "5 minutes at least"),
        ("minutes", "99999999999999999999", "480 minutes at most"),
        ("minutes", "many", "digits"),
        ("therapist", "", "Choose who treats"),
        ("kind", "", "Choose the kind"),
        ("desk_note", "x" * 10_001, "too many"),
    ],
)
def test_a_booking_that_cannot_be_is_explained_at_its_field(desk, ada, therapist, field, value, message):
    response = desk.post(f"/patients/{ada.ref}/visits/book/", typed(therapist, **{field: value}))
    assert response.status_code == 422
    assert message in " ".join(response.context["form"].errors[field])
    assert response.context["form"][field].value() == value
    assert not Visit.objects.exists()


def test_a_double_booking_warns_and_can_be_kept(desk, ada, therapist, reception):
    other = factories.patient(reception)
    desk.post(f"/patients/{other.ref}/visits/book/", typed(therapist))

    url, again = (
        f"/patients/{ada.ref}/visits/book/",
        typed(therapist, booked_for="tomorrow 9:45", form_key="0" * 31 + "2"),
    )
    warned = desk.post(url, again)
    assert warned.status_code == 200
    assert {caution.code for caution in warned.context["cautions"]} == {"therapist-twice"}
    assert "Keep this time" in warned.content.decode()
    assert Visit.objects.count() == 1

    # another time must be confirmed anew, because only the shown one was confirmed
    moved = desk.post(url, {**again, "booked_for": "tomorrow 9:40", "keep": warned.context["keep"]})
    assert moved.status_code == 200
    assert desk.post(url, {**again, "keep": warned.context["keep"]}).status_code == 302
    assert Visit.objects.count() == 2


def test_a_booking_posted_twice_books_once(desk, ada, therapist):
    url = f"/patients/{ada.ref}/visits/book/"
    first, second = (desk.post(url, typed(therapist)) for _ in range(2))
    assert (first.status_code, second.status_code) == (302, 302)
    assert Visit.objects.count() == 1


SLOT = Slot(NINE, 30, therapist_id=1, patient_id=1, room_id=1, therapist="Maria", room="2")


@pytest.mark.parametrize(
    ("other", "codes"),
    [
        (Slot(NINE, 30, 1, 2, 2), {"therapist-twice"}),
        (Slot(NINE + dt.timedelta(minutes=29), 30, 2, 2, 1), {"room-twice"}),
        (Slot(NINE - dt.timedelta(minutes=29), 30, 2, 1, None), {"patient-twice"}),
        (Slot(NINE, 30, 1, 1, 1), {"therapist-twice", "room-twice", "patient-twice"}),
        (Slot(NINE + dt.timedelta(minutes=30), 30, 1, 1, 1), set()),
        (Slot(NINE - dt.timedelta(minutes=30), 30, 1, 1, 1), set()),
        (Slot(NINE, 30, 2, 2, 2), set()),
        (Slot(NINE - dt.timedelta(hours=7), 480, 1, 2, None), {"therapist-twice"}),
    ],
)
def test_what_overlaps_is_a_caution(other, codes):
    assert {reason.code for reason in booking.cautions(SLOT, [other], now=NINE)} == codes


def test_a_time_that_has_passed_is_a_caution():
    found = booking.cautions(SLOT, [], now=NINE + dt.timedelta(hours=1))
    assert [reason.code for reason in found] == ["in-the-past"]


def test_the_steps_stamp_who_and_when(expected, reception):
    visits.check_in(expected, by=reception)
    visits.take_to_room(expected, by=reception)
    left = visits.check_out(expected, by=reception)
    assert left.state == "left"
    assert {left.arrived_by, left.roomed_by, left.left_by} == {reception}
    assert left.room == factories.room()
    codes = (
        AuditEvent.objects.filter(code__startswith="visit.").order_by("seq").values_list("code", flat=True)
    )
    assert list(codes) == ["visit.arrived", "visit.roomed", "visit.left"]


def test_the_second_desk_is_told_who_was_first(expected, reception, therapist):
    visits.check_in(expected, by=reception)
    with pytest.raises(StaleRecord, match="checked in at .* by Robin Hale"):
        visits.check_in(expected, by=therapist)
    expected.refresh_from_db()
    assert expected.arrived_by == reception


def test_the_second_desk_sees_a_page_that_says_so(desk, expected, therapist):
    visits.check_in(expected, by=therapist)
    response = desk.post(f"/visits/{expected.ref}/step/", {"verb": "arrive"})
    assert response.status_code == 409
    assert "by Maria Lund" in response.content.decode()


def test_the_same_button_pressed_twice_is_one_press(desk, expected):
    press = {"verb": "arrive", "form_key": "0" * 31 + "7"}
    answers = [desk.post(f"/visits/{expected.ref}/step/", press) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [302, 302]
    assert AuditEvent.objects.filter(code="visit.arrived").count() == 1


def test_who_is_not_checked_in_cannot_leave_or_go_to_a_room(expected, reception):
    for verb in (visits.check_out, visits.take_to_room):
        with pytest.raises(StaleRecord):
            verb(expected, by=reception)
    expected.refresh_from_db()
    assert expected.state == "expected"


def test_the_first_free_room_is_taken(ada, therapist, reception):
    second = Room.objects.create(location=factories.location(), name="2")
    visits.take_to_room(factories.arrived(factories.patient(reception), therapist), by=reception)
    assert visits.take_to_room(factories.arrived(ada, therapist), by=reception).room == second


def test_a_wrong_check_in_is_taken_back_with_a_reason(desk, expected, reception):
    visits.check_in(expected, by=reception)
    url = f"/visits/{expected.ref}/take-back/"
    refused = desk.post(url, {"stamp": "arrived", "reason": " "})
    assert refused.status_code == 422
    assert "Say why" in refused.context["form"].errors["reason"][0]

    desk.post(url, {"stamp": "arrived", "reason": "It was the namesake."})
    expected.refresh_from_db()
    assert (expected.state, expected.arrived_by) == ("expected", None)
    withdrawal = StampWithdrawal.objects.get()
    assert (withdrawal.stamp, withdrawal.stamped_by, withdrawal.reason) == (
        "arrived",
        reception,
        "It was the namesake.",
    )
    assert AuditEvent.objects.get(code="visit.taken_back").reason == "It was the namesake."


def test_only_the_newest_step_is_taken_back(expected, reception):
    visits.check_in(expected, by=reception)
    visits.take_to_room(expected, by=reception)
    with pytest.raises(RuleViolation) as refused:
        visits.undo_step(expected, by=reception, stamp="arrived", reason="Mistake")
    assert refused.value.codes == {"not-the-newest"}


def test_a_check_in_with_a_session_is_not_taken_back(draft, reception):
    with pytest.raises(RuleViolation) as refused:
        visits.undo_step(draft.visit, by=reception, stamp="arrived", reason="Mistake")
    assert refused.value.codes == {"session-stands"}


def test_nobody_leaves_with_needles_in(desk, draft, reception):
    factories.site(draft, technique="static", needle_in_at=timezone.now(), needles=2)
    response = desk.post(f"/visits/{draft.visit.ref}/step/", {"verb": "leave"})
    assert response.status_code == 422
    assert "2 needles are still in this patient" in response.content.decode()
    draft.visit.refresh_from_db()
    assert draft.visit.left_at is None


def test_leaving_schedules_the_follow_ups(draft, reception):
    visits.check_out(draft.visit, by=reception)
    assert draft.followups.count() == 2


def test_a_visit_is_cancelled_with_a_reason(desk, expected):
    url = f"/visits/{expected.ref}/step/"
    refused = desk.post(url, {"verb": "cancel", "reason": ""})
    assert refused.status_code == 422
    assert "Say why the visit is canceled." in refused.content.decode()
    desk.post(url, {"verb": "cancel", "reason": "Has a cold"})
    expected.refresh_from_db()
    assert (expected.state, expected.end_reason) == ("cancelled", "Has a cold")


def test_a_walk_in_is_checked_in_at_once_and_only_once(desk, ada, therapist):
    url = f"/patients/{ada.ref}/visits/start/"
    desk.post(url, typed(therapist))
    assert Visit.objects.get().state == "arrived"
    refused = desk.post(url, typed(therapist, form_key="0" * 31 + "2"))
    assert refused.status_code == 422
    assert "This patient has been here since" in refused.content.decode()
    assert Visit.objects.count() == 1


def test_a_room_of_another_location_is_refused(desk, ada, therapist):
    elsewhere = Room.objects.create(
        location=type(factories.location()).objects.create(code="north", name="North"), name="9"
    )
    response = desk.post(f"/patients/{ada.ref}/visits/book/", typed(therapist, room=elsewhere.pk))
    assert response.status_code == 422
    assert "another location" in response.context["form"].errors["room"][0]


def test_a_colleagues_change_of_a_visit_is_not_overwritten(
    desk, expected, therapist, other_therapist, reception
):
    url = f"/visits/{expected.ref}/edit/"
    page = desk.get(url).context
    sent = {**typed(therapist), "booked_for": page["form"]["booked_for"].value(), "seen": page["seen"]}
    sent["booked_for"] = page["form"].fields["booked_for"].prepare_value(expected.booked_for)
    visits.change(expected, by=reception, therapist=other_therapist)

    assert desk.post(url, {**sent, "desk_note": "Brings a cane"}).status_code == 302
    expected.refresh_from_db()
    assert (expected.therapist, expected.desk_note) == (other_therapist, "Brings a cane")


def test_two_changes_of_the_same_thing_are_a_conflict(desk, expected, therapist, reception):
    url = f"/visits/{expected.ref}/edit/"
    page = desk.get(url).context
    visits.change(expected, by=reception, desk_note="Brings a cane")
    when = page["form"].fields["booked_for"].prepare_value(expected.booked_for)
    response = desk.post(
        url, {**typed(therapist), "booked_for": when, "seen": page["seen"], "desk_note": "Is late"}
    )
    assert response.status_code == 409
    assert "Brings a cane" in response.content.decode()


def test_a_reference_that_is_not_there_is_not_found(desk, ada):
    assert desk.get("/visits/7K4M9QXZ/edit/").status_code == 404
    wrong = ada.ref[:-1] + ("A" if ada.ref[-1] != "A" else "B")
    assert desk.get(f"/patients/{wrong}/visits/book/").status_code == 404


def test_steps_are_post_only_and_need_the_permission(desk, expected, lead, signed_in):
    assert desk.get(f"/visits/{expected.ref}/step/").status_code == 405
    assert signed_in(lead).post(f"/visits/{expected.ref}/step/", {"verb": "arrive"}).status_code == 403
    expected.refresh_from_db()
    assert expected.arrived_at is None


def test_a_restricted_patients_visit_is_checked_in_and_no_more(desk, expected, lead, ada):
    ada.restricted_at, ada.restricted_by = timezone.now(), lead
    ada.save(update_fields=["restricted_at", "restricted_by"])
    assert desk.post(f"/visits/{expected.ref}/step/", {"verb": "miss"}).status_code == 404
    assert desk.get(f"/visits/{expected.ref}/edit/").status_code == 404
    assert desk.post(f"/visits/{expected.ref}/step/", {"verb": "arrive"}).status_code == 302


def test_nobody_is_taken_to_a_room_of_another_location(desk, ada, therapist):
    visit = factories.arrived(ada, therapist)
    elsewhere = Location.objects.create(code="elsewhere", name="Elsewhere")
    room = Room.objects.create(location=elsewhere, name="9")

    answer = desk.post(f"/visits/{visit.ref}/step/", {"verb": "room", "room": room.pk})

    visit.refresh_from_db()
    assert answer.status_code == 422
    assert "another location" in answer.content.decode()
    assert visit.roomed_at is None
