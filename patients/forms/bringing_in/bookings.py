"""The form of each row of a file of bookings, and the reading of all of them."""

import zoneinfo
from collections.abc import Callable

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clinic.forms.base import StaffForm
from clinic.rules.csv_import import Table
from clinic.values import references
from clinic.web.text_fields import TextField
from patients.forms.bringing_in.people import extra_cells, faults_of
from patients.forms.visits import VisitForm
from patients.models import Visit
from patients.rules.bringing_in import cells, columns, diary
from patients.rules.bringing_in.diary import BroughtBooking, Diary, Named
from patients.rules.bringing_in.matches import PROGRESS_ROWS, ignore_progress
from patients.rules.bringing_in.rows import Fault


class BroughtBookingForm(StaffForm):
    """What a row says of a visit, as booking reads it; whom and where it names is matched apart."""

    needed = {"booked_for": VisitForm.needed["booked_for"]}

    booked_for = VisitForm.base_fields["booked_for"]
    minutes = VisitForm.base_fields["minutes"]
    kind = forms.ChoiceField(label=gettext_lazy("Kind of visit"), choices=Visit.Kind.choices)
    desk_note = TextField(label=gettext_lazy("Note for the desk"), required=False, max_length=500)

    def clean_booked_for(self):
        at = self.cleaned_data["booked_for"]
        if at and at < timezone.now():
            raise forms.ValidationError(
                _("This time has passed: only visits to come are brought in."), code="in-the-past"
            )
        return at


def named_people(table: Table, mapping: list[str]) -> tuple[set[str], set[str]]:
    """The references and the numbers by which the rows name patients."""
    rows = [columns.named_cells(row.cells, mapping) for row in table.rows]
    refs = {references.normalise(row.get("ref", "")) for row in rows}
    return refs, {row.get("external_id", "") for row in rows}


def read_bookings(
    table: Table, mapping: list[str], known: Diary, *, progress: Callable[[int], None] = ignore_progress
) -> tuple[list[BroughtBooking], list[Fault]]:
    """The rows that can be read, and every fault of the others. Times are those of the place."""
    headers = {name: table.head[place] for place, name in enumerate(mapping) if name}
    found: list[BroughtBooking] = []
    faults: list[Fault] = []
    for done, row in enumerate(table.rows, start=1):
        values = {"minutes": str(known.minutes), "kind": Visit.Kind.FOLLOW_UP}
        texts = columns.named_cells(row.cells, mapping)
        values |= {name: text for name, text in cells.of_booking(texts).items() if text}
        names, wrong = diary.named(values, known)
        of_row = list(extra_cells(row, table.head))
        if of_row:
            faults += of_row
            continue
        of_row = [Fault(row.number, headers.get(name, name), text, "unknown") for name, text in wrong.items()]
        zone = zoneinfo.ZoneInfo(names.place.time_zone) if names.place else None
        with timezone.override(zone):
            form = BroughtBookingForm(values)
            of_row += faults_of(row.number, form, headers)
        if not of_row:
            found.append(_brought(row.number, names, form.cleaned_data))
        faults += of_row
        if done % PROGRESS_ROWS == 0:
            progress(done)
    return found, faults


def _brought(number: int, names: Named, values: dict) -> BroughtBooking:
    return BroughtBooking(number, names.patient, names.therapist, names.place, names.room, **values)
