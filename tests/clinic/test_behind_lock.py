"""What is read behind a row lock is sent with it, and is what stands once the lock is held."""

import contextlib
import threading

import pytest
from django.db import connection, transaction
from django.db.transaction import TransactionManagementError
from django.test.utils import CaptureQueriesContext

from clinic.django_internals import behind_lock
from clinic.django_internals.prepared import PreparedQuery
from clinic.models import User
from treatments.actions.session import draft_events
from treatments.selectors.session import draft as drafts

pytestmark = pytest.mark.django_db(transaction=True)
SECONDS = 20
LOCK = PreparedQuery(lambda pk: User.objects.select_for_update().order_by().filter(pk=pk).values_list("pk"))
# not the locked row alone, which PostgreSQL reads anew by itself
NAMES = PreparedQuery(lambda pk: User.objects.exclude(pk=pk).values_list("pk", "first_name"))


@pytest.mark.postgres
def test_one_message_locks_a_draft_and_reads_it(draft):
    with transaction.atomic(), CaptureQueriesContext(connection) as asked:
        row, read = drafts.locked_to_sign(draft.pk, lock=draft_events.ROW_LOCK)
    assert (row.pk, read.session.ref) == (draft.pk, draft.ref)
    (message,) = [each["sql"] for each in asked if "treatments_needlingsession" in each["sql"]]
    assert message.index("FOR UPDATE OF") < message.index("draft_sites")


@pytest.mark.postgres
def test_what_was_committed_while_the_lock_was_waited_for_is_read(therapist, other_therapist):
    found, began = [], threading.Event()

    def wait_and_read():
        with contextlib.closing(connection), transaction.atomic():
            began.set()
            found.extend(behind_lock.read(NAMES, lock=LOCK, pk=therapist.pk))

    waiting = threading.Thread(target=wait_and_read)
    with transaction.atomic():
        LOCK(pk=therapist.pk)
        waiting.start()
        assert began.wait(SECONDS)
        _await_waiting_lock()
        User.objects.filter(pk=other_therapist.pk).update(first_name="Renamed meanwhile")
    waiting.join(SECONDS)
    assert dict(found)[other_therapist.pk] == "Renamed meanwhile"


def _await_waiting_lock():
    with connection.cursor() as cursor:
        for _ in range(10_000):
            cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
            if cursor.fetchone()[0]:
                return
    raise AssertionError("Nothing waits for the lock.")


@pytest.mark.postgres
def test_without_a_transaction_no_lock_is_asked_for(therapist):
    with pytest.raises(TransactionManagementError):
        behind_lock.read(NAMES, lock=LOCK, pk=therapist.pk)
