"""Without a working audit, pages open and their looks are filed later; printing and exports fail."""

import pytest
from django.db import connection, transaction

from clinic import audit
from clinic.audit import gaps
from clinic.models import AuditEvent
from tests import world
from tests.audit_outage import fail_audit_insert

pytestmark = pytest.mark.django_db
# Pages that give out a copy of a record or of the audit.
COPIES = {
    "patients:consent-print",
    "patients:paper-download",
    "treatments:record-print",
    "treatments:session-print",
    "treatments:audit-export",
}
EXPORTS = ("print", "export", "download", "csv", "pdf")


@pytest.fixture(autouse=True)
def _afresh(settings, tmp_path, practice):
    settings.AUDIT_GAPS = str(tmp_path)
    practice.clients.clear()  # a sign-in ends with the test that made it


def ask(practice, role, address, state):
    client, path = world.client_of(practice, role), address.path(practice.values(address, state))
    return client.post(path, {}) if address.name == "treatments:audit-export" else client.get(path)


def words_of(response) -> str:
    return b"".join(response.streaming_content if response.streaming else [response.content]).decode()


def test_every_address_of_a_copy_is_known():
    named = {address.name for address in world.staff_addresses()}

    assert {name for name in named if any(word in name for word in EXPORTS)} == COPIES


@pytest.mark.parametrize("name", sorted(COPIES))
def test_no_copy_leaves_the_house_without_its_line_in_the_audit(practice, name):
    address = next(one for one in world.staff_addresses() if one.name == name)
    world.client_of(practice, "lead")
    for state in set(practice.states_of(address)) - {"restricted"}:  # closed to the lead as well
        with transaction.atomic():
            before = AuditEvent.objects.count()
            whole = ask(practice, "lead", address, state)
            assert whole.status_code == 200, state
            shown = words_of(whole)
            assert AuditEvent.objects.count() == before + 1
            with connection.execute_wrapper(fail_audit_insert):
                refused = ask(practice, "lead", address, state)
                text = words_of(refused)
            assert refused.status_code == 503, state
            assert "Plainly" not in text
            assert "patient.opened" not in text
            assert "Plainly" in shown or name == "treatments:audit-export"
            assert "Content-Disposition" not in refused.headers
            assert AuditEvent.objects.count() == before + 1
            transaction.set_rollback(True)
    assert gaps.count() == 0, "a copy is refused, not filed later"


def test_every_page_with_a_strip_still_opens_and_its_look_is_filed_later(practice):
    opened = 0
    world.client_of(practice, "author")
    for role, address, state in world.requests_of(practice, ["author"]):
        if address.name in COPIES or state not in ("-", "draft", "signed"):
            continue
        with transaction.atomic():
            with connection.execute_wrapper(fail_audit_insert):
                response = ask(practice, role, address, state)
            where, waiting = f"{role} {address.name} {state}", list(gaps.next_batch().values())
            assert response.status_code != 503, where
            shown = (response.context or {}).get("strip") if response.status_code == 200 else None
            if shown:
                opened += 1
                assert shown["ref"] in {gap["patient_ref"] for gap in waiting}, where
            audit.file_gaps()
            filed = set(
                AuditEvent.objects.filter(changes__has_key="filed_later_at").values_list("code", "at")
            )
            assert {(gap["code"], gap["at"]) for gap in waiting} <= filed, where
            assert gaps.count() == 0
            transaction.set_rollback(True)
    assert opened > 15
