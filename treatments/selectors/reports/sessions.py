"""The sessions that a report is about, as columns of a list."""

import datetime as dt

from patients.rules.visits.days import day_bounds
from treatments.models import NeedlingSession
from treatments.models.session.session import SessionQuerySet
from treatments.rules.reports.notes import NoteRow
from treatments.rules.reports.report import Terms


def started(terms: Terms) -> SessionQuerySet:
    """Sessions that started in the days, of the therapist who is asked about."""
    return of_terms(NeedlingSession.objects.all(), terms, day="started_at")


def of_terms(rows, terms: Terms, *, day: str, therapist: str = "therapist"):
    """The rows of these days and of this therapist; `day` and `therapist` name their columns."""
    first, end = bounds(terms)
    asked = {f"{day}__gte": first, f"{day}__lt": end, therapist: terms.therapist}
    return rows.filter(**{name: value for name, value in asked.items() if value is not None})


def bounds(terms: Terms) -> tuple[dt.datetime | None, dt.datetime | None]:
    """The instants at which the days begin and end."""
    first = day_bounds(terms.first)[0] if terms.first else None
    return first, day_bounds(terms.last)[1] if terms.last else None


def note_row(session: NeedlingSession) -> NoteRow:
    return NoteRow(
        patient_ref=session.patient.ref,
        patient=session.patient.listed_name,
        ref=session.ref,
        therapist=session.therapist.display_name,
        at=session.started_at or session.opened_at,
        opened_at=session.opened_at,
    )
