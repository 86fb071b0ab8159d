"""Signing: who, with what proof, against which reasons; one of two wins."""

import datetime as dt
import uuid

import pytest
from django.core.exceptions import NON_FIELD_ERRORS
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from clinic.models import AuditEvent, Practice, User
from clinic.values.errors import RuleViolation, StaleRecord
from tests import factories
from tests.software_passkey import SoftwarePasskey
from tests.treatments import notes
from treatments.actions.session import fields as fields_actions
from treatments.actions.session.draft_events import Stamp
from treatments.actions.signing import signature
from treatments.models import NeedlingSession, Override, Seal
from treatments.rules.session import draft_parts
from treatments.rules.signing import proof
from treatments.selectors.session import draft as drafts

pytestmark = pytest.mark.django_db


@pytest.fixture
def ready(draft):
    return notes.ready(draft)


def reading_of(session) -> str:
    """What a page that shows the note now would carry."""
    return draft_parts.reading_of(drafts.whole(session.pk))


def post(client, session, query="", headers=None, **fields):
    data = {"form_key": uuid.uuid4().hex, "identity_checked": "on", "password": factories.PASSWORD,
            "read": reading_of(session), **fields}  # fmt: skip
    url = reverse("treatments:session-sign", args=[session.ref]) + query
    said = {name: value for name, value in data.items() if value is not None}
    return client.post(url, said, headers=headers or {})


def test_the_author_signs_with_the_password(signed_in, therapist, ready):
    response = post(signed_in(therapist), ready)
    assert (response.status_code, response.url) == (302, f"{reverse('treatments:today')}#next")
    ready.refresh_from_db()
    assert (ready.state, ready.signed_by, ready.identity_checked_by) == ("signed", therapist, therapist)
    assert (ready.billing_code, ready.billing_muscles) == ("20560", 1)
    seal = Seal.objects.get(session=ready)
    assert seal.sealed_at == ready.signed_at
    event = AuditEvent.objects.get(code="session.signed")
    assert (event.actor, event.object_ref, event.changes["seal"]) == (
        therapist,
        ready.ref,
        [None, seal.digest],
    )


@pytest.mark.parametrize("answer", ["{}", "5", '{"response": {}}'])
def test_a_passkey_that_does_not_fit_signs_nothing(answer, signed_in, therapist, ready):
    response = post(signed_in(therapist), ready, passkey=answer)

    assert response.status_code == 422
    assert "That passkey did not work" in response.content.decode()
    ready.refresh_from_db()
    assert ready.state == "draft"


def asked(client) -> dict:
    return client.get(reverse("account_passkey_question")).json()["request_options"]


def test_the_passkey_of_somebody_else_signs_nothing(signed_in, therapist, other_therapist, ready):
    SoftwarePasskey(therapist)
    client = signed_in(therapist)
    theirs = SoftwarePasskey(other_therapist).answer(asked(client))

    assert post(client, ready, password="", passkey=theirs).status_code == 422
    ready.refresh_from_db()
    assert ready.state == "draft"


def test_a_passkey_answers_one_question_once(signed_in, therapist, ready):
    client, key = signed_in(therapist), SoftwarePasskey(therapist)
    earlier, answer = key.answer(asked(client)), key.answer(asked(client))
    assert post(client, ready, password="", passkey=earlier).status_code == 422

    assert post(client, ready, password="", passkey=answer).status_code == 302

    key.row.refresh_from_db()
    assert key.row.last_used_at
    assert "mfa.webauthn.state" not in client.session


def test_signing_says_all_that_is_missing_at_once(signed_in, therapist, draft):
    response = post(signed_in(therapist), draft)
    assert response.status_code == 422
    assert len(response.context["stops"]) > 4
    with pytest.raises(RuleViolation) as refused:
        signature.sign(draft, by=therapist, proved=True, identity_checked=True)
    assert {"no-sites", "not-ended", "needles-not-counted", "tolerance-missing"} <= refused.value.codes
    draft.refresh_from_db()
    assert draft.state == "draft"
    assert not Seal.objects.exists()


def test_each_missing_thing_links_to_its_field(signed_in, therapist, draft):
    page = signed_in(therapist).get(reverse("treatments:session-sign", args=[draft.ref]))
    assert page.status_code == 200
    assert f"{draft.get_absolute_url()}#div_id_tolerance" in page.content.decode()
    assert 'aria-disabled="true"' in page.content.decode()


