"""Red flags: on the board at once, reviewed once, and recorded as an adverse event where needed."""

import datetime as dt
import uuid

import pytest
from django.urls import reverse
from django.utils import timezone

from clinic.models import AuditEvent, Jurisdiction
from clinic.values.errors import RuleViolation
from tests import factories
from treatments.actions.followups import red_flags, soreness
from treatments.models import AdverseEvent, AdverseEventKind, RedFlag, WarningSign

pytestmark = pytest.mark.django_db


@pytest.fixture
def flag(draft, reception):
    factories.site(draft, muscle="rho")
    return raised(factories.followup(draft), by=reception)


def raised(followup, *, by, yes: str = "breathless") -> RedFlag:
    signs = {row.code: "yes" if row.code == yes else "no" for row in WarningSign.objects.current()}
    report = soreness.file(followup, by=by, now=2, note="since last night", signs=signs)
    return RedFlag.objects.get(report=report)


def url(flag) -> str:
    return reverse("treatments:red-flag", args=[flag.report.followup.ref])


def test_a_warning_sign_is_raised_for_the_therapist_and_on_record(flag, therapist):
    assert (flag.therapist, flag.acknowledged_at) == (therapist, None)
    assert flag.report.triage == "urgent"
    assert AuditEvent.objects.filter(code="redflag.raised").count() == 1


def test_the_therapist_reads_the_answers_and_what_they_may_mean(signed_in, therapist, flag):
    text = signed_in(therapist).get(url(flag)).content.decode()
    assert "Are you short of breath?" in text
    assert "since last night" in text
    assert "A site over the lung was needled." in text
    assert "kind=pneumothorax" in text


def test_a_sign_that_is_not_of_the_chest_proposes_its_own_kind(signed_in, therapist, draft, reception):
    factories.site(draft, muscle="rho")
    other = raised(factories.followup(draft), by=reception, yes="numb-weak")
    text = signed_in(therapist).get(url(other)).content.decode()
    assert "A site over the lung" not in text
    assert "kind=nerve-symptom" in text


def test_saying_what_was_done_takes_it_off_the_board(signed_in, therapist, flag):
    client = signed_in(therapist)
    assert client.post(url(flag), {"action": "  "}).status_code == 422
    response = client.post(url(flag), {"action": "Called 10:20, sent to the emergency department."})
    assert response.url == reverse("treatments:today")
    flag.refresh_from_db()
    assert flag.acknowledged_by == therapist
    assert flag.action == "Called 10:20, sent to the emergency department."
    assert AuditEvent.objects.filter(code="redflag.acknowledged").count() == 1


def test_the_second_to_act_is_told_who_did(signed_in, therapist, lead, flag):
    red_flags.acknowledge(flag, by=lead, action="Called the ambulance.")
    response = signed_in(therapist).post(url(flag), {"action": "Called her."})
    text = response.content.decode()
    assert response.status_code == 409
    assert "Hana acted on this warning sign" in text
    assert "Called the ambulance." in text
    flag.refresh_from_db()
    assert flag.action == "Called the ambulance."


def test_the_desk_sees_that_somebody_must_act_and_no_answers(signed_in, reception, flag):
    client = signed_in(reception)
    assert client.get(url(flag)).status_code == 403
    text = client.get(reverse("treatments:followups")).content.decode()
    assert "Warning sign: therapist to act" in text
    assert "short of breath" not in text


def test_a_follow_up_without_a_warning_sign_has_no_such_page(signed_in, therapist, draft):
    followup = factories.followup(draft)
    assert signed_in(therapist).get(reverse("treatments:red-flag", args=[followup.ref])).status_code == 404


def test_a_correction_with_the_same_sign_raises_no_second_flag(flag, therapist):
    signs = {row.code: "yes" for row in WarningSign.objects.current()}
    soreness.correct(flag.report, by=therapist, now=3, signs=signs)
    assert RedFlag.objects.count() == 1


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
        red_flags.record_event(draft, by=therapist, kind=kind, severity=1, phase="later", site=foreign)
    assert refused.value.codes == {"site-of-other-session"}


def test_the_page_leads_back_within_the_practice_only(signed_in, therapist, draft):
    client = signed_in(therapist)
    assert event(client, draft, back="https://elsewhere.example/").url == draft.get_absolute_url()
    assert event(client, draft, back="/followups/").url == "/followups/"
