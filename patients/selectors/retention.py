"""When patients were last here, which decides how long their records are kept."""

from django.db.models import OuterRef, Subquery

from patients.models import Visit


def with_last_encounter(patients):
    """Patients who know when they were last here, in the same statement."""
    came = Visit.objects.filter(patient=OuterRef("pk"), arrived_at__isnull=False)
    return patients.annotate(last_here_at=Subquery(came.order_by("-arrived_at").values("arrived_at")[:1]))