@pytest.mark.parametrize(("password", "code"), [("", "required"), ("thick needles", "wrong-password")])
def test_a_wrong_password_changes_nothing_and_is_on_record(signed_in, therapist, ready, password, code):
    response = post(signed_in(therapist), ready, password=password)
    assert response.status_code == 422
    assert response.context["form"].has_error("password", code)
    assert password == "" or password not in response.content.decode()
    ready.refresh_from_db()
    assert ready.state == "draft"
    assert AuditEvent.objects.filter(code="session.proof_failed").count() == (1 if password else 0)


def test_a_signature_a_moment_ago_is_proof_for_the_next(signed_in, therapist, ada, ready):
    client = signed_in(therapist)
    page = client.get(reverse("treatments:session-sign", args=[ready.ref]))
    assert "password" in page.context["form"].fields
    post(client, ready)
    # another patient: a second code on one day asks for a reason
    second = factories.session(factories.patient(therapist), therapist)
    factories.session_condition(second)
    notes.ready(second)
    page = client.get(reverse("treatments:session-sign", args=[second.ref]))
    assert "password" not in page.context["form"].fields
    assert post(client, second, password=None).status_code == 302


def test_with_zero_minutes_every_signature_needs_the_password(signed_in, therapist, ada, ready):
    Practice.objects.update(sign_reauth_minutes=0)
    client = signed_in(therapist)
    post(client, ready)
    second = factories.session(ada, therapist)
    factories.session_condition(second)
    notes.ready(second)
    assert post(client, second, password=None).status_code == 422


@pytest.mark.parametrize(
    ("ago", "minutes", "fresh"),
    [
        (0, 10, True),
        (9, 10, True),
        (10, 10, False),
        (1, 0, False),
        (0, 0, False),
        (-1, 10, False),
        (None, 10, False),
    ],
)
def test_how_long_a_proof_holds(ago, minutes, fresh):
    now = timezone.now()
    proved_at = None if ago is None else now - dt.timedelta(minutes=ago)
    assert proof.is_fresh(proved_at, now=now, minutes=minutes) is fresh


def test_nobody_signs_for_somebody_else(signed_in, other_therapist, lead, reception, ready):
    assert post(signed_in(other_therapist), ready).status_code == 404
    assert post(signed_in(lead), ready).status_code == 403
    assert post(signed_in(reception), ready).status_code == 403
    with pytest.raises(RuleViolation) as refused:
        signature.sign(ready, by=other_therapist, proved=True, identity_checked=True)
    assert refused.value.codes == {"not-the-author"}


def test_without_proof_or_identity_the_action_refuses(therapist, ready):
    with pytest.raises(RuleViolation) as refused:
        signature.sign(ready, by=therapist, proved=False)
    assert refused.value.codes == {"proof-missing", "identity-unchecked"}


def test_the_identity_tick_is_asked_for(signed_in, therapist, ready):
    response = post(signed_in(therapist), ready, identity_checked=None)
    assert response.status_code == 422
    assert "identity_checked" in response.context["form"].errors


def test_needles_that_differ_are_counted_corrected_or_reported(signed_in, therapist, draft):
    session = notes.ready(draft, needles_out=0)
    client = signed_in(therapist)
    page = client.get(reverse("treatments:session-sign", args=[session.ref]))
    for exit_words in ("Count again", "Correct the sites", "Sign with an incident record"):
        assert exit_words in page.content.decode()
    assert post(client, session).status_code == 422
    assert post(client, session, incident_reason="  ").status_code == 422
    response = post(client, session, incident_reason="Found in the sharps box after two counts.")
    assert response.status_code == 302
    override = Override.objects.get(session=session)
    assert (override.rule, override.by) == ("needles-differ", therapist)
    assert override.reason == "Found in the sharps box after two counts."


def test_an_incident_record_without_a_difference_is_not_asked_for(signed_in, therapist, ready):
    page = signed_in(therapist).get(reverse("treatments:session-sign", args=[ready.ref]))
    assert "incident_reason" not in page.context["form"].fields


def test_a_late_signature_says_why(signed_in, therapist, draft):
    session = notes.ready(draft, ended_ago=dt.timedelta(hours=25))
    client = signed_in(therapist)
    response = post(client, session)
    assert response.status_code == 422
    assert "late_entry_reason" in response.context["form"].errors
    assert post(client, session, late_entry_reason="Power cut.").status_code == 302
    session.refresh_from_db()
    assert session.late_entry_reason == "Power cut."


