"""From an empty practice to the first signed session over HTTP, without a browser, on both engines."""

import io
import re

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from clinic.models import AuditEvent, Jurisdiction, Location, Practice, User
from patients.models import Patient
from tests import audit_chain, factories
from tests.flows import test_main_path as path
from tests.form_client import FormClient
from tests.second_factor import code_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("requests_as_serving_role")]
SET_UP = reverse("treatments:set-up")


@pytest.fixture
def owner(settings) -> FormClient:
    """Through the link of the command, the password and the second factor."""
    settings.REQUIRE_MFA = True
    printed = io.StringIO()
    call_command("practice", name="Dana Modelrivera", username="dana", address="https://x", stdout=printed)
    client = FormClient(Client())
    client.open(re.search(r"https://x(/first/\S+)", printed.getvalue())[1])
    client.send("password1", password1=factories.PASSWORD, password2=factories.PASSWORD)
    assert client.path == reverse("mfa_index")
    client.open(reverse("mfa_activate_totp"))
    client.send("password", password=factories.PASSWORD)
    client.send("code", code=code_of(re.search(r"Key: <code>(\w+)</code>", client.text)[1]))
    return client


def blocking(owner: FormClient) -> list[str]:
    owner.open(SET_UP)
    return [item.code for item in owner.page.context["blocking"]]


def follow(owner: FormClient, code: str) -> None:
    """The link of one thing on Set-up."""
    owner.open(SET_UP)
    owner.open(next(item.url for item in owner.page.context["items"] if item.code == code))


def describe_the_practice(owner: FormClient) -> None:
    rules = Jurisdiction.objects.get(code="us-tn-pt")
    follow(owner, "practice")
    owner.send(
        "needle_stock", name="Riverbend Example Therapy", phone="5550100100", jurisdiction=str(rules.pk)
    )
    follow(owner, "places")
    owner.send("time_zone", address="1 Sample Street", state="TN", phone="5550100100")
    assert Practice.objects.get().jurisdiction == rules
    assert Location.objects.get().state == "TN"


def add_person(owner: FormClient, username: str, role: str, **fields) -> str:
    """Returns the one-time password."""
    follow(owner, "people")
    owner.open(reverse("admin:clinic_user_add"))
    owner.send("username", username=username, **{"role_grants-0-role": role}, **fields)
    return re.search(rf"One-time password of {username}: ([\w-]+)\.", owner.text)[1]


def signed_in_as(username: str, given: str) -> FormClient:
    client = FormClient(Client())
    client.open(reverse("account_login"))
    client.send("login", login=username, password=given)
    client.send("oldpassword", oldpassword=given, password1=factories.PASSWORD, password2=factories.PASSWORD)
    return client


def test_an_owner_comes_from_nothing_to_the_first_signed_session(owner):
    assert blocking(owner) == ["people"]
    describe_the_practice(owner)
    at_desk = add_person(owner, "robin", "front_desk", first_name="Robin", last_name="Samplehale")
    assert blocking(owner) == ["people"]
    licence = {
        "credentials-0-kind": "licence",
        "credentials-0-number": "PT-1",
        "credentials-0-issued_on": "2020-01-05",
    }
    in_room = add_person(
        owner, "nora", "therapist", first_name="Nora", last_name="Newpt", profession="pt", **licence
    )
    desk, room = signed_in_as("robin", at_desk), signed_in_as("nora", in_room)

    # Tennessee asks for hours of training: both read so the day the account was made
    assert blocking(owner) == ["licences"]
    assert "asks for 74 hours of training" in room.open("/").text
    follow(owner, "licences")
    course = {
        "credentials-1-kind": "course",
        "credentials-1-hours": "80",
        "credentials-1-issued_on": "2022-06-01",
    }
    owner.send("username", **course)
    assert blocking(owner) == []
    assert "Before your first session" not in room.open("/").text

    session = treat(desk, room, User.objects.get(username="nora"))

    session.refresh_from_db()
    assert session.state == "signed"
    assert session.jurisdiction.code == "us-tn-pt"
    assert AuditEvent.objects.filter(code="user.first_link_used").count() == 1
    assert audit_chain.first_broken_link() is None


def treat(desk: FormClient, room: FormClient, therapist: User):
    patient: Patient = path.register(desk)
    path.check_in(desk, patient, therapist)
    path.screen(room, patient, "intake")
    path.screen(room, patient, "visit")
    path.consent(desk, patient, therapist)
    path.condition(room, patient)
    session = path.open_session(room, patient)
    path.needle(room, session)
    path.finish(room, session)
    room.open(reverse("treatments:session-sign", args=[session.ref]))
    # signed in some minutes ago, which is proof
    room.send("identity_checked", identity_checked="on")
    return session
