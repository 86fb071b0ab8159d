"""The update sets what lies beyond the limits of the settings to the nearest, and leaves the rest."""

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from clinic.django_internals import writes
from clinic.models import Jurisdiction, Practice

pytestmark = pytest.mark.django_db(transaction=True)
BEFORE = "0032_an_opinion_is_about_a_text"


@pytest.fixture
def of_before():
    """The tables as the last release left them, and as they are now afterwards."""
    call_command("migrate", "clinic", BEFORE, verbosity=0)
    state = MigrationExecutor(connection).loader.project_state([("clinic", BEFORE)])
    yield lambda name: state.apps.get_model("clinic", name).objects
    call_command("migrate", verbosity=0)


def test_settings_beyond_their_limits_are_set_to_the_nearest(of_before):
    of_before("Practice").update(
        visit_minutes=0, soreness_high_first=11, retention_years=7, followup_open_hours="20:00-08:00",
        needle_stock="",
    )  # fmt: skip
    of_before("Jurisdiction").filter(code="us-il-pt").update(hours_total=90_000)
    writes.take(connection)  # the release of then has recorded them

    call_command("migrate", "clinic", verbosity=0)

    found = Practice.objects.values_list("visit_minutes", "soreness_high_first", "retention_years").get()
    assert found == (5, 10, 7)
    practice = Practice.objects.get()
    assert (practice.followup_open_hours, practice.needle_stock) == (
        "08:00-20:00", Practice._meta.get_field("needle_stock").default,
    )  # fmt: skip
    assert Jurisdiction.objects.get(code="us-il-pt").hours_total == 5000
    practice.full_clean()
