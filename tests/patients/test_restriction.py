"""Record restriction: named users, emergency access, and that the record shows nowhere else."""

import datetime as dt

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from clinic.models import AuditEvent, Role
from clinic.values.errors import RuleViolation, StaleRecord
from patients.actions import restrictions
from patients.models import PatientAccess
from tests import factories
from treatments.models import FollowUp, NeedlingSession, RedFlag, SorenessReport

pytestmark = pytest.mark.usefixtures("requests_as_serving_role")


@pytest.fixture
def second_lead(db):
    return factories.user("lead2", Role.LEAD)


@pytest.fixture
def restricted(ada, lead, reception):
    """Ada's record, restricted to reception."""
    return restrictions.restrict(ada, by=lead, people=[reception], reason="Works here")


def url(name: str, patient) -> str:
    return reverse(f"patients:{name}", args=[patient.ref])


def last(code: str) -> AuditEvent:
    return AuditEvent.objects.filter(code=code).order_by("-seq").first()


def test_a_lead_restricts_and_names_people_with_a_reason(signed_in, ada, lead, reception, therapist):
    client = signed_in(lead)

    answer = client.post(
        url("restriction", ada), {"people": [reception.pk], "account": "", "reason": "Family of staff"}
    )

    ada.refresh_from_db()
    event = last("restriction.set")
    assert answer.status_code == 302
    assert (ada.restricted_by, ada.opened_to.get().user) == (lead, reception)
    assert (event.reason, event.patient_ref, event.changes) == (
        "Family of staff", ada.ref, {"people": ["", "reception"]},
    )  # fmt: skip
    assert signed_in(reception).get(ada.get_absolute_url()).status_code == 200
    assert client.get(ada.get_absolute_url()).status_code == 404


def test_a_number_that_no_account_can_have_is_refused_at_its_field(signed_in, ada, lead):
    answer = signed_in(lead).post(
        url("restriction", ada), {"people": ["9223372036854775808"], "reason": "Family of staff"}
    )

    assert answer.status_code == 422
    assert "people" in answer.context["form"].errors
    assert "Family of staff" in answer.content.decode()


def test_a_refused_restriction_keeps_what_was_typed(signed_in, ada, lead):
    answer = signed_in(lead).post(url("restriction", ada), {"reason": "Family of staff"})

    ada.refresh_from_db()
    assert answer.status_code == 422
    assert "Name at least one person" in answer.content.decode()
    assert 'value="Family of staff"' in answer.content.decode()
    assert ada.restricted_at is None


def test_the_lead_who_is_not_named_changes_the_names_and_sees_no_name_of_the_patient(
    signed_in, restricted, lead, therapist
):
    client = signed_in(lead)
    page = client.get(url("restriction", restricted)).content.decode()
    assert "Examplewood" not in page
    assert restricted.ref in page

    client.post(url("restriction", restricted), {"people": [therapist.pk], "reason": "Treats her"})

    assert last("restriction.changed").changes == {"people": ["reception", "therapist"]}
    assert PatientAccess.objects.named().get().user == therapist
    assert PatientAccess.objects.count() == 2, "who was named stays on record"


def test_two_leads_do_not_undo_each_other(restricted, lead, therapist, other_therapist):
    shown = restrictions.restriction_baseline(restricted, [restricted.opened_to.get().user_id])
    restrictions.restrict(restricted, by=lead, people=[therapist], reason="Treats her", baseline=shown)

    with pytest.raises(StaleRecord):
        restrictions.restrict(restricted, by=lead, people=[other_therapist], reason="Too", baseline=shown)

    assert PatientAccess.objects.named().get().user == therapist


def test_nobody_names_themselves_while_there_is_another_lead(ada, lead, second_lead, reception):
    with pytest.raises(RuleViolation) as refused:
        restrictions.restrict(ada, by=lead, people=[lead, reception], reason="Mine")

    assert refused.value.codes == {"own-name"}
    assert not PatientAccess.objects.exists()


def test_the_only_lead_may_and_the_audit_says_so(ada, lead):
    restrictions.restrict(ada, by=lead, people=[lead], reason="Mine")

    assert last("restriction.set").reason == "Mine The only clinical lead decided this themselves."


