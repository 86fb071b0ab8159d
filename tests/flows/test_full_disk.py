"""While the database takes nothing, pages open and their looks wait; what is typed stays on the page."""

import errno
from pathlib import Path

import pytest
from django.db import connection
from django.urls import reverse

from clinic.audit import gaps
from clinic.models import AuditEvent
from patients.models import Patient
from tests import factories
from tests.audit_outage import fail_every_write

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.AUDIT_GAPS = str(tmp_path / "gaps")
    yield
    gaps._in_memory.clear()


@pytest.fixture
def pages(ada, therapist) -> list[str]:
    """What is read while people work."""
    factories.ready_for_session(ada, therapist)
    draft = factories.session(ada, therapist)
    of_patient = ("treatments:record", "treatments:trends", "treatments:history", "patients:edit")
    everywhere = ("treatments:today", "treatments:followups", "treatments:reports", "patients:find")
    return [
        *(reverse(name, args=[ada.ref]) for name in of_patient),
        reverse("treatments:session", args=[draft.ref]),
        reverse("treatments:session-changes", args=[draft.ref]),
        *map(reverse, everywhere),
    ]


def test_pages_open_and_their_looks_wait(pages, ada, therapist, signed_in):
    client = signed_in(therapist)
    before = AuditEvent.objects.count()
    with connection.execute_wrapper(fail_every_write):
        answers = {page: client.get(page).status_code for page in pages}

    assert set(answers.values()) == {200}, answers
    assert AuditEvent.objects.count() == before
    assert gaps.count() > 0

    # there is room again
    client.get(pages[0])
    assert gaps.count() == 0
    assert AuditEvent.objects.filter(code="patient.opened", patient_ref=ada.ref).count() > 1


def test_a_disk_that_takes_no_file_either_keeps_the_looks_in_memory(
    pages, therapist, signed_in, monkeypatch, settings
):
    def is_full(path, *_arguments, **_named):
        path.touch()
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(gaps.Path, "write_text", is_full)
    client = signed_in(therapist)
    with connection.execute_wrapper(fail_every_write):
        assert client.get(pages[0]).status_code == 200

    assert len(gaps._in_memory) == 1
    assert list(Path(settings.AUDIT_GAPS).iterdir()) == []


def test_what_was_typed_is_offered_again_and_nothing_is_half_saved(reception, signed_in):
    client = signed_in(reception)
    client.raise_request_exception = False
    typed = {
        "family_name": "Longname-Typed",
        "given_name": "Nora",
        "born": "5/23/1984",
        "form_key": "5f" * 16,
    }
    with connection.execute_wrapper(fail_every_write):
        answer = client.post(reverse("patients:register"), typed)

    assert answer.status_code == 503
    assert "Longname-Typed" in answer.content.decode()
    assert not Patient.objects.filter(family_name="Longname-Typed").exists()
