"""Audit gaps: a look that cannot be stored is written to a file and filed later."""

import datetime as dt
import json

import pytest
import time_machine
from django.core.management import call_command
from django.db import OperationalError, connection, transaction
from django.utils import timezone

from clinic import audit
from clinic.audit import gaps
from clinic.models import AuditEvent, User
from tests import audit_chain
from tests.audit_outage import fail_audit_insert

pytestmark = pytest.mark.django_db
REQUEST = "5f" * 16
LOOKED_AT = timezone.now().replace(microsecond=123456) - dt.timedelta(hours=2)


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.AUDIT_GAPS = str(tmp_path / "gaps")
    yield tmp_path / "gaps"
    gaps._in_memory.clear()


@pytest.fixture
def missed(ada, therapist):
    """An audit gap of two hours ago."""
    token = audit.request_facts.set(audit.RequestFacts(REQUEST, "192.0.2.7"))
    with time_machine.travel(LOOKED_AT, tick=False), connection.execute_wrapper(fail_audit_insert):
        audit.look("patient.opened", ada, by=therapist, patient=ada, reason="its reason")
    audit.request_facts.reset(token)


def look(patient, by) -> None:
    audit.look("trends.opened", patient, by=by, patient=patient)


@pytest.mark.usefixtures("missed")
def test_it_is_filed_after_the_next_look_with_its_own_time_and_code(ada, therapist, lead):
    assert not AuditEvent.objects.filter(patient_ref=ada.ref, code="patient.opened").exists()

    look(ada, lead)

    filed = AuditEvent.objects.get(code="patient.opened")
    assert filed.at == LOOKED_AT
    assert (filed.actor, filed.patient_ref, filed.reason) == (therapist, ada.ref, "its reason")
    assert (filed.request_id, filed.address) == (REQUEST, "192.0.2.7")
    assert list(filed.changes) == ["filed_later_at"]
    assert audit_chain.first_broken_link() is None
    assert gaps.count() == 0


@pytest.mark.usefixtures("missed")
def test_it_is_filed_once(ada, lead, folder):
    """After a stop between filing and deleting, the next process finds the file again."""
    (gap_file,) = folder.glob("*.json")
    packed = gap_file.read_text()
    look(ada, lead)
    gap_file.write_text(packed)

    look(ada, lead)

    assert AuditEvent.objects.filter(code="patient.opened").count() == 1
    assert gaps.count() == 0


@pytest.mark.django_db(transaction=True)
def test_a_look_of_somebody_who_has_no_row_here_is_filed_under_the_name(ada, lead):
    """After restoring an older backup the user of a gap may have no row, and the foreign key would fail."""
    with connection.execute_wrapper(fail_audit_insert):
        look(ada, User(pk=10**6, username="newcomer"))

    with transaction.atomic():
        look(ada, lead)

    filed = AuditEvent.objects.get(actor_name="newcomer")
    assert (filed.actor, filed.patient_ref) == (None, ada.ref)
    assert audit_chain.first_broken_link() is None
    assert gaps.count() == 0


@pytest.mark.usefixtures("missed")
def test_it_waits_as_long_as_the_database_refuses(ada, lead):
    with connection.execute_wrapper(fail_audit_insert):
        look(ada, lead)
        audit.file_gaps()
    assert gaps.count() == 2

    look(ada, lead)

    codes = AuditEvent.objects.filter(patient_ref=ada.ref).order_by("at").values_list("code", flat=True)
    assert list(codes)[-3:] == ["patient.opened", "trends.opened", "trends.opened"]
    assert audit_chain.first_broken_link() is None


def test_where_the_disk_takes_nothing_either_it_is_kept_in_memory(ada, lead, folder):
    folder.write_text("a file stands where the folder should")
    with connection.execute_wrapper(fail_audit_insert):
        look(ada, lead)
    assert gaps.count() == 1
    folder.unlink()

    look(ada, lead)

    assert AuditEvent.objects.filter(code="trends.opened").count() == 2
    assert gaps.count() == 0


@pytest.mark.usefixtures("missed")
def test_what_somebody_else_put_there_or_altered_is_never_filed(ada, lead, folder):
    (gap_file,) = folder.glob("*.json")
    packed = json.loads(gap_file.read_text())
    gap_file.write_text(json.dumps({**packed, "said": packed["said"].replace("its reason", "another")}))
    (folder / "invented.json").write_text("nothing of ours")

    look(ada, lead)

    assert not AuditEvent.objects.filter(code="patient.opened").exists()
    assert gaps.count() == 2


@pytest.mark.usefixtures("missed")
def test_one_that_waits_under_a_former_key_is_filed(ada, lead, settings):
    settings.AUDIT_FORMER_KEYS, settings.AUDIT_KEY = [settings.AUDIT_KEY], "z" * 40

    look(ada, lead)

    assert AuditEvent.objects.filter(code="patient.opened", at=LOOKED_AT).exists()
    assert audit_chain.first_broken_link() is None


@pytest.mark.usefixtures("missed")
def test_verifying_the_record_says_that_one_waits(capsys):
    audit.file_written()
    call_command("verify_record")

    assert "Looks that wait to be filed: 1." in capsys.readouterr().out


def test_an_action_is_not_done_without_its_event(ada, lead):
    with connection.execute_wrapper(fail_audit_insert), pytest.raises(OperationalError):
        audit.record("patient.printed", ada, by=lead, patient=ada)
    assert gaps.count() == 0
