"""Adverse events: recorded once, seen wherever the session is, reported, and closed by a named person."""

import datetime as dt
import uuid

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from clinic.models import AuditEvent, Jurisdiction
from clinic.values.errors import RecordLocked, RuleViolation, StaleRecord
from tests import factories
from tests.treatments import notes
from treatments.actions import adverse_events
from treatments.actions.signing import after_signing, signature
from treatments.models import AdverseEvent, AdverseEventKind
from treatments.selectors.session import draft as drafts

pytestmark = pytest.mark.django_db


def recorded(session, *, by, code: str = "pneumothorax", severity: int = 3, **fields) -> AdverseEvent:
    kind = AdverseEventKind.objects.get(code=code)
    return adverse_events.record(session, by=by, kind=kind, severity=severity, phase="later", **fields)


def refused_codes(act) -> set[str]:
    with pytest.raises(RuleViolation) as refused:
        act()
    return refused.value.codes


def address(event, name: str = "page") -> str:
    return reverse(f"treatments:adverse-event-{name}", args=[event.session.ref, event.pk])


def text_of(client, url: str) -> str:
    response = client.get(url)
    assert response.status_code == 200
    return response.content.decode()


def event(client, session, **fields):
    kind = AdverseEventKind.objects.get(code="pneumothorax")
    data = {
        "kind": kind.pk,
        "severity": "3",
        "phase": "later",
        "outcome": "ongoing",
        "form_key": uuid.uuid4().hex,
    }
    target = reverse("treatments:adverse-event", args=[session.ref])
    return client.post(target, {**data, **fields})


def test_an_adverse_event_is_recorded_with_the_day_its_report_is_due(signed_in, therapist, draft):
    Jurisdiction.objects.filter(pk=draft.jurisdiction_id).update(adverse_event_report_days=15)
    site = factories.site(draft)
    response = event(
        signed_in(therapist), draft, site=site.pk, action="Sent to hospital.", notified="patient, owner"
    )
    assert response.url == draft.get_absolute_url()
    made = AdverseEvent.objects.get()
    assert (made.kind.code, made.severity, made.site, made.noted_by) == ("pneumothorax", 3, site, therapist)
    assert made.report_due_on == timezone.localdate() + dt.timedelta(days=15)
    assert AuditEvent.objects.filter(code="adverse_event.recorded").count() == 1


def test_a_minor_event_and_a_silent_jurisdiction_have_no_due_day(signed_in, therapist, draft):
    event(signed_in(therapist), draft)
    assert AdverseEvent.objects.get().report_due_on is None
    Jurisdiction.objects.filter(pk=draft.jurisdiction_id).update(adverse_event_report_days=15)
    event(signed_in(therapist), draft, severity="1")
    assert AdverseEvent.objects.filter(report_due_on=None).count() == 2


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"severity": "4"}, "severity"),
        ({"severity": ""}, "severity"),
        ({"kind": "999999"}, "kind"),
        ({"phase": ""}, "phase"),
        ({"onset_at": "1/1/2999 10:00"}, "onset_at"),
        ({"onset_at": "1/1/2001 10:00"}, "onset_at"),
        ({"action": "x" * 10_001}, "action"),
        ({"site": "999999"}, "site"),
    ],
)
def test_bad_input_is_said_at_the_field(signed_in, therapist, draft, fields, field):
    response = event(signed_in(therapist), draft, **fields)
    assert response.status_code == 422
    assert field in response.context["form"].errors
    assert not AdverseEvent.objects.exists()


def test_a_site_of_another_session_is_refused(signed_in, therapist, other_therapist, draft, ada):
    foreign = factories.site(factories.session(ada, other_therapist))
    assert event(signed_in(therapist), draft, site=foreign.pk).status_code == 422
    kind = AdverseEventKind.objects.get(code="bruise")
    with pytest.raises(RuleViolation) as refused:
        adverse_events.record(draft, by=therapist, kind=kind, severity=1, phase="later", site=foreign)
    assert refused.value.codes == {"site-of-other-session"}


