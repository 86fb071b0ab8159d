"""Refusals of a draft are messages, never an error page, and nothing is partly saved."""

import datetime as dt
import uuid

import pytest
from django.urls import reverse
from django.utils import timezone

from clinic.models import BodyRegion, Practice, RoleGrant
from patients.rules.screenings import GivenAnswer
from tests import factories, measuring
from tests.treatments import notes
from treatments.forms.sites.entry import stock_choices
from treatments.models import Measurement, NeedleSite, NeedlingSession, Override
from treatments.rules.signing import readiness

pytestmark = pytest.mark.django_db
CLIENT = "0d5f2f0c-8f6c-4b8e-9a55-0c5a6a1b7d11"
LIVE = {"X-Live": "1"}
HUGE = "9" * 5000


def url(name, draft, *more):
    return reverse(f"treatments:{name}", args=[draft.ref, *more])


@pytest.fixture
def client(draft, signed_in):
    return signed_in(draft.therapist)


@pytest.fixture
def save(draft, client):
    def post(field, value, seq=1):
        data = {"field": field, "value": value, "client_id": CLIENT, "seq": seq}
        return client.post(url("session-field", draft), data, headers=LIVE)

    return post


def started(draft, hours=2):
    """Sets the start of the draft some hours back."""
    draft.started_at = (timezone.now() - dt.timedelta(hours=hours)).replace(second=0, microsecond=0)
    draft.save(update_fields=["started_at"])
    return draft


def test_a_start_cannot_be_emptied_while_the_end_stands(save, draft):
    started(draft)
    draft.ended_at = timezone.now()
    draft.save(update_fields=["ended_at"])

    answer = save("started_at", "")

    assert answer.status_code == 422
    assert "end" in answer.json()["errors"]["started_at"]
    draft.refresh_from_db()
    assert draft.started_at is not None


def test_an_end_after_midnight_belongs_to_the_next_day(save, draft, settings, monkeypatch):
    start = dt.datetime(2026, 5, 4, 23, 40, tzinfo=timezone.get_current_timezone())
    NeedlingSession.objects.filter(pk=draft.pk).update(started_at=start, opened_at=start)

    assert save("ended_at", "00:15").status_code == 200

    draft.refresh_from_db()
    assert draft.ended_at - draft.started_at == dt.timedelta(minutes=35)


def test_an_end_before_the_start_is_no_night_session(save, draft):
    start = dt.datetime(2026, 5, 4, 9, 30, tzinfo=timezone.get_current_timezone())
    NeedlingSession.objects.filter(pk=draft.pk).update(started_at=start, opened_at=start)

    answer = save("ended_at", "9:00")

    assert answer.status_code == 422
    assert "before it starts" in answer.json()["errors"]["ended_at"]


@pytest.mark.parametrize("version", [HUGE, str(2**64), "²", "-1", "x"])
def test_a_version_that_is_none_does_no_harm(client, draft, version):
    data = {"client_id": CLIENT, "v-note": version, "note": "Better"}
    response = client.post(draft.get_absolute_url(), data)

    assert response.status_code == 302
    draft.refresh_from_db()
    assert draft.note == "Better"


def test_a_number_that_was_used_for_another_field_is_refused(save, draft):
    save("note", "Slept well", seq=7)

    answer = save("plan", "Once more", seq=7)

    assert answer.status_code == 422
    draft.refresh_from_db()
    assert (draft.note, draft.plan) == ("Slept well", "")


def test_a_site_with_a_used_number_is_refused_in_a_sentence(save, client, draft):
    save("note", "Slept well", seq=7)
    typed = {"key": str(uuid.uuid4()), "muscle": "is", "side": "right", "insertions": "2", "twitches": "1",
             "needle": "0.30x40", "technique": "in_out", "tissue": "trigger_point", "depth_mm": "20",
             "client_id": CLIENT, "seq": "7"}  # fmt: skip

    answer = client.post(url("site-add", draft), typed, headers=LIVE)

    assert answer.status_code == 422
    assert "Open it again" in " ".join(answer.json()["rows"][0]["errors"].values())
    assert not draft.sites.exists()


def test_a_measured_line_with_a_used_number_is_refused_in_a_sentence(save, client, draft):
    save("note", "Slept well", seq=7)

    answer = client.post(measuring.url(draft), {**measuring.typed(), "client_id": CLIENT, "seq": "7"})

    assert answer.status_code == 422
    assert not Measurement.objects.exists()


def test_who_no_longer_writes_sessions_does_not_write_by_the_plain_save(client, draft):
    RoleGrant.objects.filter(user=draft.therapist).update(role="lead")

    response = client.post(draft.get_absolute_url(), {"client_id": CLIENT, "note": "Better"})

    assert response.status_code == 403
    draft.refresh_from_db()
    assert draft.note == ""


@pytest.fixture
def closed(draft):
    factories.site(draft)
    NeedlingSession.objects.filter(pk=draft.pk).update(
        closed_unsigned_at=timezone.now(), closed_unsigned_by=draft.therapist
    )
    return draft


@pytest.mark.parametrize("name", ["session", "site-add"])
def test_a_wrong_form_for_a_closed_session_is_told_of_the_lock(client, closed, name):
    wrong = {"client_id": CLIENT, "ended_at": "25:99", "side": "nowhere"}

    response = client.post(url(name, closed), wrong)

    assert response.status_code == 409
    assert "closed without a signature" in response.content.decode()


