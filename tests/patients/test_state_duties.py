"""Direct access in Illinois (225 ILCS 90/1.2): the doctor is told, and who does not improve is referred."""

import datetime as dt
from dataclasses import replace
from types import SimpleNamespace

import pytest
from django.urls import reverse
from django.utils import timezone

from clinic.models import AuditEvent, Jurisdiction, Location, Practice
from patients.models import StateDuty
from patients.rules import state_duties
from patients.rules.state_duties import DirectAccess, Limits
from tests import factories

ILLINOIS = Limits("Illinois", notice_days=5, visits=10, days=15, business=True)
MONDAY = dt.date(2026, 11, 23)
# The first visit was on Monday, November 23, in the week of Thanksgiving.
FRESH = DirectAccess(first_visit_on=MONDAY, since=MONDAY, visits=1)


def kinds(facts, limits=ILLINOIS, *, on=MONDAY):
    return {counter.code: counter.kind for counter in state_duties.counters(facts, limits, on=on)}


def labels(facts, limits=ILLINOIS, *, on=MONDAY):
    return {counter.code: counter.label for counter in state_duties.counters(facts, limits, on=on)}


@pytest.mark.parametrize(
    ("on", "kind"),
    [(MONDAY, "caution"), (dt.date(2026, 12, 1), "caution"), (dt.date(2026, 12, 2), "stop")],
)
def test_the_doctor_is_told_within_five_business_days_after_the_first_visit(on, kind):
    """225 ILCS 90/1.2 (b); Thanksgiving Day and the weekend do not count."""
    assert kinds(FRESH, on=on)["direct-access-notice"] == kind
    assert (
        "within 5 business days after the first visit, by Dec 1, 2026"
        in (labels(FRESH, on=on)["direct-access-notice"])
    )


def test_a_notice_that_was_given_is_asked_for_no_more():
    assert "direct-access-notice" not in kinds(replace(FRESH, notified=True))


@pytest.mark.parametrize(
    ("visits", "on", "kind"),
    [
        (9, MONDAY, "info"),
        (10, MONDAY, "caution"),
        (11, MONDAY, "caution"),
        # the fourteenth and the fifteenth business day after the first visit
        (3, dt.date(2026, 12, 14), "info"),
        (3, dt.date(2026, 12, 15), "caution"),
    ],
)
def test_ten_visits_or_fifteen_business_days_without_improvement_ask_for_a_referral(visits, on, kind):
    """225 ILCS 90/1.2 (c)(1), whichever comes first."""
    assert kinds(replace(FRESH, visits=visits), on=on)["no-improvement"] == kind


def test_the_counter_says_how_far_it_is():
    found = labels(replace(FRESH, visits=4), on=dt.date(2026, 12, 1))["no-improvement"]

    assert found.startswith("Illinois: visit 4 of 10, day 5 of 15 business days until")


def test_who_was_referred_is_counted_no_more():
    assert "no-improvement" not in kinds(replace(FRESH, visits=12, referred=True))


def test_where_the_rules_say_nothing_nothing_is_counted():
    assert kinds(FRESH, Limits("General")) == {}
    assert kinds(None) == {}


def test_days_of_the_calendar_and_one_limit_alone():
    """Alabama counts 30 days of the calendar; a state may count visits only."""
    calendar = Limits("Alabama", visits=11, days=30)

    assert kinds(FRESH, calendar, on=MONDAY + dt.timedelta(days=29)) == {"no-improvement": "info"}
    assert kinds(FRESH, calendar, on=MONDAY + dt.timedelta(days=30)) == {"no-improvement": "caution"}
    assert "day" not in labels(FRESH, Limits("X", visits=11))["no-improvement"]


def rows(**changes):
    """A patient as the selectors give one: an open episode since Monday, visits on Monday and Tuesday."""
    noon = dt.datetime(2026, 11, 23, 18, tzinfo=dt.UTC)
    visits = [{"at": (noon + dt.timedelta(days=day)).isoformat()} for day in (1, 0)]
    episode = {"access": "direct", "opened_on": "2026-11-23", "visits_before": 0}
    stands = {"duty_episode": [episode], "duty_visits": visits, "duty_referrals": [], "duty_rows": []}
    return SimpleNamespace(**{**stands, **changes})


def access(*, on=dt.date(2026, 11, 30), **changes):
    return state_duties.direct_access(rows(**changes), on=on)


def test_visits_are_counted_from_the_first_of_the_episode():
    assert access() == replace(FRESH, visits=2)
    assert access(on=MONDAY).visits == 1
    opened_before = {"access": "direct", "opened_on": "2026-11-02", "visits_before": 0}
    assert access(duty_episode=[opened_before]).first_visit_on == MONDAY


@pytest.mark.parametrize(
    "changes",
    [
        {"duty_episode": []},
        {"duty_episode": [{"access": "referral", "opened_on": "2026-11-23", "visits_before": 0}]},
        {"duty_referrals": [{"given_on": "2026-11-20", "expires_on": None}]},
        {"duty_referrals": [{"given_on": "2026-11-20", "expires_on": "2026-11-30"}]},
        {"duty_referrals": [{"given_on": "2026-11-30", "expires_on": None}]},
        {"duty_visits": []},
        {"duty_visits": [{"at": "2026-11-02T15:00:00+00:00"}]},
    ],
)
def test_there_is_no_direct_access_with_a_referral_or_before_the_first_visit(changes):
    assert access(**changes) is None