def test_the_page_leads_back_within_the_practice_only(signed_in, therapist, draft):
    client = signed_in(therapist)
    assert event(client, draft, back="https://elsewhere.example/").url == draft.get_absolute_url()
    assert event(client, draft, back="/followups/").url == "/followups/"


# The signature


def test_a_note_without_an_event_is_not_signed_while_one_is_on_file(draft, therapist):
    recorded(notes.ready(draft), by=therapist)
    assert refused_codes(lambda: signature.sign(draft, by=therapist, proved=True, identity_checked=True)) == {
        "adverse-event-unsaid"
    }


def test_a_note_of_an_event_is_not_signed_while_none_is_on_file(draft, therapist):
    said = {"tolerance": "event", "tolerance_detail": "Short of breath."}
    entered = recorded(notes.ready(draft, **said), by=therapist)
    adverse_events.mark_error(entered, by=therapist, reason="Another patient's.")
    assert refused_codes(lambda: signature.sign(draft, by=therapist, proved=True, identity_checked=True)) == {
        "adverse-event-missing"
    }


def test_a_note_that_says_what_is_on_file_is_signed(draft, therapist):
    said = {"tolerance": "event", "tolerance_detail": "Short of breath."}
    recorded(notes.ready(draft, **said), by=therapist)
    assert signature.sign(draft, by=therapist, proved=True, identity_checked=True).signed_at


def test_the_page_of_the_signature_names_the_event(signed_in, therapist, draft):
    recorded(notes.ready(draft), by=therapist)
    text = text_of(signed_in(therapist), reverse("treatments:session-sign", args=[draft.ref]))
    assert "Puncture of the lung (pneumothorax), severity 3 (serious)" in text
    assert "Correct how it was tolerated" in text


def test_events_in_error_and_injuries_of_staff_are_not_on_file(draft, therapist):
    factories.adverse_event(draft, by=therapist, kind=factories.staff_kind())
    entered = recorded(draft, by=therapist)
    assert [event.severity for event in drafts.whole(draft.pk).adverse_events] == [3]
    adverse_events.mark_error(entered, by=therapist, reason="Another patient's.")
    assert drafts.whole(draft.pk).adverse_events == ()


def test_a_draft_with_an_event_is_not_voided_as_if_nobody_was_treated(draft, therapist):
    entered = recorded(draft, by=therapist)
    assert "adverse-event-on-file" in refused_codes(lambda: after_signing.void(draft, by=therapist))
    adverse_events.mark_error(entered, by=therapist, reason="Another patient's.")
    after_signing.void(draft, by=therapist)
    draft.refresh_from_db()
    assert draft.voided_at


# Seen wherever the session is


@pytest.fixture
def known(draft, therapist):
    """A signed note, and an event that was recorded afterwards."""
    note = notes.signed(draft)
    return recorded(note, by=therapist, action="Sent to hospital.")


SHOWN = "Puncture of the lung (pneumothorax), severity 3 (serious)"


@pytest.mark.parametrize("name", ["session", "session-print"])
def test_the_note_shows_what_came_to_light_after_it_was_signed(signed_in, therapist, known, name):
    text = text_of(signed_in(therapist), reverse(f"treatments:{name}", args=[known.session.ref]))
    assert SHOWN in text
    assert "after the note was signed" in text


def test_the_draft_shows_it(signed_in, therapist, draft):
    recorded(draft, by=therapist)
    assert SHOWN in text_of(signed_in(therapist), draft.get_absolute_url())


def test_a_signed_note_leads_to_recording_one(signed_in, therapist, draft):
    note = notes.signed(draft)
    text = text_of(signed_in(therapist), note.get_absolute_url())
    assert reverse("treatments:adverse-event", args=[note.ref]) in text


