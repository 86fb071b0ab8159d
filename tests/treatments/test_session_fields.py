"""Fields are saved when they are left: compared, safe to repeat, refused with a message."""

import datetime as dt
import uuid

import pytest
from django.urls import reverse
from django.utils import timezone

from clinic import formats
from clinic.models import AuditEvent
from tests import factories
from treatments.models import DraftEvent

pytestmark = pytest.mark.django_db
CLIENT = "0d5f2f0c-8f6c-4b8e-9a55-0c5a6a1b7d11"


@pytest.fixture
def save(draft, therapist, signed_in):
    """save(field, value, seq=1, base_version=0, by=therapist) -> the response"""
    clients = {}

    def post(field, value, seq=1, base_version=0, by=therapist, client_id=CLIENT, origin="typed"):
        client = clients.setdefault(by.pk, signed_in(by))
        data = {"field": field, "value": value, "seq": seq, "base_version": base_version,
                "client_id": client_id, "origin": origin}  # fmt: skip
        return client.post(
            reverse("treatments:session-field", args=[draft.ref]), data, headers={"X-Live": "1"}
        )

    return post


def now_in(draft):
    draft.refresh_from_db()
    return draft


@pytest.mark.parametrize(
    ("field", "value", "stored"),
    [
        ("note", "Slept better. 🙂\nStiff in the morning.", "Slept better. 🙂\r\nStiff in the morning."),
        ("plan", "مرحبا", "مرحبا"),
        ("needles_out", "5", 5),
        ("needles_out", "0", 0),
        ("position", "prone", "prone"),
        ("tolerance", "well", "well"),
        ("next_visit_on", "2099-05-21", dt.date(2099, 5, 21)),
        ("billing_code", "20561", "20561"),
    ],
)
def test_a_field_is_kept_with_its_event(save, draft, field, value, stored):
    answer = save(field, value)

    assert answer.status_code == 200
    stored_value = getattr(now_in(draft), field)
    assert stored_value in (stored, value)
    event = DraftEvent.objects.get()
    assert (event.field, event.pk) == (field, answer.json()["version"])
    assert AuditEvent.objects.filter(code="session.field_saved", object_ref=draft.ref).count() == 1


def test_the_same_request_again_gives_the_same_answer_and_nothing_twice(save):
    first, second = save("note", "Once."), save("note", "Once.")

    assert first.json()["version"] == second.json()["version"]
    assert DraftEvent.objects.count() == 1


def test_a_late_repeat_of_an_old_request_changes_nothing(save, draft):
    one = save("note", "One.").json()["version"]
    two = save("note", "Two.", seq=2, base_version=one).json()["version"]
    save("note", "Three.", seq=3, base_version=two)

    assert save("note", "One.").json()["version"] == one
    assert now_in(draft).note == "Three."


def test_a_newer_version_is_a_conflict_with_both_values(save, draft, other_therapist):
    draft.supervisor = other_therapist
    draft.save(update_fields=["supervisor"])
    save("position", "prone")

    answer = save("position", "supine", by=other_therapist, client_id=str(uuid.uuid4()))

    assert answer.status_code == 409
    conflict = answer.json()
    assert (conflict["theirs_said"], conflict["mine_said"], conflict["by"]) == (
        "Face down",
        "Face up",
        "Maria",
    )
    assert now_in(draft).position == "prone"
    stored_value = save("position", "supine", seq=2, base_version=conflict["version"], by=other_therapist)
    assert stored_value.status_code == 200
    assert now_in(draft).position == "supine"


def test_two_people_on_different_fields_merge(save, draft, other_therapist):
    draft.supervisor = other_therapist
    draft.save(update_fields=["supervisor"])
    save("note", "From Maria.")
    save("plan", "From Jo.", by=other_therapist, client_id=str(uuid.uuid4()))

    assert (now_in(draft).note, draft.plan) == ("From Maria.", "From Jo.")


def test_the_same_value_from_an_old_version_is_no_conflict(save):
    save("position", "prone")

    assert save("position", "prone", seq=2).status_code == 200


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("note", "x" * 10_001, "10,001 characters"),
        ("note", "a\x00b", "cannot be kept"),
        ("needles_out", "-1", "0 to 999"),
        ("needles_out", "99999999999999", "0 to 999"),
        ("needles_out", "five", "0 to 999"),
        ("started_at", "25:00", "such as 9:30 AM"),
        ("started_at", "soon", "such as 9:30 AM"),
        ("position", "upside down", "Choose one of the answers"),
        ("next_visit_on", "2001-01-01", "in the past"),
        ("next_visit_on", "31 February", "Enter a date"),
    ],
)
def test_what_cannot_be_kept_is_a_sentence_and_nothing_is_saved(save, field, value, message):
    answer = save(field, value)

    assert answer.status_code == 422
    assert message in answer.json()["errors"][field]
    assert not DraftEvent.objects.exists()


def test_pain_is_0_to_10_per_condition(save, draft):
    row = draft.conditions.get()

    assert save(f"pain_before-{row.pk}", "11").status_code == 422
    assert save(f"pain_before-{row.pk}", "6").status_code == 200
    row.refresh_from_db()
    assert row.pain_before == 6


def test_pain_that_was_not_asked_keeps_its_reason_until_a_number_comes(save, draft):
    row = draft.conditions.get()
    version = save(f"pain_after-{row.pk}", "not-asked").json()["version"]
    save(f"not_asked_after-{row.pk}", "Left early", seq=2)
    row.refresh_from_db()
    assert (row.pain_after, row.not_asked_after) == (None, "Left early")

    save(f"pain_after-{row.pk}", "3", seq=3, base_version=version)
    row.refresh_from_db()
    assert (row.pain_after, row.not_asked_after) == (3, "")