def test_too_long_a_reason_comes_back_as_typed(signed_in, therapist, draft):
    session = notes.ready(draft, ended_ago=dt.timedelta(hours=25))
    response = post(signed_in(therapist), session, late_entry_reason="y" * 10_001)
    assert response.status_code == 422
    assert "y" * 10_001 in response.content.decode()


def test_the_same_form_twice_signs_once_and_answers_alike(signed_in, therapist, ready):
    client, key = signed_in(therapist), uuid.uuid4().hex
    first, second = post(client, ready, form_key=key), post(client, ready, form_key=key)
    assert (first.status_code, second.status_code, second.url) == (302, 302, first.url)
    assert Seal.objects.count() == 1


def test_the_second_tab_is_told_who_signed_and_when(signed_in, therapist, ready):
    client = signed_in(therapist)
    post(client, ready)
    response = post(client, ready)
    assert response.status_code == 409
    assert "Maria Lund, PT signed this note" in response.content.decode()
    with pytest.raises(StaleRecord):
        signature.sign(ready, by=therapist, proved=True, identity_checked=True)
    assert AuditEvent.objects.filter(code="session.signed").count() == 1


def test_a_signed_note_opens_for_reading_instead(signed_in, therapist, draft):
    session = notes.signed(draft)
    response = signed_in(therapist).get(reverse("treatments:session-sign", args=[session.ref]))
    assert response.url == session.get_absolute_url()


def test_what_changed_between_the_page_and_the_signature_counts(therapist, ready):
    stale = NeedlingSession.objects.get(pk=ready.pk)
    NeedlingSession.objects.filter(pk=ready.pk).update(needles_out=None)
    with pytest.raises(RuleViolation) as refused:
        signature.sign(stale, by=therapist, proved=True, identity_checked=True)
    assert refused.value.codes == {"needles-not-counted"}


def test_signing_schedules_calls_that_nothing_scheduled_before(therapist, ready):
    signature.sign(ready, by=therapist, proved=True, identity_checked=True)
    assert sorted(ready.followups.values_list("step", flat=True)) == [24, 72]


def test_an_expired_sign_in_signs_nothing(client, ready):
    assert post(client, ready).status_code == 401
    ready.refresh_from_db()
    assert ready.state == "draft"


def test_a_password_is_not_guessed_at_signing(signed_in, therapist, ready):
    client = signed_in(therapist)
    for _ in range(10):
        post(client, ready, password="guess")

    response = post(client, ready)

    assert response.status_code == 422
    assert "Wait a minute" in response.content.decode()
    ready.refresh_from_db()
    assert ready.state == "draft"
    assert AuditEvent.objects.filter(code="session.proof_failed").count() == 10


def test_no_incident_is_on_record_where_the_needles_agree(therapist, ready):
    signature.sign(ready, by=therapist, proved=True, identity_checked=True, incident_reason="Counted twice.")

    assert not Override.objects.filter(session=ready).exists()


def test_nobody_signs_who_was_not_qualified_on_the_day(noon, signed_in, therapist, ready):
    therapist.credentials.update(expires_on=timezone.localdate() - dt.timedelta(days=1))

    response = post(signed_in(therapist), ready)

    assert response.status_code == 422
    assert "licence-ended" in {reason.code for reason in response.context["stops"]}
    with pytest.raises(RuleViolation) as refused:
        signature.sign(ready, by=therapist, proved=True, identity_checked=True)
    assert refused.value.codes == {"licence-ended"}
    ready.refresh_from_db()
    assert ready.state == "draft"


def test_a_draft_from_before_names_its_supervisor_at_signing(signed_in, therapist, lead, ready):
    profile = ready.jurisdiction
    type(profile).objects.filter(pk=profile.pk).update(supervised_sessions=25)
    User.objects.filter(pk=lead.pk).update(profession="pt")
    factories.credential(lead)
    factories.credential(lead, "supervised", sessions=25)
    client = signed_in(therapist)

    assert post(client, ready).status_code == 422
    assert post(client, ready, supervisor=lead.pk).status_code == 302

    ready.refresh_from_db()
    assert (ready.state, ready.supervisor) == ("signed", lead)
    assert Seal.objects.get(session=ready).text.count('"supervisor":{') == 1


