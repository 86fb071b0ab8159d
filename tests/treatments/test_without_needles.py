"""A visit at which nobody was needled: opened, noted and signed with its reason."""

import datetime as dt
import uuid
from dataclasses import replace

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from clinic.values.errors import RuleViolation
from tests import factories
from tests.treatments import notes, test_sites
from tests.treatments.test_readiness import DONE, NO_PAIN, READY, with_safety, with_signer
from treatments.actions.session import fields as fields_actions
from treatments.actions.session.draft_events import Stamp
from treatments.actions.signing import signature
from treatments.models import NeedlingSession
from treatments.rules.session.opening import StateRule, open_reasons
from treatments.rules.signing.readiness import sign_reasons
from treatments.selectors.record import patient_sessions
from treatments.selectors.sites import needles_in

NOTHING = replace(
    DONE, sites=(), needles_out=None, tolerance="", aftercare_given=False, not_needled="evaluation"
)


@pytest.mark.parametrize(
    ("facts", "codes"),
    [
        (NOTHING, set()),
        (replace(NOTHING, needs_second_count=True), set()),
        (replace(NOTHING, not_needled="declined"), set()),
        (replace(NOTHING, not_needled="other"), {"not-needled-why"}),
        (replace(NOTHING, not_needled="other", not_needled_detail="Came with a fever"), set()),
        (replace(NOTHING, not_needled="manual"), {"other-care-missing"}),
        (replace(NOTHING, not_needled="manual", other_care="Mobilization C5"), set()),
        (replace(NOTHING, conditions=(NO_PAIN,)), {"pain-before-missing"}),
        (replace(NOTHING, identity_checked=False), {"identity-unchecked"}),
        (replace(NOTHING, started_at=None, ended_at=None), {"start-missing", "not-ended"}),
        (replace(NOTHING, tolerance="faint"), {"tolerance-detail-missing"}),
        (replace(NOTHING, billing_code="20560", billing_reason="x"), {"code-without-needles"}),
        (replace(NOTHING, sites=DONE.sites, needles_out=1), {"needled-after-all"}),
        (replace(NOTHING, needles_out=2), {"needled-after-all", "needles-differ"}),
        (replace(NOTHING, needles_out=0), set()),
        (replace(DONE, sites=(), needles_out=0), {"no-sites"}),
    ],
)
def test_a_visit_without_needles_is_signed_with_its_reason_and_no_needles(facts, codes):
    assert {reason.code for reason in sign_reasons(facts)} == codes


@pytest.mark.parametrize(
    ("facts", "stops"),
    [
        (with_safety(intake=None, consent=None, visit_screens=()), set()),
        (replace(READY, state_rule=StateRule("barred", bars=True), referral_rule="required"), set()),
        (with_signer(held=()), {"licence-missing"}),
        (replace(READY, visit_id=None, has_condition=False), {"not-checked-in", "condition-missing"}),
    ],
)
def test_without_needles_neither_consent_nor_health_questions_are_asked_for(facts, stops):
    found = open_reasons(replace(facts, needles=False))

    assert {reason.code for reason in found if reason.level == "stop"} == stops


@pytest.fixture
def declined(ada, therapist, signed_in) -> NeedlingSession:
    """Ada is here, was asked nothing and signed nothing, and does not want to be needled."""
    factories.arrived(ada, therapist)
    condition = factories.condition(factories.episode(ada, therapist), therapist)
    url = reverse("treatments:session-open", args=[ada.ref])
    data = {
        "form_key": uuid.uuid4().hex,
        "conditions": [condition.pk],
        "access": "direct",
        "not_needled": "declined",
        "not_needled_detail": "Afraid of needles",
    }
    client = signed_in(therapist)
    assert "without=needles" in client.get(url).content.decode()
    assert client.post(f"{url}?without=needles", data).status_code == 302
    return NeedlingSession.objects.get(patient=ada)


@pytest.mark.django_db
def test_a_visit_without_consent_is_opened_noted_and_signed(declined, therapist):
    assert (declined.consent, declined.screening, declined.consent_confirmed_at) == (None, None, None)
    declined.conditions.update(pain_before=4)
    NeedlingSession.objects.filter(pk=declined.pk).update(ended_at=timezone.now())

    note = signature.sign(declined, by=therapist, proved=True, identity_checked=True)

    assert "Nobody was needled: patient declined needling. Afraid of needles" in note.seal.text
    assert (note.billing_code, note.followups.count()) == ("", 0)
    assert [one.not_needled for one in patient_sessions.newest_treatments(note.patient, 1)] == [
        "Patient declined needling"
    ]
    assert not type(note.patient).objects.filter(needles_in.was_needled(), pk=note.patient_id).exists()


@pytest.mark.django_db
def test_nobody_is_needled_in_a_session_that_was_opened_without_checks(declined, therapist, signed_in):
    add = reverse("treatments:site-add", args=[declined.ref])
    answer = signed_in(therapist).post(add, test_sites.typed(), headers=test_sites.LIVE)

    assert answer.status_code == 422
    (row,) = answer.json()["rows"]
    assert "opened as one without needles" in " ".join(row["errors"].values())
    with pytest.raises(RuleViolation) as refused:
        fields_actions.save_field(declined, by=therapist, field="not_needled", value="", stamp=Stamp())
    assert refused.value.codes == {"opened-without-checks"}
    with pytest.raises(IntegrityError), transaction.atomic():
        NeedlingSession.objects.filter(pk=declined.pk).update(not_needled="")


@pytest.mark.django_db
def test_a_session_that_was_opened_to_needle_may_end_without(noon, draft, therapist, signed_in):
    draft.conditions.update(pain_before=6)
    NeedlingSession.objects.filter(pk=draft.pk).update(started_at=timezone.now() - dt.timedelta(minutes=20))
    for field, value in (("ended_at", timezone.now()), ("not_needled", "evaluation")):
        fields_actions.save_field(draft, by=therapist, field=field, value=value, stamp=Stamp())
    assert draft.followups.open().count() == 2

    signature.sign(draft, by=therapist, proved=True, identity_checked=True)

    page = signed_in(therapist).get(draft.get_absolute_url()).content.decode()
    assert "Nobody was needled: evaluation only." in page
    assert set(draft.followups.values_list("outcome", flat=True)) == {"not_needed"}


@pytest.mark.django_db
def test_the_session_page_asks_why_nobody_was_needled(draft, therapist, signed_in):
    page = signed_in(therapist).get(draft.get_absolute_url()).content.decode()

    assert "Was the patient needled?" in page
    assert "Patient declined needling" in page


@pytest.mark.django_db
def test_a_needled_session_says_nothing_of_it(draft):
    assert "Nobody was needled" not in notes.signed(draft).seal.text