def test_the_patients_own_account_decides_nothing(ada, lead, second_lead, reception):
    with pytest.raises(RuleViolation) as refused:
        restrictions.restrict(ada, by=lead, people=[reception], reason="Mine", account=lead)
    assert "own-record" in refused.value.codes

    restrictions.restrict(ada, by=second_lead, people=[reception], reason="Works here", account=lead)
    with pytest.raises(RuleViolation):
        restrictions.lift(ada, by=lead, reason="I say so")
    with pytest.raises(RuleViolation):
        restrictions.restrict(ada, by=lead, people=[reception], reason="I say so")
    with pytest.raises(RuleViolation) as named:
        restrictions.restrict(ada, by=second_lead, people=[lead], reason="Hers", account=lead)
    assert named.value.codes == {"own-account"}

    ada.refresh_from_db()
    assert ada.restricted_at is not None


def test_lifting_ends_what_was_named(signed_in, restricted, lead, reception, therapist):
    answer = signed_in(lead).post(url("restriction-lift", restricted), {"reason": "Left us"})

    assert answer.status_code == 302
    assert not PatientAccess.objects.current().exists()
    assert last("restriction.lifted").reason == "Left us"
    assert signed_in(therapist).get(restricted.get_absolute_url()).status_code == 200
    with pytest.raises(StaleRecord):
        restrictions.lift(restricted, by=lead, reason="Twice")


# --- emergency access


def test_the_glass_opens_to_one_person_for_an_hour(signed_in, restricted, therapist, other_therapist):
    start = timezone.now().replace(microsecond=0)
    with time_machine.travel(start, tick=False) as clock:
        client = signed_in(therapist)
        redirected = client.get(restricted.get_absolute_url())
        assert redirected.url == url("glass", restricted)
        emergency_page = client.get(redirected.url).content.decode()
        assert "Examplewood" not in emergency_page
        assert restricted.ref in emergency_page

        opened = client.post(redirected.url, {"reason": "Faint in the waiting room"})

        assert opened.url == restricted.get_absolute_url()
        assert client.get(opened.url).status_code == 200
        assert signed_in(other_therapist).get(opened.url).status_code == 302
        assert last("glass.broken").reason == "Faint in the waiting room"

        clock.move_to(start + dt.timedelta(minutes=59))
        assert signed_in(therapist).get(opened.url).status_code == 200
        clock.move_to(start + dt.timedelta(minutes=61))
        assert signed_in(therapist).get(opened.url).url == url("glass", restricted)


def test_a_glass_needs_a_reason(signed_in, restricted, therapist):
    answer = signed_in(therapist).post(url("glass", restricted), {"reason": " "})

    assert answer.status_code == 422
    assert "why you need the record" in answer.content.decode()
    assert not PatientAccess.objects.filter(is_glass=True).exists()


def test_nobody_breaks_the_glass_of_their_own_record(ada, lead, therapist, reception):
    restrictions.restrict(ada, by=lead, people=[reception], reason="Works here", account=therapist)

    with pytest.raises(RuleViolation) as refused:
        restrictions.open_in_emergency(ada, by=therapist, reason="Curious")

    assert refused.value.codes == {"own-record"}


def test_breaking_twice_is_breaking_once(restricted, therapist):
    first = restrictions.open_in_emergency(restricted, by=therapist, reason="In pain")

    assert restrictions.open_in_emergency(restricted, by=therapist, reason="In pain") == first
    assert AuditEvent.objects.filter(code="glass.broken").count() == 1


def test_the_lead_sees_it_that_day_until_looked_at(signed_in, restricted, therapist, lead):
    emergency_access = restrictions.open_in_emergency(restricted, by=therapist, reason="In pain")
    client = signed_in(lead)
    board = client.get("/").content.decode()
    assert f"used emergency access to restricted record {restricted.ref}" in board
    assert "Examplewood" not in board
    assert "Emergency access" not in signed_in(therapist).get("/").content.decode()

    client.post(reverse("patients:glass-seen", args=[restricted.ref, emergency_access.pk]))

    emergency_access.refresh_from_db()
    assert emergency_access.seen_by == lead
    assert last("glass.seen").patient_ref == restricted.ref
    assert "Emergency access" not in client.get("/").content.decode()


def test_a_lead_does_not_look_at_their_own_glass(signed_in, restricted, second_lead, lead):
    both = factories.user("both", Role.LEAD, Role.THERAPIST)
    emergency_access = restrictions.open_in_emergency(restricted, by=both, reason="In pain")

    answer = signed_in(both).post(
        reverse("patients:glass-seen", args=[restricted.ref, emergency_access.pk]), follow=True
    )

    emergency_access.refresh_from_db()
    assert emergency_access.seen_at is None
    assert "Another clinical lead looks at it" in answer.content.decode()


