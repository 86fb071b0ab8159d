"""The record page: what each role reads, and its cost for histories of any length."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from clinic import formats
from clinic.models import AuditEvent
from clinic.values import references
from patients.models import Allergy, Coverage, Medication, PatientCondition, Referral, RelatedPerson
from tests import factories
from tests.statements import as_lines, data_statements
from treatments.models import Addendum, FollowUp, NeedlingSession, SessionCondition, SorenessReport

pytestmark = pytest.mark.django_db


def url(patient, query=""):
    return reverse("treatments:record", args=[patient.ref]) + query


def page(client, patient, query=""):
    answer = client.get(url(patient, query))
    assert answer.status_code == 200
    return answer.content.decode()


def signed(session):
    NeedlingSession.objects.filter(pk=session.pk).update(
        signed_at=timezone.now(), signed_by=session.therapist, ended_at=timezone.now()
    )


def treated(patient, therapist, *, days_ago=0, before=6, after=3, is_signed=True):
    """A past session with one condition and one site."""
    at = timezone.now() - dt.timedelta(days=days_ago)
    session = factories.session(patient, therapist, opened_at=at, started_at=at)
    factories.session_condition(session, pain_before=before, pain_after=after)
    factories.site(session)
    if is_signed:
        signed(session)
    return session


def reported(session, step, now, by):
    closed = {"closed_at": timezone.now(), "closed_by": by, "outcome": FollowUp.Outcome.ANSWERED}
    followup = factories.followup(session, step=step, **closed)
    return SorenessReport.objects.create(
        followup=followup, reported_by=by, now=now, worst=now, triage="expected"
    )


def many_sessions(patient, therapist, count):
    """Creates `count` sessions with their parts in bulk, because a long history would be slow."""
    first = treated(patient, therapist)
    condition = first.conditions.get().patient_condition
    now = timezone.now()
    visits = [
        factories.Visit(
            patient=patient, therapist=therapist, location=first.location, booked_for=now, booked_by=therapist
        )
        for _ in range(count - 1)
    ]
    sessions = NeedlingSession.objects.bulk_create(
        NeedlingSession(
            patient=patient, visit=visit, episode=first.episode, location=first.location, therapist=therapist,
            jurisdiction=first.jurisdiction, opened_by=therapist, opened_at=now - dt.timedelta(hours=number),
            started_at=now - dt.timedelta(hours=number), consent=first.consent,
        )
        for number, visit in enumerate(factories.Visit.objects.bulk_create(visits), start=1)
    )  # fmt: skip
    SessionCondition.objects.bulk_create(
        SessionCondition(
            session=session,
            patient_condition=condition,
            name="Neck pain",
            side="right",
            pain_before=6,
            pain_after=3,
        )
        for session in sessions
    )
    FollowUp.objects.bulk_create(FollowUp(session=session, step=24, due_at=now) for session in sessions)


def test_therapist_reads_the_whole_record(signed_in, therapist, ada):
    session = treated(ada, therapist, days_ago=2)
    reported(session, 24, 4, therapist)
    shown = page(signed_in(therapist), ada)
    for text in ("Cervicalgia, right", "M54.2", "Infraspinatus R 2", "Signed", "Soreness after"):
        assert text in shown
    assert AuditEvent.objects.filter(code="patient.opened", patient_ref=ada.ref, actor=therapist).count() == 1


def test_desk_reads_states_and_contact_but_nothing_clinical(signed_in, reception, therapist, ada):
    treated(ada, therapist, days_ago=2)
    Allergy.objects.create(patient=ada, substance="nickel", noted_by=reception)
    Medication.objects.create(patient=ada, name="apixaban", thins_blood=True, noted_by=reception)
    RelatedPerson.objects.create(patient=ada, kind="emergency", name="Nils Example", noted_by=reception)
    Referral.objects.create(
        patient=ada, by_whom="Dr Referrer", given_on=dt.date(2026, 5, 3), noted_by=reception
    )
    shown = page(signed_in(reception), ada)
    for text in (
        "nickel",
        "apixaban",
        "(555) 555-0100",
        "Nils Example",
        "Clear",
        "Book a visit",
        "Whole body",
    ):
        assert text in shown
    for text in ("Dr Referrer", "May 3, 2026"):
        assert text in shown
    for text in ("Cervicalgia", "M54.2", "Infraspinatus", "Pain before", "Soreness", "Trends", "Sessions"):
        assert text not in shown


def test_administrator_does_not_open_records(signed_in, admin, ada):
    assert signed_in(admin).get(url(ada)).status_code == 403


def test_lead_reads_but_has_no_session_to_start(signed_in, lead, ada):
    shown = page(signed_in(lead), ada)
    assert "No session yet" in shown
    assert "Start session" not in shown


def test_restricted_record_leads_to_the_glass_and_is_not_opened(signed_in, therapist, reception, ada):
    ada.restricted_at, ada.restricted_by = timezone.now(), reception
    ada.save(update_fields=["restricted_at", "restricted_by"])
    assert signed_in(therapist).get(url(ada)).url == reverse("patients:glass", args=[ada.ref])
    assert signed_in(reception).get(url(ada)).status_code == 404
    assert not AuditEvent.objects.filter(code="patient.opened").exists()


def test_empty_record_says_what_comes_next(signed_in, therapist, ada):
    shown = page(signed_in(therapist), ada)
    for text in (
        "Nothing is recorded yet",
        "No session yet",
        "No condition yet",
        "No visit yet",
        "Not asked",
    ):
        assert text in shown
    assert f'href="{reverse("patients:visit-book", args=[ada.ref])}"' in shown


def test_my_draft_is_continued_and_not_started_twice(signed_in, therapist, other_therapist, draft):
    mine = page(signed_in(therapist), draft.patient)
    assert "Continue session" in mine
    assert "Start session" not in mine
    assert "Start session" in page(signed_in(other_therapist), draft.patient)


def test_sessions_say_their_state(signed_in, therapist, ada):
    amended = treated(ada, therapist, days_ago=3)
    Addendum.objects.create(session=amended, reason="forgot", text="More.", written_by=therapist)
    treated(ada, therapist, days_ago=2)
    treated(ada, therapist, is_signed=False)
    shown = page(signed_in(therapist), ada)
    for text in ("Draft, 1 site", "Amended", "Signed"):
        assert text in shown


def test_voided_sessions_do_not_count(signed_in, therapist, ada):
    session = treated(ada, therapist, is_signed=False)
    NeedlingSession.objects.filter(pk=session.pk).update(voided_at=timezone.now(), voided_by=therapist)
    assert "No session yet" in page(signed_in(therapist), ada)


def test_summary_is_made_of_what_was_recorded(signed_in, therapist, ada):
    for days, before, after in ((14, 7, 5), (7, 7, 5), (0, 6, 3)):
        session = treated(ada, therapist, days_ago=days, before=before, after=after)
        reported(session, 24, 4, therapist)
    PatientCondition.objects.update(onset_on=dt.date(2026, 2, 1), onset_precision="month")
    shown = page(signed_in(therapist), ada)
    assert "Cervicalgia, right, since February 2026." in shown
    assert "Three sessions in 15 days." in shown
    assert "Pain before treatment fell from 7 to 6 over 3 visits." in shown
    assert "After treatment it is 2.3 lower on average." in shown
    assert "Soreness when asked stayed at 4 or below." in shown


def test_visits_made_before_stand_in_the_summary(signed_in, therapist, ada):
    factories.episode(ada, therapist, visits_before=4)
    assert "No session yet, and 4 made before Filiform." in page(signed_in(therapist), ada)


def test_earlier_sessions_are_a_page_away(signed_in, therapist, ada):
    many_sessions(ada, therapist, 25)
    client = signed_in(therapist)
    first = client.get(url(ada))
    older = first.context["older"]
    assert len(first.context["sessions"]) == 20
    rest = client.get(url(ada, f"?before={older}"))
    assert len(rest.context["sessions"]) == 5
    assert not rest.context["older"]
    seen = [row["ref"] for answer in (first, rest) for row in answer.context["sessions"]]
    assert len(set(seen)) == 25


def test_page_before_an_unknown_session_is_empty_and_leads_back(signed_in, therapist, ada):
    treated(ada, therapist)
    client = signed_in(therapist)
    assert "No earlier session" in page(client, ada, f"?before={references.record_ref()}")
    assert "Infraspinatus R" in page(client, ada, "?before=none")


@pytest.mark.parametrize("who", ["therapist", "reception"])
@pytest.mark.parametrize("count", [1, 500])
def test_record_costs_the_same_with_one_and_with_five_hundred_sessions(
    signed_in, request, therapist, ada, who, count
):
    Coverage.objects.create(patient=ada, kind="self_pay", noted_by=therapist)
    many_sessions(ada, therapist, count)
    client = signed_in(request.getfixturevalue(who))
    with data_statements() as queries:
        page(client, ada)
    assert len(queries) == (9 if who == "therapist" else 7), as_lines(queries)


def test_printed_chart_holds_every_session_and_is_noted(signed_in, therapist, ada):
    session = treated(ada, therapist, days_ago=2)
    Addendum.objects.create(session=session, reason="forgot", text="Slept well.", written_by=therapist)
    answer = signed_in(therapist).get(reverse("treatments:record-print", args=[ada.ref]))
    shown = answer.content.decode()
    assert answer.status_code == 200
    for text in (
        "Infraspinatus, right. 2 insertions",
        "pain 6 before, 3 after",
        "Slept well.",
        "Cervicalgia, right",
    ):
        assert text in shown
    assert AuditEvent.objects.get(code="patient.printed").patient_ref == ada.ref


def test_a_printed_chart_leaves_drafts_out_and_says_which(signed_in, therapist, draft):
    factories.site(draft, muscle="so")
    treated(draft.patient, therapist, days_ago=2)
    shown = (
        signed_in(therapist)
        .get(reverse("treatments:record-print", args=[draft.patient.ref]))
        .content.decode()
    )
    assert "Infraspinatus, right" in shown
    assert "Soleus" not in shown
    assert f"the draft of {formats.day(timezone.localdate())}, {therapist.display_name}" in shown


def test_desk_does_not_print_the_chart(signed_in, reception, ada):
    assert signed_in(reception).get(reverse("treatments:record-print", args=[ada.ref])).status_code == 403


def test_a_minors_record_says_that_a_guardian_is_missing_and_where_to_add_one(signed_in, reception, ada):
    ada.born = timezone.localdate() - dt.timedelta(days=400)
    ada.save(update_fields=["born"])
    desk = signed_in(reception)

    contact = page(desk, ada).partition('id="contact"')[2]
    assert "None on record" in contact
    assert f'href="/patients/{ada.ref}/alerts/#s-related"' in contact
    assert "Guardian, insurance, referral" in contact
    assert desk.get(f"/patients/{ada.ref}/alerts/").content.decode().count('id="s-related"') == 1

    RelatedPerson.objects.create(patient=ada, kind="guardian", name="Eve Example", noted_by=reception)
    contact = page(desk, ada).partition('id="contact"')[2]
    assert "None on record" not in contact
    assert "Eve Example" in contact


def test_an_infant_is_of_months_wherever_an_age_stands(signed_in, reception, ada):
    ada.born = timezone.localdate() - dt.timedelta(days=400)
    ada.save(update_fields=["born"])
    desk = signed_in(reception)

    assert "13 months (" in page(desk, ada)
    assert "13 months" in desk.post("/patients/", {"q": "Examplewood"}).content.decode()
