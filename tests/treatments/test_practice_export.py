"""Taking the whole practice out: who may, with what proof, as of one moment, and on record first."""

import io
import json
import tracemalloc
import uuid
import zipfile

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.urls import reverse

from clinic import audit
from clinic.models import AuditEvent
from patients.models import Patient
from tests import concurrency, factories
from tests.audit_outage import fail_audit_insert
from tests.patients import restricted_record
from treatments.actions import practice_export as actions
from treatments.selectors.practice_export import archive, tables
from treatments.selectors.practice_export import rows as selectors

pytestmark = pytest.mark.django_db
ADDRESS = reverse("treatments:take-out")
PASSWORD = "needles-and-notes-of-a-test"


@pytest.fixture
def leading(lead):
    lead.set_password(PASSWORD)
    lead.save(update_fields=["password"])
    return lead


def taken_out(client, **typed):
    return client.post(ADDRESS, {"reason": "We move on March 1", "password": PASSWORD, **typed})


def zip_of(response) -> zipfile.ZipFile:
    return zipfile.ZipFile(io.BytesIO(b"".join(response.streaming_content)))


def test_a_lead_takes_everything_out_by_the_page(signed_in, leading, ada):
    response = taken_out(signed_in(leading))

    event = AuditEvent.objects.order_by("-seq").first()
    assert (event.code, event.actor, event.reason) == ("practice.exported", leading, "We move on March 1")
    assert response.headers["Content-Disposition"].startswith('attachment; filename="practice-')
    files = zip_of(response)
    assert files.testzip() is None
    assert {row["ref"] for row in json.loads(files.read("json/patients_patient.json"))} == {ada.ref}
    assert "practice.exported" in files.read("csv/clinic_auditevent.csv").decode()


def test_without_its_line_in_the_audit_nothing_leaves(signed_in, leading, ada):
    client = signed_in(leading)
    client.raise_request_exception = False

    with connection.execute_wrapper(fail_audit_insert):
        response = taken_out(client)

    assert response.status_code == 503
    assert "Content-Disposition" not in response.headers


@pytest.mark.parametrize(
    ("typed", "field"), [({"reason": " "}, "reason"), ({"password": ""}, "password"),
                         ({"password": "somebody else's"}, "password")],
)  # fmt: skip
def test_reason_and_password_are_asked_for_each_time(signed_in, leading, typed, field):
    client = signed_in(leading)
    b"".join(taken_out(client).streaming_content)

    response = taken_out(client, **typed)

    assert response.status_code == 422
    assert list(response.context["form"].errors) == [field]
    assert AuditEvent.objects.filter(code="practice.exported").count() == 1
    wrong = AuditEvent.objects.filter(code="practice.proof_failed").count()
    assert wrong == (typed.get("password") == "somebody else's")


def test_a_restricted_record_is_left_out_and_said_to_be(signed_in, leading, reception, therapist, ada):
    odile = restricted_record.create(desk=reception, therapist=therapist, lead=leading)
    audit.look("patient.opened", odile, by=therapist, patient=odile)
    audit.look("patient.kept_apart", ada, by=therapist, patient=ada, reason=f"Not {odile.ref}")
    client = signed_in(leading)
    shown = client.get(ADDRESS).content.decode()

    files = zip_of(taken_out(client))

    text = "".join(files.read(name).decode() for name in files.namelist())
    assert ada.ref in text
    assert odile.ref not in text
    assert odile.family_name not in text
    assert restricted_record.LOT not in text
    assert json.loads(files.read("manifest.json"))["restricted_records_kept_back"] == 1
    assert "1 restricted record on which you are not named is left out." in " ".join(shown.split())
    for table, model in tables.exported().items():
        for path in tables.paths_to_patient(model):
            of_odile = set(model._base_manager.filter(**{path: odile.pk}).values_list("pk", flat=True))
            key = model._meta.pk.column
            assert not of_odile & {row[key] for row in json.loads(files.read(f"json/{table}.json"))}, table


def test_the_command_takes_restricted_records_too(tmp_path, reception, therapist, lead):
    odile = restricted_record.create(desk=reception, therapist=therapist, lead=lead)

    call_command("export_practice", str(tmp_path / "all"), reason="The practice is sold")

    event = AuditEvent.objects.get(code="practice.exported")
    assert (event.actor, event.reason) == (None, "The practice is sold")
    rows = json.loads((tmp_path / "all/json/patients_patient.json").read_text())
    assert [row["restricted_at"] is not None for row in rows if row["ref"] == odile.ref] == [True]


def test_the_command_leaves_nothing_where_it_broke_off(tmp_path, ada):
    with (
        connection.execute_wrapper(fail_audit_insert),
        pytest.raises(CommandError, match="Nothing was taken out"),
    ):
        call_command("export_practice", str(tmp_path / "all"), reason="x")

    assert not (tmp_path / "all").exists()
    with pytest.raises(CommandError, match="is there already"):
        call_command("export_practice", str(tmp_path), reason="x")


def test_rows_are_read_by_pages_and_none_twice(monkeypatch, reception):
    people = [factories.patient(reception).pk for _ in range(7)]
    monkeypatch.setattr(selectors, "CHUNK", 3)

    pages = list(selectors.reading(None)(Patient))

    assert [len(page) for page in pages] == [3, 3, 1]
    assert [row[0] for page in pages for row in page] == people


def test_the_zip_is_sent_while_it_is_made_and_never_held():
    asked = []

    def pieces():
        for number in range(300):
            asked.append(number)
            yield uuid.uuid4().bytes * 16_384

    tracemalloc.start()
    sent, first_after = 0, None
    for piece in archive.zipped([("csv/a.csv", pieces()), ("csv/b.csv", [b"end"])]):
        first_after = first_after or len(asked)
        sent += len(piece)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert len(asked) == 300
    assert first_after < 10
    # 79 MB went through
    assert peak < 4_000_000
    assert sent > 100_000


@pytest.mark.django_db(transaction=True)
def test_everything_is_as_of_one_moment_and_nobody_waits(tmp_path, reception):
    with concurrency.database_in_file(tmp_path / "practice.sqlite3"):
        before = factories.patient(reception)
        with actions.snapshot():
            read = selectors.reading(None)
            assert [row[1] for page in read(Patient) for row in page] == [before.ref]
            [during] = concurrency.at_once(lambda: factories.patient(reception))
            assert [row[1] for page in read(Patient) for row in page] == [before.ref]
        assert {row[1] for page in read(Patient) for row in page} == {before.ref, during.ref}


@pytest.mark.django_db(transaction=True)
def test_a_download_that_breaks_off_holds_nothing(tmp_path, reception):
    with concurrency.database_in_file(tmp_path / "practice.sqlite3"):
        sent = actions.zipped(by=None)
        next(sent)

        sent.close()

        factories.patient(reception)
        assert not connection.in_atomic_block
