"""The main workflow over HTTP without JavaScript: from registration to the reported soreness."""

import datetime as dt

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from clinic.models import AuditEvent
from patients.models import Patient, ScreeningItem
from tests import audit_chain, factories
from tests.form_client import FormClient
from treatments.models import FollowUp, NeedlingSession, SorenessReport

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("requests_as_serving_role")]
SITES = (("GA", "right", 8), ("GA", "left", 5), ("GMED", "right", 10))


@pytest.fixture
def desk(signed_in, reception) -> FormClient:
    return FormClient(signed_in(reception))


@pytest.fixture
def form_client(signed_in, therapist) -> FormClient:
    """The therapist's client."""
    return FormClient(signed_in(therapist))


def register(desk: FormClient) -> Patient:
    desk.open(reverse("patients:register"))
    desk.send(
        "family_name",
        press=("next", "start"),
        family_name="Pathwalker",
        given_name="Paula",
        born="5/3/1984",
        phone="(555) 555-0142",
    )
    return Patient.objects.get(family_name="Pathwalker")


def check_in(desk: FormClient, patient: Patient, therapist) -> None:
    """Registration has led to the form that starts a visit."""
    assert desk.path == reverse("patients:visit-start", args=[patient.ref])
    desk.send("therapist", "minutes", therapist=therapist.pk, kind="first")
    assert "Pathwalker" in desk.text


def screen(form_client: FormClient, patient: Patient, kind: str) -> None:
    form_client.open(reverse("patients:screening-answer", args=[patient.ref, kind]))
    items = {f"answer-{item.code}": item for item in ScreeningItem.objects.current().filter(kind=kind)}
    # at a first visit nobody is asked what is new since the last
    asked = items.keys() & form_client.form(next(iter(items))).fields.keys()
    well = {name: "no" if items[name].concern_answer == "yes" else "yes" for name in asked}
    form_client.send(**well)
    waiting = patient.screenings.awaiting_review().filter(kind=kind).first()
    if waiting is not None:
        form_client.open(reverse("patients:screening", args=[patient.ref, waiting.pk]))
        form_client.send("decision", decision="proceed")
    assert patient.screenings.reviewed().filter(kind=kind).count() == 1


def consent(desk: FormClient, patient: Patient, therapist) -> None:
    desk.open(reverse("patients:consent-paper", args=[patient.ref]))
    every = desk.form("paper_on").fields["regions"].choices
    desk.send(
        "paper_on",
        paper_on=f"{timezone.localdate():%m/%d/%Y}",
        paper_place="Folder 3",
        signer="patient",
        signer_name="Paula Pathwalker",
        regions=every,
        therapist=therapist.pk,
    )
    assert patient.consents.given().count() == 1


def condition(form_client: FormClient, patient: Patient) -> None:
    form_client.open(reverse("patients:condition-add", args=[patient.ref]))
    form_client.send("words", press=("condition", "rotator-cuff-strain"))
    meanings = form_client.form("details").fields["variant"].choices
    form_client.send("details", variant=meanings[0], side="right", onset="March 2026", encounter="D")


def open_session(form_client: FormClient, patient: Patient) -> NeedlingSession:
    form_client.open(reverse("treatments:session-open", args=[patient.ref]))
    form_client.send("conditions", consent_confirmed="on")
    return NeedlingSession.objects.get(patient=patient)


def needle(form_client: FormClient, session: NeedlingSession) -> None:
    for muscle, side, dwell in SITES:
        form_client.open(session.get_absolute_url())
        form_client.send(
            "muscle",
            muscle=muscle,
            side=side,
            insertions="3",
            twitches="2",
            depth_mm="20",
            needle="0.30x40",
            technique="static",
            tissue="trigger_point",
            dwell=dwell,
        )


def finish(form_client: FormClient, session: NeedlingSession) -> None:
    """Everything else that the checklist before signing asks for."""
    form_client.open(session.get_absolute_url())
    form = form_client.form("client_id", "note")
    ended = timezone.localtime(session.started_at)
    began = ended - dt.timedelta(minutes=30)
    pain = {name: "6" if "before" in name else "3" for name in form.fields if name.startswith("pain_")}
    advice = {name: "on" for name in form.fields if name.startswith("advice-")}
    form_client.send(
        "client_id",
        **pain,
        **advice,
        started_at=f"{began:%H:%M}",
        ended_at=f"{ended:%H:%M}",
        position="prone",
        skin_prep="alcohol",
        needles_out="9",
        tolerance="well",
        note="Slept better since the last visit.",
        plan="Once a week for three weeks.",
    )


def sign(form_client: FormClient, session: NeedlingSession) -> None:
    form_client.open(reverse("treatments:session-sign", args=[session.ref]))
    form_client.send("identity_checked", identity_checked="on", password=factories.PASSWORD)


def call(desk: FormClient, followup: FollowUp) -> SorenessReport:
    desk.open(reverse("treatments:followups"))
    assert followup.ref in desk.text
    desk.open(followup.get_absolute_url())
    desk.send("result", result="spoke", now="2", worst="5", hours="20", none_of_these="on", bruise="none")
    return SorenessReport.objects.get(followup=followup)


def test_a_patient_is_registered_treated_signed_and_called_back(desk, form_client, therapist):
    patient = register(desk)
    check_in(desk, patient, therapist)
    screen(form_client, patient, "intake")
    screen(form_client, patient, "visit")
    consent(desk, patient, therapist)
    condition(form_client, patient)
    session = open_session(form_client, patient)
    needle(form_client, session)
    finish(form_client, session)
    sign(form_client, session)

    session.refresh_from_db()
    assert session.state == "signed"
    assert [(s.muscle.code.upper(), s.side, s.dwell_seconds) for s in session.sites.all()] == [
        (muscle, side, dwell * 60) for muscle, side, dwell in SITES
    ]
    assert [step.step for step in session.followups.order_by("step")] == [24, 72]

    first = session.followups.get(step=24)
    with time_machine.travel(first.due_at + dt.timedelta(minutes=5)):
        client = desk.client
        client.force_login(desk.page.context["user"])
        report = call(desk, first)

    first.refresh_from_db()
    assert (report.now, report.worst, report.hours, first.outcome) == (2, 5, 20, "answered")
    written = list(AuditEvent.objects.filter(patient_ref=patient.ref).values_list("code", flat=True))
    assert [code for code in dict.fromkeys(written) if code in PATH] == PATH
    assert audit_chain.first_broken_link() is None


# The audit events of the workflow, in order.
PATH = [
    "patient.registered",
    "screening.taken",
    "consent.given",
    "condition.recorded",
    "session.opened",
    "session.site_added",
    "session.signed",
    "followup.answered",
]