@pytest.mark.parametrize("name", ["record", "record-print", "history"])
def test_the_record_shows_it(signed_in, therapist, known, name):
    text = text_of(signed_in(therapist), reverse(f"treatments:{name}", args=[known.session.patient.ref]))
    shown = {"record": "Puncture of the lung (pneumothorax)", "history": "recorded an adverse event"}
    assert shown.get(name, SHOWN) in text


def test_the_boards_of_therapist_and_lead_show_open_events_until_they_are_closed(
    signed_in, therapist, other_therapist, lead, known
):
    board = reverse("treatments:today")
    assert SHOWN in text_of(signed_in(therapist), board)
    assert SHOWN in text_of(signed_in(lead), board)
    assert SHOWN not in text_of(signed_in(other_therapist), board)
    adverse_events.close(known, by=lead, outcome="resolved", closing_note="Out of hospital.")
    assert SHOWN not in text_of(signed_in(therapist), board)
    assert SHOWN not in text_of(signed_in(lead), board)


def test_an_overdue_report_stands_first_on_the_board(signed_in, therapist, lead, draft, known):
    Jurisdiction.objects.filter(pk=draft.jurisdiction_id).update(adverse_event_report_days=1)
    late = recorded(draft, by=therapist, code="organ-puncture")
    AdverseEvent.objects.filter(pk=late.pk).update(report_due_on=timezone.localdate() - dt.timedelta(days=1))
    text = text_of(signed_in(lead), reverse("treatments:today"))
    assert "Report overdue" in text
    assert text.index("Puncture of an organ") < text.index(SHOWN)


def test_the_cosigner_reads_it_before_they_cosign(signed_in, therapist, other_therapist, draft):
    type(draft).objects.filter(pk=draft.pk).update(supervisor=other_therapist)
    note = notes.signed(type(draft).objects.get(pk=draft.pk))
    recorded(note, by=therapist)
    text = text_of(signed_in(other_therapist), reverse("treatments:session-cosign", args=[note.ref]))
    assert SHOWN in text


# Corrected, reported, closed


def test_a_report_counts_from_the_day_it_began(draft, therapist):
    Jurisdiction.objects.filter(pk=draft.jurisdiction_id).update(adverse_event_report_days=15)
    began = timezone.now() - dt.timedelta(days=2)
    type(draft).objects.filter(pk=draft.pk).update(started_at=began - dt.timedelta(hours=1))
    made = recorded(draft, by=therapist, onset_at=began)
    assert made.report_due_on == timezone.localdate(began) + dt.timedelta(days=15)


def test_a_severity_that_is_raised_makes_a_report_due(signed_in, therapist, draft):
    Jurisdiction.objects.filter(pk=draft.jurisdiction_id).update(adverse_event_report_days=15)
    event_ = recorded(draft, by=therapist, code="pain-after", severity=1)
    client = signed_in(therapist)
    page = client.get(address(event_, "change"))
    sent = {"severity": "3", "phase": "later", "outcome": "ongoing", "seen": page.context["seen"]}
    assert client.post(address(event_, "change"), sent).url == address(event_)
    event_.refresh_from_db()
    assert (event_.severity, event_.outcome) == (3, "ongoing")
    assert event_.report_due_on is not None
    changes = AuditEvent.objects.get(code="adverse_event.changed").changes
    assert changes["severity"] == ["1", "3"]


def test_a_correction_does_not_overwrite_what_somebody_else_corrected(signed_in, therapist, lead, draft):
    event_ = recorded(draft, by=therapist, code="pain-after", severity=1, action="Ice.")
    client = signed_in(therapist)
    seen = client.get(address(event_, "change")).context["seen"]
    adverse_events.change(event_, by=lead, baseline={}, action="Sent to a physician.")
    sent = {"severity": "1", "phase": "later", "outcome": "unknown", "action": "Heat.", "seen": seen}
    response = client.post(address(event_, "change"), sent)
    assert response.status_code == 409
    assert "Heat." in response.content.decode()
    event_.refresh_from_db()
    assert event_.action == "Sent to a physician."


