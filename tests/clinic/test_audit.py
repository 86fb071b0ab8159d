"""The audit chain verifies, and a broken link is found."""

import pytest
from django.db import connection, transaction

from clinic import audit
from clinic.models import AuditEvent
from clinic.values import errors
from tests import audit_chain


def chain(user, length: int = 5) -> list[AuditEvent]:
    with transaction.atomic():
        return [
            audit.record("user.signed_in", user, by=user, changes={"n": [None, n]}) for n in range(length)
        ]


def alter(column: str, value, seq: int) -> None:
    """Alters an event as somebody with a database shell would."""
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE clinic_auditevent SET {column} = %s WHERE seq = %s", [value, seq])


def test_each_event_names_the_one_before_it(reception):
    events = chain(reception, 3)

    assert [event.previous for event in events[1:]] == [event.mac for event in events[:-1]]
    assert audit_chain.first_broken_link() is None


@pytest.mark.usefixtures("unlocked")
@pytest.mark.parametrize(
    ("column", "value"),
    [("code", "user.signed_out"), ("reason", "another"), ("actor_name", "nobody"), ("patient_ref", "7K4M9")],
)
def test_an_altered_event_is_the_first_broken_link(reception, column, value):
    events = chain(reception)

    alter(column, value, events[2].seq)

    assert audit_chain.first_broken_link() == events[2].seq


@pytest.mark.usefixtures("unlocked")
def test_a_removed_event_is_the_first_broken_link(reception):
    events = chain(reception)

    AuditEvent.objects.filter(seq=events[1].seq).delete()

    assert audit_chain.first_broken_link() == events[1].seq


@pytest.mark.django_db(transaction=True)
def test_an_event_outside_a_transaction_is_refused(reception):
    with pytest.raises(transaction.TransactionManagementError):
        audit.record("user.signed_in", reception, by=reception)


def test_an_event_cannot_be_saved_again_or_deleted(reception):
    event = chain(reception, 1)[0]

    with pytest.raises(errors.RecordLocked):
        event.save()
    with pytest.raises(errors.RecordLocked):
        event.delete()


def test_events_under_a_former_key_still_verify(reception, settings):
    chain(reception, 2)
    former = settings.AUDIT_KEY
    settings.AUDIT_KEY, settings.AUDIT_FORMER_KEYS = "z" * 40, [former]
    chain(reception, 2)

    assert audit_chain.first_broken_link() is None
    settings.AUDIT_FORMER_KEYS = []
    assert audit_chain.first_broken_link() == AuditEvent.objects.order_by("seq").first().seq


def test_many_events_are_one_chain(reception):
    with transaction.atomic():
        audit.record_many([audit.AuditEntry("user.signed_in", reception, by=reception) for _ in range(50)])

    assert audit_chain.first_broken_link() is None
    assert AuditEvent.objects.filter(code="user.signed_in").count() == 50