def test_a_draft_stays_with_its_author_when_the_hour_is_over(signed_in, restricted, therapist, lead):
    emergency_access = restrictions.open_in_emergency(restricted, by=therapist, reason="In pain")
    draft = factories.session(restricted, therapist)
    later = emergency_access.until_at + dt.timedelta(minutes=1)

    with time_machine.travel(later, tick=False):
        client = signed_in(therapist)
        assert client.get(draft.get_absolute_url()).status_code == 200
        assert client.get(restricted.get_absolute_url()).status_code == 302
        assert signed_in(lead).get(draft.get_absolute_url()).status_code == 404

        NeedlingSession.objects.filter(pk=draft.pk).update(
            ended_at=later, signed_at=later, signed_by=therapist
        )
        assert client.get(draft.get_absolute_url()).status_code == 404


# --- where the record must not show

WORDS = ("Examplewood", "Jul 9, 1985", "555-0100")


@pytest.fixture
def everywhere(restricted, therapist):
    """A visit today, a due call, a red flag, a draft and a report of the restricted patient."""
    factories.visit(restricted, therapist)
    treated = factories.session(restricted, therapist)
    now = timezone.now()
    NeedlingSession.objects.filter(pk=treated.pk).update(
        ended_at=now, closed_unsigned_at=now, closed_unsigned_by=therapist
    )
    calls = [FollowUp.objects.create(session=treated, step=step, due_at=now) for step in (24, 48)]
    report = SorenessReport.objects.create(
        followup=calls[1], reported_by=therapist, now=3, worst=5, triage="urgent"
    )
    RedFlag.objects.create(report=report, therapist=therapist)
    restricted.opened_to.update(until_at=now)
    return restricted


@pytest.mark.parametrize("who", ["reception", "therapist", "lead", "admin"])
@pytest.mark.parametrize("where", ["/", "/?all=1", "/patients/", "/followups/", "/visits/move/"])
def test_no_list_names_a_restricted_patient(request, signed_in, everywhere, who, where):
    client = signed_in(request.getfixturevalue(who))

    page = client.get(where).content.decode()

    assert [word for word in WORDS if word in page] == []


@pytest.mark.parametrize("typed", ["Examplewood, Ada 7/9/1985", "REF"])
def test_a_search_says_that_there_is_a_restricted_record(signed_in, everywhere, reception, typed):
    typed = everywhere.ref if typed == "REF" else typed

    page = signed_in(reception).post("/patients/", {"q": typed}).content.decode()

    found = page.partition('id="found"')[2]
    assert "Restricted record" in found
    assert everywhere.ref in found
    assert [word for word in WORDS if word in found] == []


def test_registering_says_that_there_is_a_restricted_record(signed_in, everywhere, reception):
    typed = {"family_name": "Examplewood", "given_name": "Ada", "born": "7/9/1985"}

    page = signed_in(reception).post(reverse("patients:register"), typed).content.decode()

    match = page.partition('aria-label="Possible match"')[2].partition("</h2>")[2].partition("</div>")[0]
    assert "Restricted record" in match
    assert everywhere.ref in match
    assert [word for word in WORDS if word in match] == []


def test_the_desk_checks_in_whom_it_may_not_read(signed_in, everywhere, other_therapist, reception):
    client = signed_in(reception)
    visit = everywhere.visits.expected().get()
    page = client.get("/").content.decode()
    assert "AE · Restricted record" in page
    step = reverse("patients:visit-step", args=[visit.ref])
    assert step in page

    assert client.post(step, {"verb": "arrive"}).status_code == 302

    visit.refresh_from_db()
    assert visit.arrived_by == reception
    assert client.post(step, {"verb": "cancel", "reason": "?"}).status_code == 404
    again = client.post(step, {"verb": "room", "room": "999999"}, follow=True)
    assert again.redirect_chain
    assert "Examplewood" not in again.content.decode()
    assert client.get(reverse("patients:visit-edit", args=[visit.ref])).status_code == 404


def test_the_administration_does_not_find_it(signed_in, everywhere, admin):
    client = signed_in(admin)

    assert client.get(reverse("admin:patients_patient_change", args=[everywhere.ref])).status_code == 302
    listed = client.get(reverse("admin:patients_visit_changelist"), {"q": everywhere.ref}).content.decode()
    assert f"visit/{everywhere.visits.first().pk}/" not in listed


def test_a_name_is_needed_in_the_database_too(restricted):
    restricted.restricted_by = None

    with pytest.raises(ValidationError):
        restricted.full_clean()
