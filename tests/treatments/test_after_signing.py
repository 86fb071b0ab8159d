"""What can be done to a session after signing, and what cannot."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from clinic.models import AuditEvent
from clinic.values.errors import RuleViolation
from tests import factories
from tests.treatments import notes
from treatments.actions.followups import calls, soreness
from treatments.actions.signing import after_signing, signature
from treatments.models import Addendum, ErrorMark, NeedleSite, NeedlingSession, WarningSign
from treatments.selectors.session import draft as drafts
from treatments.selectors.sites import past_visits

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("requests_as_serving_role")]


@pytest.fixture
def session(draft):
    return notes.signed(draft)


def url(name, session) -> str:
    return reverse(f"treatments:{name}", args=[session.ref])


def test_an_addendum_is_added_by_another_therapist_too(signed_in, other_therapist, session):
    fields = {"kind": "late_entry", "reason": "forgotten", "text": "She felt dizzy for a minute."}
    response = signed_in(other_therapist).post(url("addendum", session), fields)
    assert response.url == session.get_absolute_url()
    addendum = Addendum.objects.get()
    assert (addendum.kind, addendum.written_by, addendum.text) == (
        "late_entry",
        other_therapist,
        fields["text"],
    )
    assert AuditEvent.objects.filter(code="addendum.written").count() == 1


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"text": ""}, "text"),
        ({"reason": " "}, "reason"),
        ({"kind": ""}, "kind"),
        ({"text": "x" * 10_001}, "text"),
        ({"reason": "x" * 301}, "reason"),
        ({"text": "a\x00b"}, "text"),
    ],
)
def test_an_addendum_that_lacks_something_comes_back_as_typed(signed_in, therapist, session, fields, field):
    whole = {"kind": "addendum", "reason": "typed wrongly", "text": "Depth was 18 mm.", **fields}
    response = signed_in(therapist).post(url("addendum", session), whole)
    assert response.status_code == 422
    assert field in response.context["form"].errors
    assert not Addendum.objects.exists()


def test_a_draft_takes_no_addendum(therapist, draft):
    with pytest.raises(RuleViolation) as refused:
        after_signing.addend(draft, by=therapist, kind="addendum", reason="x", text="y")
    assert refused.value.codes == {"not-locked"}


def test_emoji_and_right_to_left_words_stay(signed_in, therapist, session):
    addendum = "Patient smiled 🙂 وقالت شكرا"
    signed_in(therapist).post(
        url("addendum", session), {"kind": "patient_request", "reason": "asked", "text": addendum}
    )
    assert Addendum.objects.get().text == addendum


def test_an_error_mark_stands_once(signed_in, therapist, lead, session):
    client = signed_in(therapist)
    assert client.post(url("session-error", session), {"reason": " "}).status_code == 422
    assert client.post(url("session-error", session), {"reason": "Wrong patient."}).status_code == 302
    response = signed_in(lead).post(url("session-error", session), {"reason": "Again."})
    assert response.status_code == 409
    assert "Maria marked this note as entered in error" in response.content.decode()
    assert ErrorMark.objects.get().reason == "Wrong patient."


def test_only_the_author_or_a_lead_marks_in_error(other_therapist, lead, session):
    with pytest.raises(RuleViolation) as refused:
        after_signing.mark_error(session, by=other_therapist, reason="No.")
    assert refused.value.codes == {"not-the-author"}
    assert after_signing.mark_error(session, by=lead, reason="Wrong patient.").marked_by == lead


def test_a_draft_opened_by_mistake_is_voided_with_its_calls(signed_in, therapist, draft):
    calls.schedule(draft, by=therapist, at=timezone.now())
    response = signed_in(therapist).post(url("session-void", draft), {"reason": ""})
    assert response.url == reverse("treatments:today")
    draft.refresh_from_db()
    assert (draft.state, draft.voided_by) == ("voided", therapist)
    assert set(draft.followups.values_list("outcome", flat=True)) == {"not_needed"}
    assert AuditEvent.objects.filter(code="session.voided").count() == 1


def test_a_draft_with_sites_is_voided_with_a_reason_only(therapist, draft):
    factories.site(draft)
    with pytest.raises(RuleViolation) as refused:
        after_signing.void(draft, by=therapist)
    assert refused.value.codes == {"reason-missing"}
    assert after_signing.void(draft, by=therapist, reason="Opened on the wrong patient.").close_reason == ""
    assert NeedlingSession.objects.get(pk=draft.pk).close_reason == "Opened on the wrong patient."


def test_needles_that_are_in_keep_a_draft_from_being_voided(therapist, draft):
    factories.site(draft, needle_in_at=timezone.now(), technique="static")
    with pytest.raises(RuleViolation) as refused:
        after_signing.void(draft, by=therapist, reason="By mistake.")
    assert refused.value.codes == {"needles-still-in"}


def test_only_the_author_voids(signed_in, other_therapist, lead, draft):
    with pytest.raises(RuleViolation) as refused:
        after_signing.void(draft, by=other_therapist)
    assert refused.value.codes == {"not-the-author"}
    assert signed_in(lead).post(url("session-void", draft), {"reason": "x"}).status_code == 403


def test_a_lead_closes_somebodys_draft_and_its_calls_stay_due(signed_in, lead, therapist, draft):
    factories.site(draft, needle_in_at=timezone.now(), technique="static")
    calls.schedule(draft, by=therapist, at=timezone.now())
    client = signed_in(lead)
    assert client.post(url("session-close", draft), {"reason": ""}).status_code == 422
    values = {"reason": "Left the practice.", "needles_checked": "on"}
    assert client.post(url("session-close", draft), values).status_code == 302
    draft.refresh_from_db()
    assert (draft.state, draft.closed_unsigned_by, draft.close_reason) == (
        "closed",
        lead,
        "Left the practice.",
    )
    assert draft.followups.filter(closed_at=None).count() == 2
    assert not NeedleSite.objects.with_needles_in().exists()


def test_needles_still_in_are_not_closed_over_in_silence(signed_in, lead, draft):
    site = factories.site(draft, needle_in_at=timezone.now(), technique="static")
    client = signed_in(lead)

    refused = client.post(url("session-close", draft), {"reason": "Left the practice."})

    assert refused.status_code == 422
    assert "still in (site 1)" in refused.context["form"].errors["needles_checked"][0]
    assert refused.context["form"]["reason"].value() == "Left the practice."
    assert NeedlingSession.objects.get(pk=draft.pk).is_draft

    after_signing.close_unsigned(draft, by=lead, reason="Left.", needles_checked=True)
    event = AuditEvent.objects.get(code="session.closed")
    assert event.changes == {"site 1, needles": ["in", "made sure: none left"]}
    site.refresh_from_db()
    assert site.needle_out_at is None


def test_without_needles_in_nothing_is_asked_about_them(signed_in, lead, draft):
    factories.site(draft)

    assert "needles_checked" not in signed_in(lead).get(url("session-close", draft)).context["form"].fields


def test_a_therapist_does_not_close_a_colleagues_draft(signed_in, other_therapist, draft):
    assert signed_in(other_therapist).post(url("session-close", draft), {"reason": "x"}).status_code == 403


@pytest.mark.parametrize("ending", ["sign", "void", "close"])
def test_what_ended_does_not_end_again(signed_in, therapist, lead, draft, ending):
    session = notes.ready(draft)
    if ending == "sign":
        signature.sign(session, by=therapist, proved=True, identity_checked=True)
    elif ending == "void":
        after_signing.void(session, by=therapist, reason="By mistake.")
    else:
        after_signing.close_unsigned(session, by=lead, reason="Left.")
    client = signed_in(therapist)
    assert client.post(url("session-void", session), {"reason": "x"}).status_code == 409
    assert signed_in(lead).post(url("session-close", session), {"reason": "x"}).status_code == 409
    state = NeedlingSession.objects.get(pk=session.pk).state
    assert state == {"sign": "signed", "void": "voided", "close": "closed"}[ending]


def test_calls_end_with_a_note_in_error_and_the_call_page_says_so(signed_in, reception, therapist, session):
    first, later = session.followups.order_by("step")
    calls.attempt(first, by=reception, result="voicemail", note="left our number")
    after_signing.mark_error(session, by=therapist, reason="Wrong patient.")
    for row in (first, later):
        row.refresh_from_db()
        assert (row.outcome, row.outcome_reason, row.closed_by) == (
            "not_needed", "Note entered in error.", therapist,
        )  # fmt: skip
    assert (first.attempts, first.contacts.get().note) == (1, "left our number")
    assert AuditEvent.objects.filter(code="followup.closed", actor=therapist).count() == 2
    page = signed_in(reception).get(first.get_absolute_url()).content.decode()
    assert "The note of this session was entered in error." in page
    assert "This call ended with it." in page


def test_what_a_patient_reported_stays_where_it_is(signed_in, reception, therapist, session):
    first, later = session.followups.order_by("step")
    signs = {row.code: "no" for row in WarningSign.objects.current()}
    report = soreness.file(first, by=reception, now=9, signs=signs, wants_call=True)
    after_signing.mark_error(session, by=therapist, reason="Wrong patient.")
    first.refresh_from_db()
    later.refresh_from_db()
    assert (report.triage, first.closed_at, first.reports.get()) == ("talk", None, report)
    assert later.closed_at is not None
    page = signed_in(therapist).get(first.get_absolute_url()).content.decode()
    assert "What was reported stays on record here." in page


def test_a_call_that_an_older_release_left_open_says_that_its_note_is_in_error(
    signed_in, reception, therapist, session
):
    open_call = session.followups.order_by("step").first()
    ErrorMark.objects.create(session=session, reason="Wrong patient.", marked_by=therapist)
    session.followups.update(due_at=timezone.now())
    client = signed_in(reception)
    calls = client.get(reverse("treatments:followups")).content.decode()
    assert "Note entered in error: close the follow-up" in calls
    page = client.get(open_call.get_absolute_url()).content.decode()
    assert "Do not call about it." in page


def test_no_call_is_made_for_a_note_in_error(therapist, draft):
    ErrorMark.objects.create(session=draft, reason="Wrong patient.", marked_by=therapist)
    draft.visit.left_at = timezone.now()
    calls.schedule_for_visit(draft.visit, therapist)
    assert not draft.followups.exists()


def test_a_note_in_error_proposes_nothing_to_the_next_session(therapist, other_therapist, ada, session):
    factories.site(factories.session(ada, other_therapist))
    following = factories.session(ada, other_therapist, opened_at=timezone.now() + dt.timedelta(days=1))
    seen = drafts.whole(following.pk).session
    assert [row["ref"] for row in past_visits.earlier_visits(seen)].count(session.ref) == 1
    ErrorMark.objects.create(session=session, reason="Wrong patient.", marked_by=therapist)
    assert session.ref not in [row["ref"] for row in past_visits.earlier_visits(seen)]