def test_it_is_reported_once_with_day_and_addressee(signed_in, therapist, lead, known):
    client, today = signed_in(therapist), timezone.localdate()
    day = f"{today.month}/{today.day}/{today.year}"
    assert client.post(address(known, "report"), {"reported_to": "", "reported_on": ""}).status_code == 422
    sent = {"reported_to": "State board", "reported_on": day}
    assert client.post(address(known, "report"), sent).url == address(known)
    known.refresh_from_db()
    assert (known.reported_to, known.reported_on, known.reported_by) == ("State board", today, therapist)
    with pytest.raises(StaleRecord):
        adverse_events.mark_reported(known, by=lead, reported_to="Insurer", reported_on=today)


@pytest.mark.parametrize(("days", "code"), [(1, "report-ahead"), (-1, "report-before-session")])
def test_the_day_of_a_report_lies_between_the_session_and_today(known, therapist, days, code):
    on = timezone.localdate(known.session.started_at) + dt.timedelta(days=days)
    act = lambda: adverse_events.mark_reported(known, by=therapist, reported_to="Board", reported_on=on)  # noqa: E731
    assert refused_codes(act) == {code}


def test_a_serious_event_is_closed_by_a_lead_and_a_minor_one_by_its_therapist(therapist, lead, known, draft):
    ending = {"outcome": "resolved", "closing_note": "Healed."}
    assert refused_codes(lambda: adverse_events.close(known, by=therapist, **ending)) == {"lead-closes"}
    assert adverse_events.close(known, by=lead, **ending).closed_by == lead
    minor = recorded(draft, by=therapist, code="bruise", severity=1)
    assert adverse_events.close(minor, by=therapist, **ending).closed_by == therapist


def test_an_event_with_a_report_that_is_due_is_not_closed(draft, therapist, lead):
    Jurisdiction.objects.filter(pk=draft.jurisdiction_id).update(adverse_event_report_days=15)
    due = recorded(draft, by=therapist)
    ending = {"outcome": "resolved", "closing_note": "Healed."}
    assert refused_codes(lambda: adverse_events.close(due, by=lead, **ending)) == {"report-open"}
    adverse_events.mark_reported(due, by=lead, reported_to="Board", reported_on=timezone.localdate())
    assert adverse_events.close(due, by=lead, **ending).closed_at


def test_closing_names_the_person_and_the_outcome(signed_in, lead, known):
    client = signed_in(lead)
    assert client.post(address(known, "close"), {"outcome": "", "closing_note": ""}).status_code == 422
    client.post(
        address(known, "close"), {"outcome": "resolved", "closing_note": "Chest tube, home in 3 days."}
    )
    text = text_of(client, address(known))
    assert "Hana Oduya" in text
    assert "Chest tube, home in 3 days." in text
    assert "This entry takes no more changes." in text
    assert AuditEvent.objects.get(code="adverse_event.closed").changes["outcome"] == ["unknown", "resolved"]


def test_a_closed_event_never_changes(therapist, lead, known):
    adverse_events.close(known, by=lead, outcome="resolved", closing_note="Healed.")
    for act in (
        lambda: adverse_events.change(known, by=lead, baseline={}, severity=1),
        lambda: adverse_events.close(known, by=lead, outcome="ongoing", closing_note="Again."),
        lambda: adverse_events.mark_error(known, by=lead, reason="Wrong."),
        lambda: adverse_events.mark_reported(
            known, by=lead, reported_to="Board", reported_on=timezone.localdate()
        ),
    ):
        with pytest.raises(StaleRecord):
            act()
    with pytest.raises(RecordLocked):
        AdverseEvent.objects.get(pk=known.pk).save()
    with pytest.raises(IntegrityError), transaction.atomic():
        AdverseEvent.objects.filter(pk=known.pk).update(severity=1)