def test_the_condition_of_another_session_is_out_of_reach(save, ada, therapist):
    other = factories.session_condition(
        factories.session(ada, therapist, visit=factories.arrived(ada, therapist))
    )

    assert save(f"pain_before-{other.pk}", "6").status_code == 404
    other.refresh_from_db()
    assert other.pain_before is None


def test_an_end_before_the_start_is_refused(save, draft):
    start = timezone.now() - dt.timedelta(minutes=30)
    draft.started_at = start
    draft.save(update_fields=["started_at"])
    early = timezone.localtime(start - dt.timedelta(minutes=5))

    answer = save("ended_at", early.strftime("%H:%M"))

    assert "before it starts" in answer.json()["errors"]["ended_at"]
    assert now_in(draft).ended_at is None


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("2:20", "2:20 PM"),
        ("220", "2:20 PM"),
        ("14:20", "2:20 PM"),
        ("2:20p", "2:20 PM"),
        ("2:20 PM", "2:20 PM"),
        ("1:55", "1:55 PM"),
    ],
)
def test_an_end_without_am_or_pm_follows_the_start(save, draft, time_machine, typed, said):
    start = dt.datetime(2026, 5, 14, 18, 53, tzinfo=dt.UTC)  # 1:53 PM in Chicago
    time_machine.move_to(start + dt.timedelta(hours=1), tick=False)
    draft.opened_at = draft.started_at = start
    draft.save(update_fields=["opened_at", "started_at"])

    assert save("ended_at", typed).status_code == 200

    assert formats.clock(now_in(draft).ended_at) == said


@pytest.mark.parametrize("typed", ["02:20", "2:20 AM"])
def test_an_end_that_says_the_morning_is_before_an_afternoon(save, draft, time_machine, typed):
    start = dt.datetime(2026, 5, 14, 18, 53, tzinfo=dt.UTC)
    time_machine.move_to(start + dt.timedelta(hours=1), tick=False)
    draft.opened_at = draft.started_at = start
    draft.save(update_fields=["opened_at", "started_at"])

    assert "before it starts" in save("ended_at", typed).json()["errors"]["ended_at"]


def test_a_time_that_has_not_come_is_refused(save, draft, time_machine):
    noon = dt.datetime(2026, 5, 14, 17, 0, tzinfo=dt.UTC)
    time_machine.move_to(noon, tick=False)
    draft.opened_at = draft.started_at = noon
    draft.save(update_fields=["opened_at", "started_at"])

    answer = save("ended_at", "14:00")

    assert "has not come yet" in answer.json()["errors"]["ended_at"]


def test_the_end_schedules_follow_ups_once(save, draft):
    draft.started_at = timezone.now() - dt.timedelta(minutes=1)
    draft.save(update_fields=["started_at"])
    at = timezone.localtime().strftime("%H:%M")
    draft.started_at = timezone.localtime().replace(second=0, microsecond=0)
    draft.save(update_fields=["started_at"])
    version = save("ended_at", at).json()["version"]
    save("ended_at", "", seq=2, base_version=version)

    assert sorted(draft.followups.values_list("step", flat=True)) == [24, 72]
    assert AuditEvent.objects.filter(code="session.ended").count() == 1


def test_advice_that_was_given_keeps_its_words(save, draft):
    version = save("advice-drink-water", "on").json()["version"]
    given = draft.aftercare.get()
    assert given.given_at
    assert given.text == "Drink water through the day."

    save("advice-drink-water", "", seq=2, base_version=version)
    given.refresh_from_db()
    assert (given.given_at, given.given_by) == (None, None)


def test_the_foot_that_comes_back_says_what_the_whole_page_says(save, draft, therapist, signed_in):
    factories.site(draft, "ut", needles=2, technique="static", needle_in_at=timezone.now())
    factories.site(draft, "so", side="left", needles=3)
    struck = factories.site(draft, "is", needles=4)
    type(struck).objects.filter(pk=struck.pk).update(struck_at=timezone.now(), struck_by=therapist)
    factories.site(draft, muscle=None, unlisted_name="Risorius")

    foot = save("needles_out", "5").json()["parts"]["foot-facts"]

    page = signed_in(therapist).get(draft.get_absolute_url()).text
    assert "2 still in" in foot
    assert "3 muscles" in foot
    assert foot.strip() in page


def test_a_counted_needle_has_its_counter(save, draft, therapist):
    save("needles_out", "3")

    assert now_in(draft).needles_counted_by == therapist


@pytest.mark.parametrize("field", ["signed_at", "patient", "ref", "pain_before", "note-1", ""])
def test_a_field_that_is_not_on_the_page_is_refused(save, field):
    assert save(field, "x").status_code == 400


def test_strangers_do_not_find_the_draft(save, other_therapist, reception):
    assert save("note", "x", by=other_therapist).status_code == 404
    assert save("note", "x", by=reception).status_code == 403


def test_a_signed_session_says_that_it_is_locked(save, draft, therapist):
    type(draft).objects.filter(pk=draft.pk).update(signed_at=timezone.now(), signed_by=therapist)

    answer = save("note", "One more thing.")

    assert answer.status_code == 409
    assert answer.json()["locked"]
    assert now_in(draft).note == ""
