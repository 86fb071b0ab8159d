"""The sections of a record, as links above its pages."""

from django.urls import reverse

from clinic.access import Permission, may
from patients.models import Patient


def tabs_for(patient: Patient, *, user, current: str) -> list[dict]:
    """Sections of the record's page, and the pages beside it."""
    page = reverse("treatments:record", args=[patient.ref])
    history = reverse("treatments:history", args=[patient.ref])
    reads = may(user, Permission.CHART_VIEW)
    tabs = [
        ("summary", "Summary" if reads else "Record", page, True),
        ("sessions", "Sessions", f"{page}#sessions", reads),
        ("safety", "Screening and consent", f"{page}#safety", True),
        ("visits", "Visits", f"{page}#visits", True),
        ("trends", "Trends", reverse("treatments:trends", args=[patient.ref]), reads),
        ("history", "History", history, may(user, Permission.HISTORY_VIEW)),
        ("looks", "Who looked", f"{history}?show=looks", may(user, Permission.HISTORY_VIEW)),
    ]
    return [
        {"label": label, "url": url, "current": name == current} for name, label, url, shown in tabs if shown
    ]
