"""Somebody leaves: what waits for them is seen and handed over on one page, then the account is closed."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from clinic.models import AuditEvent, Role, User
from tests import factories
from tests.form_client import FormClient
from tests.treatments import notes
from treatments.models import NeedlingSession

pytestmark = pytest.mark.django_db
ADDRESS = reverse("treatments:leaving")


@pytest.fixture
def leaver() -> User:
    return factories.user("leaver", Role.THERAPIST, first_name="Lee", last_name="Leaver")


@pytest.fixture
def booked(ada, leaver):
    return factories.visit(ada, leaver, booked_for=timezone.now() + dt.timedelta(days=40))


@pytest.fixture
def call(ada, leaver, therapist):
    return factories.followup(factories.session(ada, therapist), assigned_to=leaver)


def page_of(client, leaver) -> FormClient:
    return FormClient(client).open(f"{ADDRESS}?who={leaver.pk}")


def send(client, leaver, **typed):
    return client.post(ADDRESS, {"who": leaver.pk, **typed})


@pytest.mark.parametrize("who", ["lead", "admin"])
def test_the_page_lists_what_waits_without_a_patients_name(
    who, request, signed_in, ada, leaver, booked, call
):
    draft = factories.session(factories.patient(leaver), leaver)
    factories.credential(leaver)
    signed_in(leaver).get("/")

    text = page_of(signed_in(request.getfixturevalue(who)), leaver).text

    assert all(row.ref in text for row in (booked, call, draft))
    assert "Signed in on 1 device" in text
    assert "License" in text
    assert ada.family_name not in text


def test_visits_and_calls_go_to_a_colleague_with_an_event_each(
    lead, signed_in, leaver, booked, call, therapist
):
    answer = send(signed_in(lead), leaver, to=therapist.pk, hand_over="1")

    assert answer.status_code == 302
    booked.refresh_from_db()
    call.refresh_from_db()
    assert (booked.therapist, call.assigned_to) == (therapist, therapist)
    assert AuditEvent.objects.get(code="visit.moved").actor == lead
    assert AuditEvent.objects.get(code="followup.moved").actor == lead


def test_only_a_therapist_takes_over(lead, signed_in, leaver, booked, reception):
    answer = send(signed_in(lead), leaver, to=reception.pk, hand_over="1")

    assert answer.status_code == 422
    booked.refresh_from_db()
    assert booked.therapist == leaver


def test_a_double_booking_is_asked_about_first(lead, signed_in, leaver, booked, therapist):
    other = factories.patient(lead, family_name="Besidewood")
    factories.visit(other, therapist, booked_for=booked.booked_for)
    client = signed_in(lead)

    asked = send(client, leaver, to=therapist.pk, hand_over="1")

    assert "1 double booking would come of it." in " ".join(asked.content.decode().split())
    booked.refresh_from_db()
    assert booked.therapist == leaver
    confirmed = asked.context["confirm"]
    assert send(client, leaver, to=therapist.pk, hand_over="1", confirm=confirmed).status_code == 302
    booked.refresh_from_db()
    assert booked.therapist == therapist


def test_an_account_with_work_stays_open_and_says_why(admin, signed_in, leaver, booked):
    answer = send(signed_in(admin), leaver, close="1")

    assert answer.status_code == 422
    assert "1 visit is booked from today on." in answer.content.decode()
    leaver.refresh_from_db()
    assert leaver.is_active


def test_an_account_without_work_is_closed_and_its_sign_ins_end(admin, signed_in, leaver):
    theirs = signed_in(leaver)
    theirs.get("/")

    assert send(signed_in(admin), leaver, close="1").status_code == 302

    leaver.refresh_from_db()
    assert not leaver.is_active
    assert theirs.get("/").status_code == 302
    event = AuditEvent.objects.get(code="user.closed")
    assert (event.actor, event.changes) == (admin, {"is_active": [True, False]})


def test_a_lead_hands_over_and_closes_no_account(lead, signed_in, leaver):
    assert send(signed_in(lead), leaver, close="1").status_code == 403

    leaver.refresh_from_db()
    assert leaver.is_active


def test_nobody_hands_over_their_own(lead, signed_in, therapist):
    assert send(signed_in(lead), lead, to=therapist.pk, hand_over="1").status_code == 422


def test_the_only_lead_does_not_leave(admin, signed_in, lead):
    answer = send(signed_in(admin), lead, close="1")

    assert "nobody would be a clinical lead" in answer.content.decode()


def supervised_by(leaver, draft):
    NeedlingSession.objects.filter(pk=draft.pk).update(supervisor=leaver)
    draft.refresh_from_db()
    return draft


def test_visits_go_to_nobody_without_a_license(lead, signed_in, leaver, booked):
    unlicensed = factories.user("nora", Role.THERAPIST, profession="pt", licensed=False)
    client = signed_in(lead)

    answer = send(client, leaver, to=unlicensed.pk, hand_over="1")

    assert answer.status_code == 422
    assert "No license of" in answer.context["form"].errors["to"][0]
    booked.refresh_from_db()
    assert booked.therapist == leaver
    factories.credential(unlicensed)
    assert send(client, leaver, to=unlicensed.pk, hand_over="1").status_code == 302


def test_calls_alone_need_no_license(lead, signed_in, leaver, call):
    unlicensed = factories.user("nora", Role.THERAPIST, profession="pt", licensed=False)

    assert send(signed_in(lead), leaver, to=unlicensed.pk, hand_over="1").status_code == 302


def test_visits_go_to_nobody_whom_the_state_does_not_let_needle(lead, signed_in, leaver, booked):
    assistant = factories.user("pia", Role.THERAPIST, profession="pta")
    factories.credential(assistant)

    answer = send(signed_in(lead), leaver, to=assistant.pk, hand_over="1")

    assert answer.status_code == 422
    assert "to" in answer.context["form"].errors


def test_a_lead_closes_a_draft_in_one_step_and_comes_back(lead, signed_in, ada, leaver):
    draft = factories.session(ada, leaver)
    client = signed_in(lead)
    (row,) = client.get(f"{ADDRESS}?who={leaver.pk}").context["leaving"].drafts

    client.get(row.way_url)
    answer = client.post(row.way_url, {"reason": "Left the practice on Friday"})

    draft.refresh_from_db()
    assert draft.closed_unsigned_by == lead
    assert answer.url == f"{ADDRESS}?who={leaver.pk}"


def test_an_administrator_is_led_to_no_page_that_is_closed_to_them(admin, signed_in, ada, leaver, draft):
    factories.session(factories.patient(leaver), leaver)
    supervised_by(leaver, draft)

    leaving = signed_in(admin).get(f"{ADDRESS}?who={leaver.pk}").context["leaving"]

    assert [(row.url, row.way_url) for row in (*leaving.drafts, *leaving.supervised)] == [("", ""), ("", "")]


def test_a_draft_that_they_supervise_is_listed(lead, signed_in, leaver, draft):
    supervised_by(leaver, draft)

    leaving = signed_in(lead).get(f"{ADDRESS}?who={leaver.pk}").context["leaving"]

    assert [row.ref for row in leaving.supervised] == [draft.ref]


def test_what_they_supervise_goes_to_another_in_one_step_and_comes_back(
    lead, signed_in, leaver, draft, therapist, other_therapist
):
    supervised_by(leaver, draft)
    client = signed_in(lead)
    (row,) = client.get(f"{ADDRESS}?who={leaver.pk}").context["leaving"].supervised

    page = client.get(row.way_url)
    typed = {"to": other_therapist.pk, "instead_of": leaver.pk, "reason": "Leaves on Friday"}
    answer = client.post(row.way_url, typed)

    assert "Lee Leaver" in page.text
    draft.refresh_from_db()
    assert draft.supervisor == other_therapist
    assert answer.url == f"{ADDRESS}?who={leaver.pk}"


def test_a_note_to_co_sign_leads_to_another_supervisor(lead, signed_in, leaver, draft, noon):
    User.objects.filter(pk=leaver.pk).update(profession=User.Profession.PT)
    factories.credential(leaver)
    note = notes.signed(supervised_by(leaver, draft))

    leaving = signed_in(lead).get(f"{ADDRESS}?who={leaver.pk}").context["leaving"]

    (row,) = leaving.cosignatures
    assert row.ref == note.ref
    assert row.way_url.startswith(reverse("treatments:session-supervisor", args=[note.ref]))
