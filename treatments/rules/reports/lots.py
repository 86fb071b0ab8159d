"""Who had needles of a lot."""

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
    Column(gettext_lazy("Session"), second=gettext_lazy("Session reference")),
    Column(gettext_lazy("Therapist")),
    Column(gettext_lazy("Needles"), is_number=True),
)
HINT = gettext_lazy("Lot numbers are recorded when the practice asks for them, and only as they were typed.")


@dataclass(frozen=True)
class LotRow:
    session: str
    at: dt.datetime
    patient_ref: str
    patient: str
    phone: str
    therapist: str
    needles: int


def report(rows: Sequence[LotRow]) -> Report:
    if not rows:
        return Report(_("Nobody had needles of this lot."), COLUMNS, (), notes=(HINT,))
    sentence = _("%(patients)s had needles of this lot, in %(sessions)s; the last on %(day)s.") % {
        "patients": _patients(len({row.patient_ref for row in rows})),
        "sessions": _sessions(len(rows)),
        "day": local_day(rows[0].at),
    }
    return Report(sentence, COLUMNS, tuple(map(_line, rows)), notes=(HINT, *cut(rows)))


def _patients(number: int) -> str:
    return ngettext("%(count)s patient", "%(count)s patients", number) % {"count": formats.whole(number)}


def _sessions(number: int) -> str:
    return ngettext("%(count)s session", "%(count)s sessions", number) % {"count": formats.whole(number)}


def _line(row: LotRow) -> tuple[Cell, ...]:
    return (
        Cell(row.patient, row.patient_ref, "treatments:record", row.patient_ref, is_name=True),
        Cell(row.phone, is_name=True),
        Cell(local_day(row.at), row.session, "treatments:session", row.session),
        Cell(row.therapist),
        Cell(row.needles),
    )