def test_an_end_that_nobody_entered_is_noted_with_the_signature(signed_in, therapist, draft):
    note = notes.ready(draft, ended_at=None)
    client = signed_in(therapist)
    shown = client.get(reverse("treatments:session-sign", args=[note.ref])).context["form"]["ended_at"]
    assert shown.value()

    at = timezone.localtime(note.started_at + dt.timedelta(minutes=10)).strftime("%H:%M")
    assert post(client, note, ended_at="").status_code == 422
    assert post(client, note, ended_at=at).status_code == 302

    note.refresh_from_db()
    assert note.signed_at
    assert note.ended_at == (note.started_at + dt.timedelta(minutes=10)).replace(second=0, microsecond=0)
    assert note.events.get(field="ended_at").origin == "proposed"
    assert AuditEvent.objects.filter(code="session.ended", object_ref=note.ref).count() == 1
    assert note.followups.exists()


def test_an_end_before_the_start_signs_nothing(signed_in, therapist, draft):
    note = notes.ready(draft, ended_at=None)
    early = timezone.localtime(note.started_at - dt.timedelta(minutes=10)).strftime("%H:%M")

    assert post(signed_in(therapist), note, ended_at=early).status_code == 422
    note.refresh_from_db()
    assert (note.state, note.ended_at) == ("draft", None)


def test_hours_later_nobody_guesses_the_end():
    now = timezone.now()
    assert proof.likely_end(now - dt.timedelta(minutes=30), now=now) == now
    assert proof.likely_end(now - dt.timedelta(hours=3), now=now) is None
    assert proof.likely_end(now + dt.timedelta(minutes=3), now=now) is None
    assert proof.likely_end(None, now=now) is None


def test_the_panel_is_told_where_to_go(signed_in, therapist, ready):
    data = {"form_key": uuid.uuid4().hex, "identity_checked": "on", "password": factories.PASSWORD}
    data["read"] = reading_of(ready)
    url = reverse("treatments:session-sign", args=[ready.ref])
    client = signed_in(therapist)

    answers = [client.post(url, data, headers={"X-Live": "1"}).json() for _ in range(2)]

    assert answers == [{"next": "/#next"}] * 2


def test_signing_costs_the_same_for_many_sites(signed_in, therapist, ada, reception):
    costs = []
    for number, patient in enumerate((ada, factories.patient(reception, family_name="Manywood"))):
        session = factories.session(patient, therapist)
        factories.session_condition(session)
        count = 1 + 11 * number
        note = notes.ready(session, needles_out=count)
        for _ in range(count - 1):
            factories.site(note)
        client = signed_in(therapist)
        client.get(reverse("treatments:session-sign", args=[note.ref]))
        with CaptureQueriesContext(connection) as asked:
            assert post(client, note).status_code == 302
        costs.append(len(asked))

    assert costs[0] == costs[1]


def supervised_change(ready, supervisor):
    """What the supervisor on the draft writes meanwhile, on a page of their own."""
    NeedlingSession.objects.filter(pk=ready.pk).update(supervisor=supervisor)
    return fields_actions.save_field(
        ready, by=supervisor, field="note", value="Left calf too.", stamp=Stamp()
    )


@pytest.mark.parametrize("live", [{}, {"X-Live": "1"}])
def test_a_change_after_the_read_back_is_read_before_it_is_signed(
    signed_in, therapist, other_therapist, ready, live
):
    client = signed_in(therapist)
    read = reading_of(ready)
    supervised_change(ready, other_therapist)

    response = post(client, ready, read=read, headers=live)

    assert response.status_code == 422
    assert response.context["form"].has_error(NON_FIELD_ERRORS, "changed-since-read")
    assert "Left calf too." in response.content.decode()
    ready.refresh_from_db()
    assert ready.state == "draft"
    assert post(client, ready, read=response.context["reading"]).status_code == 302


def test_a_reason_given_after_the_read_back_is_a_change_too(signed_in, therapist, ready):
    read = reading_of(ready)
    Override.objects.create(session=ready, rule="both-lungs", reason="Agreed", by=therapist)

    response = post(signed_in(therapist), ready, read=read)

    assert response.context["form"].has_error(NON_FIELD_ERRORS, "changed-since-read")


@pytest.mark.parametrize("read", [None, "", "0"])
def test_nobody_signs_what_no_page_has_shown(signed_in, therapist, ready, read):
    response = post(signed_in(therapist), ready, read=read)

    assert response.status_code == 422
    ready.refresh_from_db()
    assert ready.state == "draft"
