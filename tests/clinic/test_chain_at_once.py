"""Two hundred concurrent events of eight threads form one audit chain."""

import os
import threading

import pytest
from django.db import connections, transaction

from clinic import audit
from clinic.models import AuditEvent
from tests import audit_chain

EVENTS, THREADS = 200, 8
ROUNDS = 10 if os.environ.get("DRILL") == "full" else 1


def write_at_once(user) -> list[BaseException]:
    """Writes EVENTS events in THREADS threads that start together; returns their exceptions."""
    gate, wrong = threading.Barrier(THREADS), []

    def run(thread: int):
        try:
            gate.wait()
            for number in range(EVENTS // THREADS):
                with transaction.atomic():
                    audit.record("patient.changed", user, by=user, reason=f"{thread} {number}")
        except Exception as error:  # noqa: BLE001  a thread's failure is the test's
            wrong.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=[number]) for number in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return wrong


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("_round", range(ROUNDS))
def test_two_hundred_events_by_eight_threads_are_one_chain(reception, _round):
    before = AuditEvent.objects.count()

    assert write_at_once(reception) == []

    events = AuditEvent.objects.filter(seq__gt=before)
    reasons = set(events.values_list("reason", flat=True))
    assert reasons == {f"{thread} {n}" for thread in range(THREADS) for n in range(EVENTS // THREADS)}
    assert list(events.values_list("seq", flat=True)) == list(range(before + 1, before + EVENTS + 1))
    assert audit_chain.first_broken_link() is None


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_an_event_that_is_taken_back_leaves_no_gap(reception):
    with transaction.atomic():
        audit.record("patient.changed", reception, by=reception)
        transaction.set_rollback(True)

    with transaction.atomic():
        audit.record("patient.changed", reception, by=reception)

    assert audit_chain.first_broken_link() is None