@pytest.mark.parametrize(
    "referral",
    [{"given_on": "2026-11-20", "expires_on": "2026-11-29"}, {"given_on": "2026-12-01", "expires_on": None}],
)
def test_a_referral_counts_while_it_stands(referral):
    assert access(duty_referrals=[referral]) is not None


def test_visits_before_filiform_are_counted():
    episode = {"access": "direct", "opened_on": "2026-11-02", "visits_before": 6}

    found = access(duty_episode=[episode])

    assert (found.first_visit_on, found.visits) == (dt.date(2026, 11, 2), 8)


def test_an_improvement_starts_the_count_again():
    """225 ILCS 90/1.2 (c)(1): “and continued improvement thereafter”."""
    noted = [{"kind": "improvement", "done_on": "2026-11-23"}]

    found = access(duty_rows=noted)

    assert (found.since, found.visits, found.improved_on) == (MONDAY, 1, MONDAY)


def test_what_was_done_in_an_earlier_episode_does_not_count():
    assert not access(duty_rows=[{"kind": "notice", "done_on": "2026-10-01"}]).notified
    assert access(duty_rows=[{"kind": "notice", "done_on": "2026-11-24"}]).notified
    assert access(duty_rows=[{"kind": "referred", "done_on": "2026-11-24"}]).referred


@pytest.fixture
def illinois(db):
    Practice.objects.update(jurisdiction=Jurisdiction.objects.get(code="us-il-pt"))


@pytest.fixture
def treated(ada, therapist, illinois):
    factories.arrived(ada, therapist)
    factories.condition(factories.episode(ada, therapist), therapist)
    return ada


def page_of(patient):
    return reverse("patients:alerts", args=[patient.ref])


def typed(**changes):
    data = {"kind": "notice", "done_on": "today", "detail": "Dr. Example, by fax", **changes}
    return {"what": "duty", **{f"duty-{name}": value for name, value in data.items()}}


def test_the_desk_notes_that_the_doctor_was_told(treated, reception, signed_in):
    client = signed_in(reception)
    assert "5 business days" in client.get(page_of(treated)).text

    client.post(page_of(treated), typed())

    row = StateDuty.objects.get()
    assert (row.kind, row.done_on, row.noted_by, row.noted_by_name) == (
        "notice", timezone.localdate(), reception, reception.display_name,
    )  # fmt: skip
    assert AuditEvent.objects.filter(code="duty.noted", patient_ref=treated.ref).exists()
    page = client.get(page_of(treated)).text
    assert "5 business days" not in page.replace("15 business days", "")
    assert "Dr. Example, by fax" in page


def test_a_therapist_notes_an_improvement_and_the_desk_does_not(treated, reception, therapist, signed_in):
    improved = typed(kind="improvement", detail="Rotation 40 to 55 degrees")

    assert signed_in(reception).post(page_of(treated), improved).status_code == 422
    assert not StateDuty.objects.exists()
    assert signed_in(therapist).post(page_of(treated), improved).status_code == 302
    assert StateDuty.objects.get().kind == "improvement"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"kind": ""}, "kind"),
        ({"done_on": ""}, "done_on"),
        ({"done_on": "tomorrow"}, "done_on"),
        ({"kind": "improvement", "detail": " "}, "detail"),
    ],
)
def test_what_is_missing_is_said_at_its_field(treated, therapist, signed_in, changes, field):
    answer = signed_in(therapist).post(page_of(treated), typed(**changes))

    assert answer.status_code == 422
    assert field in answer.context["form"].errors
    assert not StateDuty.objects.exists()


def test_the_rules_of_the_place_hold_where_the_patient_was_last(treated, reception, signed_in):
    """A practice in two states: Kansas counts nothing of the kind."""
    kansas = Jurisdiction.objects.get(code="us-ks-pt")
    Location.objects.filter(pk=treated.visits.get().location_id).update(jurisdiction=kansas)

    assert "business day" not in signed_in(reception).get(page_of(treated)).text


def test_of_two_places_on_one_day_the_later_arrival_holds(treated, therapist, reception, signed_in):
    """At the second place two hours before the visit that is booked there, and then at the first."""
    kansas = Location.objects.create(
        code="kc", name="Kansas City", state="KS", jurisdiction=Jurisdiction.objects.get(code="us-ks-pt")
    )
    here = treated.visits.get()
    earlier = here.arrived_at - dt.timedelta(minutes=30)
    factories.visit(
        treated, therapist, location=kansas, booked_for=here.booked_for + dt.timedelta(hours=2),
        arrived_at=earlier, arrived_by=reception, left_at=here.arrived_at, left_by=reception,
    )  # fmt: skip

    assert "business day" in signed_in(reception).get(page_of(treated)).text


@pytest.mark.parametrize(
    ("on", "short"),
    [(dt.date(2026, 12, 1), "Notice due Dec 1, 2026"), (dt.date(2026, 12, 2), "Notice was due Dec 1, 2026")],
)
def test_on_its_last_day_the_notice_is_due_and_not_late(on, short):
    found = {counter.code: counter.short for counter in state_duties.counters(FRESH, ILLINOIS, on=on)}

    assert found["direct-access-notice"] == short


def test_it_counts_from_the_last_of_several_improvements_that_of_the_day_included():
    noted = [{"kind": "improvement", "done_on": day} for day in ("2026-11-24", "2026-11-30")]

    assert access(duty_rows=noted).since == dt.date(2026, 11, 30)