def test_a_measurement_of_a_closed_session_shows_what_was_typed(client, closed):
    typed = {**measuring.typed(remark="Knee straight"), "client_id": CLIENT}

    response = client.post(measuring.url(closed), typed)

    assert response.status_code == 409
    assert "closed without a signature" in response.text
    assert "Knee straight" in response.text
    assert client.get(measuring.url(closed)).url == closed.get_absolute_url()


def test_a_site_of_a_closed_session_has_no_form(client, closed):
    response = client.get(url("site-edit", closed, closed.sites.get().key))

    assert (response.status_code, response.url) == (302, closed.get_absolute_url())


def test_a_reason_for_a_site_of_somebody_else_is_refused(client, draft, other_therapist):
    bert = factories.patient(other_therapist, family_name="Fictional", given_name="Bert")
    theirs = factories.site(factories.session(bert, other_therapist))
    data = {"rule": "depth-over-limit", "reason": "Thick tissue", "key": str(theirs.key)}

    response = client.post(url("rule-answer", draft), data, headers=LIVE)

    assert response.status_code == 404
    assert not Override.objects.exists()


def test_without_script_a_refused_small_form_says_why(client, draft):
    response = client.post(url("rule-answer", draft), {"rule": "both-lungs", "reason": " "})

    assert response.status_code == 422
    assert "Say why, in a few words." in response.content.decode()


def test_a_site_with_its_needles_in_cannot_be_removed(client, draft):
    site = factories.site(draft, technique="static", needle_in_at=timezone.now())

    answer = client.post(url("site-strike", draft, site.key), headers=LIVE)

    assert answer.status_code == 422
    assert "Take them out" in " ".join(answer.json()["errors"].values())
    assert NeedleSite.objects.standing().filter(pk=site.pk).exists()


@pytest.mark.parametrize("pk", [2**31, 2**70])
def test_a_line_that_was_never_there_is_not_found(client, draft, pk):
    response = client.post(url("measurement-strike", draft, pk), headers=LIVE)

    assert response.status_code == 404


@pytest.fixture
def theirs(other_therapist):
    """Another therapist's draft with a condition and a measurement."""
    bert = factories.patient(other_therapist, family_name="Fictional", given_name="Bert")
    session = factories.session(bert, other_therapist)
    factories.session_condition(session)
    Measurement.objects.create(session=session, kind=Measurement.Kind.RANGE, side="right")
    return session


def test_a_field_of_another_draft_is_as_little_there_as_one_of_none(save, theirs):
    lines = {"pain_before": theirs.conditions.get().pk, "measure_after": theirs.measurements.get().pk}

    for number, (field, pk) in enumerate(lines.items()):
        for part in (pk, 10**9, HUGE, "²", "1e1"):
            assert save(f"{field}-{part}", "5", seq=number + 1).status_code == 404
    assert save("advice-never-written", "on").status_code == 404
    assert theirs.conditions.get().pain_before is None
    assert theirs.measurements.get().after is None


def test_a_line_that_was_removed_meanwhile_says_so(save, draft):
    line = Measurement.objects.create(
        session=draft, kind=Measurement.Kind.RANGE, side="right", struck_at=timezone.now(),
        struck_by=draft.therapist,
    )  # fmt: skip

    answer = save(f"measure_after-{line.pk}", "40")

    assert answer.status_code == 422
    assert answer.json()["errors"] == {"": "This line was removed. Open the page again."}
    line.refresh_from_db()
    assert line.after is None


def test_both_times_move_later_with_one_save(client, draft):
    day = dt.datetime(2026, 5, 4, 9, 0, tzinfo=timezone.get_current_timezone())
    NeedlingSession.objects.filter(pk=draft.pk).update(
        opened_at=day, started_at=day, ended_at=day + dt.timedelta(minutes=30)
    )

    data = {"client_id": CLIENT, "started_at": "10:00", "ended_at": "10:30"}
    response = client.post(draft.get_absolute_url(), data)

    assert response.status_code == 302
    draft.refresh_from_db()
    assert draft.ended_at - day == dt.timedelta(minutes=90)


@pytest.mark.parametrize(("side", "asked"), [("right", True), ("left", False), ("midline", True)])
def test_a_site_in_a_part_that_the_health_questions_name_asks_why(client, draft, side, asked):
    swollen = GivenAnswer("yes", regions=({"region": "b-infra", "side": "right"},))
    screening = factories.screening(
        draft.patient, draft.therapist, answers={"lymph-swelling": swollen}, reviewed_at=None,
        reviewed_by=None, decision="", decided_level="",
    )  # fmt: skip
    NeedlingSession.objects.filter(pk=draft.pk).update(screening=screening)
    factories.site(draft, side=side, region=BodyRegion.objects.get(code="b-infra"))

    text = client.get(draft.get_absolute_url()).content.decode()

    assert ("Health questions: lymph swelling here." in text) is asked
    reasons = readiness.sign_reasons(notes.sign_facts(draft))
    assert ("avoid-lymph-swelling" in {reason.code for reason in reasons}) is asked


def test_a_stock_that_was_typed_carelessly_offers_what_is_a_needle():
    practice = Practice(needle_stock="0.25 x 30, 0.30×40,box,,x,ab1x")

    assert [size for size, _ in stock_choices(practice.needle_stock)] == ["0.25x30", "0.30x40"]
