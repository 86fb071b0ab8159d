"""Every page that a patient sees on our tablet: each step of a hand-over, refused and answered."""

import datetime as dt
from collections.abc import Iterator

from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from clinic.models import User
from patients.models import Handover, Patient
from patients.rules import ages
from tests.patients.posted_answers import answers_without_concern, consent_answers

HERE, RETURN = reverse("patients:handover"), reverse("patients:handover-return")
DECLINE = reverse("patients:handover-step", args=[3])
REFUSED = 422


def of_the_demo() -> dict[str, str]:
    """{where: HTML} of the questions and consents that patients of the demo are asked, a child's too."""
    call_command("demo", patients=13, verbosity=0)
    reception = User.objects.with_roles().get(username="reception")
    therapist = User.objects.get(username="therapist")
    patients = list(Patient.objects.order_by("pk"))
    child = next(patient for patient in patients if is_child(patient))
    found: dict[str, str] = {}
    for patient in (patients[0], child):
        for kind in ("intake", "visit"):
            found |= questions(reception, patient, kind)
        for query in ("", "?add"):
            found |= consent(reception, patient, therapist, query)
    return found | closed(reception, patients[1])


def is_child(patient: Patient) -> bool:
    return ages.is_minor(patient.born, on=timezone.localdate())


def questions(by: User, patient: Patient, kind: str) -> dict[str, str]:
    client = _signed_in(by)
    url = reverse("patients:screening-hand-over", args=[patient.ref])
    assert client.post(url, {"kind": kind}).url == HERE
    return dict(_walk(client, f"{kind} of {patient.ref}", {}))


def closed(by: User, patient: Patient) -> dict[str, str]:
    """A tablet that somebody forgot."""
    client = _signed_in(by)
    client.post(reverse("patients:screening-hand-over", args=[patient.ref]), {"kind": "visit"})
    Handover.objects.filter(patient=patient).update(started_at=timezone.now() - dt.timedelta(days=1))
    return {f"closed, {HERE}": client.get(HERE).content.decode()}


def consent(by: User, patient: Patient, therapist: User, query: str = "") -> dict[str, str]:
    client = _signed_in(by)
    url = reverse("patients:consent-start", args=[patient.ref])
    assert client.post(f"{url}{query}", {"therapist": therapist.pk}).url == HERE
    return dict(_walk(client, f"consent{query} of {patient.ref}", _signature(patient)))


def _signed_in(by: User) -> Client:
    client = Client()
    client.force_login(by, backend="clinic.signin.backends.RolesBackend")
    return client


def _signature(patient: Patient) -> dict:
    if is_child(patient):
        guardian = {"signer": "guardian", "signer_name": "Eve Examplewood", "relationship": "mother"}
        return {**guardian, "signer_note": "Mother, known here"}
    return {"signer": "patient", "signer_name": patient.spoken_name}


def _walk(client: Client, name: str, signature: dict) -> Iterator[tuple[str, str]]:
    address = client.get(HERE).url
    while address != HERE:
        page = client.get(address)
        yield f"{name}, {address}", page.content.decode()
        if signature:
            yield f"{name}, {DECLINE}", client.get(DECLINE).content.decode()
        if "rows" not in page.context:
            yield from _refused(client, address, name)
        address = client.post(address, _answers(page, signature)).url
    for address in (HERE, RETURN):
        yield f"{name}, {address}", client.get(address).content.decode()
    yield from _refused(client, RETURN, name)


def _refused(client: Client, address: str, name: str) -> Iterator[tuple[str, str]]:
    response = client.post(address, {})
    assert response.status_code == REFUSED, address
    yield f"{name}, {address}, refused", response.content.decode()


def _answers(page, signature: dict) -> dict:
    if "rows" in page.context:
        return {}
    fields = page.context["form"].fields
    if "signer" in fields:
        return signature
    if "statements" in fields:
        return consent_answers([label for label, _ in fields["statements"].choices])
    posted = answers_without_concern() | answers_without_concern("visit")
    return {field: posted[field] for field in fields if field in posted}
