"""A visit of the last days without a note is noted late, and marked so."""

import datetime as dt
import uuid
from dataclasses import replace

import pytest
from django.urls import reverse
from django.utils import timezone

from clinic.models import AuditEvent
from tests import factories
from tests.treatments import notes
from tests.treatments.test_readiness import READY, with_safety, with_signer
from treatments.actions.followups import calls
from treatments.actions.signing import signature
from treatments.models import NeedlingSession
from treatments.rules.session import draft_parts, opening
from treatments.rules.session.opening import StateRule
from treatments.selectors.session import draft as drafts
from treatments.selectors.session import opening as opening_selectors

WHY = "Power cut in the evening"


@pytest.mark.parametrize(
    ("facts", "stops"),
    [
        (READY, set()),
        (with_safety(intake=None, consent=None, visit_screens=()), set()),
        (replace(READY, deceased_on=READY.on, state_rule=StateRule("barred", bars=True)), set()),
        (with_signer(held=()), {"licence-missing"}),
        (replace(READY, is_merged=True, has_condition=False), {"merged", "condition-missing"}),
    ],
)
def test_what_was_missing_on_the_day_is_told_and_does_not_stop_a_late_entry(facts, stops):
    late = opening.open_reasons(replace(facts, late=True))

    assert {reason.code for reason in late if reason.level == "stop"} == stops
    assert {reason.code for reason in late} == {reason.code for reason in opening.open_reasons(facts)}
    assert not any(reason.url for reason in late if reason.level != "stop")


@pytest.fixture
def yesterday(noon, ada, therapist):
    """Ada was here yesterday and left; nobody wrote a note."""
    at = timezone.now() - dt.timedelta(days=1)
    times = {"booked_for": at, "arrived_at": at, "left_at": at + dt.timedelta(hours=1), "left_by": therapist}
    visit = factories.arrived(ada, therapist, **times)
    for kind in ("intake", "visit"):
        factories.screening(ada, therapist, kind=kind, taken_at=at)
    factories.consent(ada, therapist, given_at=at)
    factories.condition(factories.episode(ada, therapist), therapist)
    return visit


def address(visit) -> str:
    return f"{reverse('treatments:session-open', args=[visit.patient.ref])}?visit={visit.ref}"


@pytest.fixture
def write(yesterday, therapist, signed_in):
    """write(**changes) -> the response of opening yesterday's session"""

    def post(**changes):
        condition = yesterday.patient.episodes.get().conditions.get()
        data = {"form_key": uuid.uuid4().hex, "conditions": [condition.pk], "access": "direct",
                "consent_confirmed": "on", "late_entry_reason": WHY, **changes}  # fmt: skip
        return signed_in(therapist).post(address(yesterday), data)

    return post


@pytest.mark.django_db
def test_a_visit_without_a_note_is_offered(yesterday, therapist, signed_in):
    page = signed_in(therapist).get(reverse("treatments:session-open", args=[yesterday.patient.ref]))

    assert list(page.context["unnoted"]) == [yesterday]
    assert f"?visit={yesterday.ref}" in page.content.decode()
    factories.session(yesterday.patient, therapist, visit=yesterday)
    assert not opening_selectors.unnoted_visits(yesterday.patient, today=timezone.localdate())


@pytest.mark.django_db
def test_the_late_note_starts_on_the_day_of_its_visit_and_says_why(write, yesterday, therapist, signed_in):
    assert "Why is it written late?" in signed_in(therapist).get(address(yesterday)).content.decode()

    assert write().status_code == 302

    session = NeedlingSession.objects.get(visit=yesterday)
    assert session.started_at == yesterday.arrived_at.replace(second=0, microsecond=0)
    assert (session.late_entry_reason, session.is_late_entry) == (WHY, True)
    assert (session.screening_id, session.consent_id) != (None, None)
    assert AuditEvent.objects.get(code="session.opened").reason == WHY


@pytest.mark.django_db
def test_without_a_reason_nothing_is_opened(write, yesterday):
    answer = write(late_entry_reason=" ")

    assert answer.status_code == 422
    assert "Say why the note is written late." in answer.content.decode()
    assert not NeedlingSession.objects.filter(visit=yesterday).exists()


@pytest.mark.django_db
def test_a_late_note_is_signed_and_marked_wherever_it_is_read(write, yesterday, therapist, signed_in):
    write()
    draft = NeedlingSession.objects.get(visit=yesterday)
    ended = draft.started_at + dt.timedelta(minutes=19)
    note = notes.ready(draft, started_at=draft.started_at, ended_at=ended)

    signed = signature.sign(note, by=therapist, proved=True, identity_checked=True)

    written = timezone.localdate()
    sentence = f"Late entry, written {written:%b} {written.day}, {written.year}: {WHY}."
    client, ref = signed_in(therapist), yesterday.patient.ref
    assert signed.late_entry_reason == WHY
    assert sentence in signed.seal.text
    assert sentence in client.get(signed.get_absolute_url()).content.decode()
    assert sentence in client.get(reverse("treatments:record-print", args=[ref])).content.decode()
    assert "late entry" in client.get(reverse("treatments:record", args=[ref])).content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize(("days", "steps"), [(1, [24, 72]), (2, [24, 72]), (4, [72]), (29, [72])])
def test_a_late_note_leads_to_one_call_where_all_their_times_have_passed(noon, ada, therapist, days, steps):
    ended = timezone.now() - dt.timedelta(days=days)
    draft = factories.session(ada, therapist, started_at=ended, late_entry_reason=WHY)

    made = calls.schedule(draft, by=therapist, at=ended)

    assert [row.step for row in made] == steps


@pytest.mark.django_db
def test_a_late_note_without_a_start_keeps_the_day_of_its_visit(write, yesterday):
    write()
    NeedlingSession.objects.filter(visit=yesterday).update(started_at=None)
    row = NeedlingSession.objects.get(visit=yesterday)
    day = timezone.localdate(yesterday.arrived_at)

    assert draft_parts.day_of(row) == day
    assert draft_parts.day_of(drafts.whole(row.pk).session) == day


@pytest.mark.django_db
def test_a_consent_of_today_does_not_count_for_yesterday(write, yesterday, therapist):
    yesterday.patient.consents.all()
    factories.consent(yesterday.patient, therapist)
    write()

    session = NeedlingSession.objects.get(visit=yesterday)
    assert timezone.localdate(session.consent.given_at) == timezone.localdate(yesterday.arrived_at)


@pytest.mark.django_db
@pytest.mark.parametrize("days", [29, 31])
def test_visits_of_longer_ago_are_not_noted_any_more(noon, ada, therapist, signed_in, days):
    at = timezone.now() - dt.timedelta(days=days)
    visit = factories.arrived(ada, therapist, booked_for=at, arrived_at=at)

    status = signed_in(therapist).get(address(visit)).status_code

    assert status == (200 if days <= opening.LATE_DAYS else 404)


@pytest.mark.django_db
def test_the_visit_of_another_patient_is_not_found(yesterday, reception, therapist, signed_in):
    other = factories.patient(reception)
    url = reverse("treatments:session-open", args=[other.ref])

    assert signed_in(therapist).get(f"{url}?visit={yesterday.ref}").status_code == 404
    assert signed_in(therapist).get(f"{url}?visit=%00").status_code == 400
