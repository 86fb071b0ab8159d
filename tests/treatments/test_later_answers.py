"""A health answer that is given while the session is open reaches its sites and what it proposes."""

import datetime as dt
import uuid

import pytest
from django.urls import reverse
from django.utils import timezone

from tests import factories
from tests.treatments import notes
from treatments.models import NeedlingSession
from treatments.rules.signing import readiness
from treatments.selectors.session import draft as drafts

pytestmark = pytest.mark.django_db


def asked(session) -> set[str]:
    return {reason.code for reason in readiness.sign_reasons(notes.sign_facts(session))}


def answer(draft, patient=None, code: str = "pacemaker", **fields):
    about = {"kind": "visit", "visit": draft.visit, **fields}
    return factories.screening(patient or draft.patient, draft.therapist, answers={code: "yes"}, **about)


@pytest.mark.parametrize("of", [{}, {"kind": "intake", "visit": None}])
def test_an_answer_given_after_the_sites_asks_about_them(draft, of):
    factories.site(draft, "so", technique="stimulated", dwell_seconds=600)
    assert "device-stimulated" not in asked(draft)

    answer(draft, **of)

    assert "device-stimulated" in asked(draft)


def test_a_blood_thinner_that_is_told_late_asks_at_a_deep_muscle(draft):
    factories.site(draft, "pir", depth_mm=40)
    assert "bleeding-deep" not in asked(draft)

    answer(draft, code="blood-thinner", kind="intake", visit=None)

    assert "bleeding-deep" in asked(draft)


def test_what_was_answered_before_elsewhere_or_after_the_note_does_not(draft, reception):
    factories.site(draft, "so", technique="stimulated", dwell_seconds=600)
    opened_at = draft.opened_at

    answer(draft, patient=factories.patient(reception, family_name="Otherwood"), visit=None)
    answer(draft, taken_at=opened_at - dt.timedelta(days=30), visit=None)
    other_visit = factories.visit(draft.patient, draft.therapist)
    answer(draft, visit=other_visit)

    assert "device-stimulated" not in asked(draft)


def test_an_answer_after_the_signature_changes_nothing_of_the_note(draft, unlocked):
    signed_at = timezone.now()
    NeedlingSession.objects.filter(pk=draft.pk).update(signed_at=signed_at, signed_by=draft.therapist)
    answer(draft, kind="intake", visit=None, taken_at=signed_at + dt.timedelta(minutes=1))

    assert drafts.whole(draft.pk).health_answers == frozenset()


def test_no_technique_is_proposed_against_an_answer_of_this_hour(draft, signed_in):
    past = factories.session(draft.patient, draft.therapist)
    factories.site(past, "so", technique="stimulated", dwell_seconds=600, tissue="fascia")
    client = signed_in(draft.therapist)
    page = client.get(draft.get_absolute_url())
    assert {row["code"]: row for row in page.context["muscles"]}["so"]["technique"] == "stimulated"

    answer(draft)

    page = client.get(draft.get_absolute_url())
    assert {row["code"]: row for row in page.context["muscles"]}["so"]["technique"] == "in_out"
    line = {"line-line": "so r 2 t1 0.30x40", "line-key": str(uuid.uuid4())}
    client.post(reverse("treatments:site-line", args=[draft.ref]), line)
    queued = {"row": f"line-line=so+l+2+t1+0.30x40&line-key={uuid.uuid4()}"}
    client.post(reverse("treatments:site-add", args=[draft.ref]), queued, headers={"X-Live": "1"})
    assert set(draft.sites.values_list("side", "technique")) == {("right", "in_out"), ("left", "in_out")}
