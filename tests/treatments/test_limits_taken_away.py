"""The update takes away depth limits that no needle reaches, and leaves the others."""

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from clinic.django_internals import writes
from treatments.models import Muscle

pytestmark = pytest.mark.django_db(transaction=True)
BEFORE = "0027_calls_are_found_by_their_outcome"


@pytest.fixture
def of_before():
    """The muscles as the last release left them, and the table as it is now afterwards."""
    call_command("migrate", "treatments", BEFORE, verbosity=0)
    state = MigrationExecutor(connection).loader.project_state([("treatments", BEFORE)])
    yield state.apps.get_model("treatments", "Muscle").objects
    call_command("migrate", verbosity=0)
    touched = Muscle.objects.filter(code__in=("rho", "so"))
    touched.update(depth_limit_mm=None, limit_approved_by="", limit_approved_on=None)
    writes.take(connection)


def test_limits_that_no_needle_reaches_are_taken_away(of_before):
    approved = {"limit_approved_by": "Dr. H. Oduya", "limit_approved_on": "2026-03-02"}
    of_before.filter(code="rho").update(depth_limit_mm=900, usual_depth_mm=0, **approved)
    of_before.filter(code="so").update(depth_limit_mm=150, usual_depth_mm=151, **approved)
    writes.take(connection)  # the release of then has recorded them

    call_command("migrate", "treatments", verbosity=0)

    rhomboid, soleus = (Muscle.objects.get(code=code) for code in ("rho", "so"))
    assert (rhomboid.depth_limit_mm, rhomboid.limit_approved_by, rhomboid.limit_approved_on) == (
        None,
        "",
        None,
    )
    assert (soleus.depth_limit_mm, soleus.limit_approved_by) == (150, "Dr. H. Oduya")
    assert (rhomboid.usual_depth_mm, soleus.usual_depth_mm) == (None, None)
