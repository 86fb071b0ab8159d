"""No list, report or file gives the reference of a restricted record, unless it was asked for by it."""

import csv
import datetime as dt
import io
from collections.abc import Callable

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from clinic import audit
from clinic.models import Role
from patients.models import Patient
from tests import factories
from tests.patients import restricted_record
from tests.patients.restricted_record import ALL_OF_IT, LOT, NAME
from treatments.models import NeedlingSession

pytestmark = pytest.mark.django_db


@pytest.fixture
def odile(reception, lead, therapist):
    return restricted_record.create(desk=reception, therapist=therapist, lead=lead)


SHOWS_IT = ("Wexelblatt", "Feb 17, 1963", "014-7731")


def wrong_patient(client: Client, note: NeedlingSession, typed: str) -> str:
    address = reverse("treatments:session-wrong-patient", args=[note.ref])
    return client.post(address, {"step": "find", "q": typed}).text


def audit_file(client: Client, **asked) -> str:
    answer = client.post(reverse("treatments:audit-export"), asked)
    return b"".join(answer.streaming_content).decode()


def got(address: str) -> Callable[[Client], str]:
    return lambda client: client.get(address).text


def lot(client: Client) -> str:
    return client.post(reverse("treatments:report-lot"), {"lot": LOT}).text


def away(client: Client) -> str:
    people = NeedlingSession.objects.get().therapist, factories.user("stands-in", Role.THERAPIST)
    day = timezone.localdate()
    sent = {"away": people[0].pk, "to": people[1].pk, "first": day, "last": day}
    return client.post(reverse("treatments:therapist-away"), sent).text


PLACES = {
    "board": ("reception", got("/")),
    "board, all visits": ("reception", got("/?all=1")),
    "board of a lead": ("lead", got("/")),
    "board of an administrator": ("admin", got("/")),
    "own patients": ("therapist", got("/")),
    "board news": ("reception", got("/board/news/?since=.1")),
    "calls": ("reception", got("/followups/")),
    "visits to move": ("reception", away),
    "adverse events": ("other_therapist", got("/reports/adverse-events/")),
    "adverse event rates": ("lead", got("/reports/adverse-events/rates/")),
    "reports": ("lead", got("/reports/")),
    "needle lot": ("lead", lot),
    "audit": ("lead", lambda client: client.post(reverse("treatments:audit"), {}).text),
    "audit file": ("lead", audit_file),
    "sharps log": ("lead", got("/sharps/")),
    "find, nothing typed": ("reception", got("/patients/")),
}


@pytest.mark.parametrize("place", PLACES)
def test_no_list_report_or_file_gives_its_reference(request, signed_in, odile, reception, admin, place):
    who, read = PLACES[place]
    signed_in(admin).get(reverse("admin:patients_patient_changelist"), {"q": odile.ref})
    signed_in(reception).get(reverse("patients:find"))
    record_events(odile, reception)

    page = read(signed_in(request.getfixturevalue(who)))

    assert page
    assert [word for word in (odile.ref, *SHOWS_IT) if word in page] == []


def record_events(patient: Patient, by) -> None:
    with transaction.atomic():
        audit.record("patient.changed", patient, by=by, patient=patient, changes={"city": ["a", "b"]})


def test_a_namesake_of_it_on_the_board_is_not_marked(signed_in, odile, reception, therapist):
    namesake = factories.patient(reception, **NAME, born=dt.date(1990, 1, 1))
    factories.visit(namesake, therapist)

    page = signed_in(reception).get("/").text

    assert namesake.ref in page
    assert "Same name" not in page


@pytest.mark.parametrize("typed", ["Wexelblatt", "2/17/1963", "7731", ALL_OF_IT[0], "REF"])
def test_a_note_of_the_wrong_patient_is_not_moved_to_it(signed_in, odile, draft, therapist, typed):
    now = timezone.now()
    NeedlingSession.objects.filter(pk=draft.pk).update(ended_at=now, signed_at=now, signed_by=therapist)

    page = wrong_patient(signed_in(therapist), draft, odile.ref if typed == "REF" else typed)

    assert "No other patient was found" in page
    assert [word for word in ("17 Feb 1963", "Restricted record") if word in page] == []
    assert page.count("Wexelblatt") == typed.count("Wexelblatt"), "only what was typed stands there"


def test_whoever_asks_the_audit_for_its_reference_reads_it_there(signed_in, odile, reception, lead):
    record_events(odile, reception)

    rows = list(csv.DictReader(io.StringIO(audit_file(signed_in(lead), patient=odile.ref)[1:])))

    assert {row["patient"] for row in rows} == {odile.ref}
    assert odile.ref in signed_in(lead).post(reverse("treatments:audit"), {"patient": odile.ref}).text
