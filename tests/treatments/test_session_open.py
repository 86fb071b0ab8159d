"""Opening a session: refused with all reasons, done once, and audited either way."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from clinic.models import AuditEvent, Jurisdiction, Practice, Role, User
from tests import factories
from tests.treatments import notes
from treatments.models import NeedlingSession

pytestmark = pytest.mark.django_db


@pytest.fixture
def ready(ada, therapist):
    """Ada is checked in, screened and has consented; one condition is recorded."""
    return factories.ready_for_session(ada, therapist, visits_before=3)


def page_of(patient):
    return reverse("treatments:session-open", args=[patient.ref])


def answers(condition, **changes):
    return {"conditions": [condition.pk], "access": "direct", "consent_confirmed": "on", **changes}


def last(code):
    return AuditEvent.objects.filter(code=code).last()


def test_a_patient_who_is_not_ready_shows_every_reason_with_its_way_out(ada, therapist, signed_in):
    response = signed_in(therapist).get(page_of(ada))

    reasons = response.context["stops"]
    assert {r.code for r in reasons} == {
        "not-checked-in", "screening-missing", "visit-screen-missing", "consent-missing", "condition-missing"
    }  # fmt: skip
    for reason in reasons:
        assert f'href="{reason.url}"' in response.text
    assert "consent-missing" in last("session.refused").reason


def test_a_post_past_the_reasons_is_refused(ada, therapist, signed_in):
    response = signed_in(therapist).post(page_of(ada), {"access": "direct"})

    assert response.status_code == 422
    assert not NeedlingSession.objects.exists()


def test_opening_makes_the_draft_of_todays_visit(ready, ada, therapist, signed_in):
    response = signed_in(therapist).post(page_of(ada), answers(ready))

    session = NeedlingSession.objects.get()
    assert response.url == session.get_absolute_url()
    assert session.visit == ada.visits.get()
    assert session.consent == ada.consents.get()
    assert session.visit_screening.kind == "visit"
    assert session.visit_number == 4
    assert (session.started_at.second, session.started_at.microsecond) == (0, 0)
    row = session.conditions.get()
    assert (row.side, row.icd10, row.pain_before) == (ready.side, ready.icd10, None)
    assert last("session.opened").object_ref == session.ref


def test_a_caution_that_came_up_since_is_shown_before_anything_is_opened(ready, ada, therapist, signed_in):
    client = signed_in(therapist)
    seen = client.get(page_of(ada)).context["cautions_seen"]
    Jurisdiction.objects.filter(pk=Practice.objects.get().jurisdiction_id).update(referral="advised")

    asked = client.post(page_of(ada), answers(ready, cautions_seen=seen))

    assert asked.status_code == 422
    assert "this has come up since you looked" in asked.text
    assert [reason.code for reason in asked.context["cautions"]] == ["referral-advised"]
    assert not NeedlingSession.objects.exists()
    opened = client.post(page_of(ada), answers(ready, cautions_seen=asked.context["cautions_seen"]))
    assert opened.url == NeedlingSession.objects.get().get_absolute_url()


def test_the_form_posted_twice_makes_one_session(ready, ada, therapist, signed_in):
    client = signed_in(therapist)
    data = answers(ready, form_key="1f0c2f2e-58a8-4c5e-9c9c-2a6f0b7e7a01")

    first, second = client.post(page_of(ada), data), client.post(page_of(ada), data)

    assert first.url == second.url
    assert NeedlingSession.objects.count() == 1


def test_a_draft_that_stands_is_opened_again(draft, therapist, signed_in):
    response = signed_in(therapist).get(page_of(draft.patient))

    assert response.url == draft.get_absolute_url()


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"conditions": []}, "conditions"),
        ({"access": ""}, "access"),
        ({"consent_confirmed": ""}, "consent_confirmed"),
        ({"access": "referral"}, "access"),
    ],
)
def test_an_answer_that_is_missing_is_a_sentence_at_its_field(
    ready, ada, therapist, signed_in, changes, field
):
    response = signed_in(therapist).post(page_of(ada), answers(ready, **changes))

    assert response.status_code == 422
    assert field in response.context["form"].errors
    assert not NeedlingSession.objects.exists()


def test_nothing_is_answered_beforehand_but_what_the_record_says(ready, ada, therapist, signed_in):
    form = signed_in(therapist).get(page_of(ada)).context["form"]

    assert not form["consent_confirmed"].value()
    assert form["conditions"].value() == [str(ready.pk)]


def test_the_days_after_the_last_session_stand_above_the_form(ready, ada, therapist, signed_in):
    past = factories.session(ada, therapist, visit=factories.visit(ada, therapist))
    factories.followup(past).reports.create(now=7, worst=8, reported_by=therapist, triage="talk")

    response = signed_in(therapist).get(page_of(ada))

    assert "Soreness 7 at 24 h, worst 8" in " ".join(response.text.split())


def test_somebody_who_is_no_therapist_is_refused(ready, ada, reception, signed_in):
    assert signed_in(reception).get(page_of(ada)).status_code == 403


def test_an_assistant_is_told_why(ready, ada, therapist, signed_in):
    therapist.profession = "pta"
    therapist.save(update_fields=["profession"])

    response = signed_in(therapist).post(page_of(ada), answers(ready))

    assert {r.code for r in response.context["stops"]} == {"not-a-pt"}


def test_a_state_that_does_not_allow_it_is_named(ready, ada, therapist, signed_in):
    practice = Practice.objects.select_related("jurisdiction").get()
    practice.jurisdiction.status = "barred"
    practice.jurisdiction.save(update_fields=["status"])

    response = signed_in(therapist).get(page_of(ada))

    assert {r.code for r in response.context["stops"]} == {"not-allowed-here"}
    assert practice.jurisdiction.name in response.text


def test_two_therapists_at_one_visit_write_the_same_visit_number(
    ada, therapist, other_therapist, ready, signed_in
):
    for user in (therapist, other_therapist):
        assert signed_in(user).post(page_of(ada), answers(ready)).status_code == 302

    numbers = NeedlingSession.objects.values_list("visit_number", flat=True)
    assert list(numbers) == [4, 4]


def test_without_a_current_licence_nothing_is_opened_and_all_else_stays_open(
    ready, ada, therapist, signed_in
):
    therapist.credentials.update(expires_on=timezone.localdate() - dt.timedelta(days=1))
    client = signed_in(therapist)

    response = client.post(page_of(ada), answers(ready))

    assert response.status_code == 422
    assert {r.code for r in response.context["stops"]} == {"licence-ended"}
    assert "Back to the record" in response.text
    assert not NeedlingSession.objects.exists()
    assert "licence-ended" in last("session.refused").reason
    for name in ("patients:condition-add", "patients:screening-answer", "patients:edit"):
        kinds = ["intake"] if name == "patients:screening-answer" else []
        assert client.get(reverse(name, args=[ada.ref, *kinds])).status_code == 200
    past = notes.signed(factories.session(ada, licensed_colleague(), visit=factories.visit(ada, therapist)))
    addendum = {"kind": "addendum", "reason": "x", "text": "y"}
    assert client.post(reverse("treatments:addendum", args=[past.ref]), addendum).status_code == 302


def licensed_colleague():
    return factories.user(None, Role.THERAPIST, profession="pt")


@pytest.fixture
def trainee(therapist, lead):
    """Maria is 188 sessions short in Illinois; Hana could supervise."""
    Practice.objects.update(jurisdiction=Jurisdiction.objects.get(code="us-il-pt"))
    User.objects.filter(pk=lead.pk).update(profession="pt")
    factories.credential(lead)
    factories.credential(lead, "supervised", sessions=200)
    for person in (therapist, lead):
        for kind, hours in (("hours", 50), ("didactic", 30), ("course", 54)):
            factories.credential(person, kind, hours=hours)
    factories.credential(therapist, "supervised", sessions=12)
    return therapist


def test_a_therapist_in_training_names_the_supervisor(ready, ada, trainee, lead, signed_in):
    client = signed_in(trainee)

    page = client.get(page_of(ada))
    assert "12 of Maria Lund, PT are on record" in page.text
    assert [name for _, name in page.context["form"].fields["supervisor"].choices] == ["Hana Oduya"]

    refused = client.post(page_of(ada), answers(ready))
    assert refused.status_code == 422
    assert "supervisor" in refused.context["form"].errors
    assert not NeedlingSession.objects.exists()

    client.post(page_of(ada), answers(ready, supervisor=lead.pk))
    assert NeedlingSession.objects.get().supervisor == lead
    assert last("session.opened").changes["supervisor"] == [None, "lead"]


def test_somebody_who_was_not_offered_is_no_supervisor(ready, ada, trainee, other_therapist, signed_in):
    response = signed_in(trainee).post(page_of(ada), answers(ready, supervisor=other_therapist.pk))

    assert response.status_code == 422
    assert not NeedlingSession.objects.exists()


def test_where_nobody_could_supervise_the_page_says_so(ready, ada, trainee, lead, signed_in):
    lead.credentials.all().update(expires_on=timezone.localdate() - dt.timedelta(days=1))

    response = signed_in(trainee).get(page_of(ada))

    assert "Nobody else here is qualified today" in response.text
    assert "form" not in response.context


def test_who_counts_sessions_may_name_a_supervisor_where_none_is_needed(
    ready, ada, therapist, other_therapist, signed_in
):
    factories.credential(therapist, "supervised", sessions=12)
    client = signed_in(therapist)

    assert "supervisor" in client.get(page_of(ada)).context["form"].fields
    assert client.post(page_of(ada), answers(ready)).status_code == 302
    assert NeedlingSession.objects.get().supervisor is None
