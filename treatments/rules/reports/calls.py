"""Which patients were not reached after a session. No clinical word: the desk reads it too."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from clinic import formats
from treatments.rules.reports.report import Cell, Column, Report, cut, local_day

COLUMNS = (
    Column(gettext_lazy("Patient"), second=gettext_lazy("Reference")),
    Column(gettext_lazy("Phone")),
    Column(gettext_lazy("Therapist")),
    Column(gettext_lazy("Due")),
    Column(gettext_lazy("Attempts"), is_number=True),
    Column(gettext_lazy("Last attempt")),
    Column(gettext_lazy("Status"), second=gettext_lazy("Call")),
)
GIVEN_UP, OPEN = gettext_lazy("Not reached"), gettext_lazy("Still open")


@dataclass(frozen=True)
class CallRow:
    """`closed`: the call was given up; else somebody tried and it is still open."""

    ref: str
    patient_ref: str
    patient: str
    phone: str
    therapist: str
    due_at: dt.datetime
    attempts: int
    last_at: dt.datetime | None
    closed: bool


def report(rows: Sequence[CallRow]) -> Report:
    return Report(_sentence(rows), COLUMNS, tuple(map(_line, rows)), notes=cut(rows))


def _line(row: CallRow) -> tuple[Cell, ...]:
    return (
        Cell(row.patient, row.patient_ref, "treatments:record", row.patient_ref, is_name=True),
        Cell(row.phone, is_name=True),
        Cell(row.therapist),
        Cell(local_day(row.due_at)),
        Cell(row.attempts),
        Cell(local_day(row.last_at)),
        Cell(GIVEN_UP if row.closed else OPEN, row.ref, "treatments:followup", row.ref),
    )


def _sentence(rows: Sequence[CallRow]) -> str:
    if not rows:
        return _("Everybody who was called in these days was reached.")
    patients = len({row.patient_ref for row in rows})
    still_open = sum(not row.closed for row in rows)
    missed = ngettext(
        "%(count)s patient was not reached", "%(count)s patients were not reached", patients
    ) % {"count": formats.whole(patients)}
    if not still_open:
        return f"{missed}."
    waiting = ngettext("%(count)s call is still open", "%(count)s calls are still open", still_open)
    return f"{missed}; {waiting % {'count': formats.whole(still_open)}}."