def test_only_its_author_or_a_lead_marks_an_event_in_error(therapist, other_therapist, lead, known):
    act = lambda by: adverse_events.mark_error(known, by=by, reason="Wrong patient.")  # noqa: E731
    assert refused_codes(lambda: act(other_therapist)) == {"not-the-author"}
    assert act(lead).withdrawn_by == lead
    assert AuditEvent.objects.filter(code="adverse_event.in_error").count() == 1


# The register


def register(client, query: str = "") -> list[int]:
    response = client.get(reverse("treatments:adverse-events") + query)
    assert response.status_code == 200
    return [row.event.pk for row in response.context["rows"]]


@pytest.fixture
def four(draft, therapist, lead):
    """An open serious event whose report is due, an open, a closed one, and one entered in error."""
    Jurisdiction.objects.filter(pk=draft.jurisdiction_id).update(adverse_event_report_days=15)
    due = recorded(draft, by=therapist)
    bruise = recorded(draft, by=therapist, code="bruise", severity=1)
    faint = recorded(draft, by=therapist, code="faint", severity=2)
    wrong = recorded(draft, by=therapist, code="bruise", severity=1)
    adverse_events.close(faint, by=therapist, outcome="resolved", closing_note="Lay down.")
    adverse_events.mark_error(wrong, by=therapist, reason="Twice.")
    return {"due": due.pk, "bruise": bruise.pk, "faint": faint.pk, "wrong": wrong.pk}


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("", ["faint", "bruise", "due"]),
        ("?state=open", ["due", "bruise"]),
        ("?state=closed", ["faint"]),
        ("?state=due", ["due"]),
        ("?state=error", ["wrong"]),
        ("?kind=bruise", ["bruise"]),
        ("?severity=2", ["faint"]),
        ("?phase=during", []),
        ("?first=1/1/2020&last=1/2/2020", []),
        ("?first=today", ["faint", "bruise", "due"]),
    ],
)
def test_the_register_shows_what_its_filters_ask(signed_in, lead, four, query, shown):
    assert register(signed_in(lead), query) == [four[name] for name in shown]


@pytest.mark.parametrize(
    "query",
    [
        "severity=9",
        "kind=none-such",
        "first=12/31/9999",
        "first=0001-01-01",
        "last=x",
        "first=2/2/2026&last=1/1/2026",
        "before=x",
        "state=all",
    ],
)
def test_a_filter_that_means_nothing_is_said_at_its_field(signed_in, lead, query):
    response = signed_in(lead).get(f"{reverse('treatments:adverse-events')}?{query}")
    assert response.status_code == 422
    assert response.context["form"].errors


def test_older_events_stand_on_the_next_page(signed_in, lead, four):
    client = signed_in(lead)
    assert register(client, f"?before={four['faint']}") == [four["bruise"], four["due"]]


def test_the_register_leads_to_no_restricted_record(signed_in, therapist, lead, known):
    patient = known.session.patient
    type(patient).objects.filter(pk=patient.pk).update(restricted_at=timezone.now(), restricted_by=lead)
    assert register(signed_in(therapist)) == []
    assert signed_in(therapist).get(address(known)).status_code == 404


# Injuries of staff


def test_an_injury_of_staff_is_no_event_of_the_patient(draft, therapist):
    kind = factories.staff_kind()
    act = lambda: adverse_events.record(draft, by=therapist, kind=kind, severity=2, phase="during")  # noqa: E731
    assert refused_codes(act) == {"injury-of-staff"}


def test_the_page_does_not_offer_an_injury_of_staff(signed_in, therapist, draft):
    factories.staff_kind()
    text = text_of(signed_in(therapist), reverse("treatments:adverse-event", args=[draft.ref]))
    assert "Needlestick of staff" not in text
    assert reverse("treatments:sharps-add") in text
