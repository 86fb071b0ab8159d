"""A test that commits leaves nothing to the next one: not its rows, and the database as it was migrated."""

import pytest
from django.db import connection, transaction

from clinic.locks import triggers
from clinic.models import AuditEvent, Location, Room

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("turn", ["first", "second"])
def test_what_a_test_has_committed_is_gone_in_the_next(turn):
    assert not Location.objects.filter(code="left").exists()
    with transaction.atomic():
        Location.objects.create(code="left", name="Left behind")
    triggers.drop(connection)


@pytest.mark.parametrize("turn", ["first", "second"])
def test_a_committing_test_begins_with_the_migrated_database(turn):
    assert Room.objects.exists()
    assert AuditEvent.objects.filter(code="record.covered").exists()
    assert triggers.missing(connection) == []
    triggers.drop(connection)
    Room.objects.all()._raw_delete("default")
