"""How long a record is kept, and which disclosures must be accounted for."""

import datetime as dt
from collections.abc import Iterable

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clinic import formats
from clinic.models import Practice
from clinic.values.errors import Reason
from patients.models import Disclosure, Patient
from patients.rules.ages import is_minor, months_later

# source: 45 CFR 164.528(a): six years back, without treatment, payment, operations,
# what the patient asked for or allowed
ACCOUNTED_YEARS = 6
EXEMPT_PURPOSES = {
    Disclosure.Purpose.PATIENT,
    Disclosure.Purpose.AUTHORISED,
    Disclosure.Purpose.TREATMENT,
    Disclosure.Purpose.PAYMENT,
    Disclosure.Purpose.OPERATIONS,
}


def retention_end(*, born: dt.date, last_on: dt.date, years: int, minor_until_age: int) -> dt.date:
    """The last day of the retention period, for minors at the last encounter at least until an age."""
    after_visit = months_later(last_on, 12 * years)
    if not is_minor(born, on=last_on):
        return after_visit
    return max(after_visit, months_later(born, 12 * minor_until_age))


def record_retention_end(patient: Patient, practice: Practice) -> dt.date:
    """For a patient from `with_last_encounter`. Without any visit it counts from the registration."""
    return retention_end(
        born=patient.born,
        last_on=timezone.localdate(patient.last_here_at or patient.registered_at),
        years=practice.retention_years,
        minor_until_age=practice.retention_minor_age,
    )


def is_accounted(disclosure: Disclosure, *, on: dt.date) -> bool:
    """Whether an accounting of disclosures on that day has to list it."""
    since = months_later(on, -12 * ACCOUNTED_YEARS)
    return disclosure.purpose not in EXEMPT_PURPOSES and disclosure.given_on >= since


FILE_HEAD = (
    gettext_lazy("Day"), gettext_lazy("To whom"), gettext_lazy("Address"), gettext_lazy("What"),
    gettext_lazy("Purpose"), gettext_lazy("In words"), gettext_lazy("How"), gettext_lazy("To account for"),
    gettext_lazy("Corrected"), gettext_lazy("Noted by"), gettext_lazy("Noted"),
)  # fmt: skip


def disclosure_table(rows: Iterable[Disclosure], *, on: dt.date) -> tuple[tuple, list[list]]:
    """Disclosures as a file. An entry that was corrected stands in it, and says so."""
    return FILE_HEAD, [_disclosure_cells(row, on=on) for row in rows]


def _disclosure_cells(row: Disclosure, *, on: dt.date) -> list:
    is_corrected = bool(getattr(row, "corrected_by", None))
    return [
        formats.day(row.given_on), row.recipient, row.recipient_address, row.what,
        row.get_purpose_display(), row.purpose_words, row.get_way_display(),
        _("Yes") if is_accounted(row, on=on) and not is_corrected else "", _("Yes") if is_corrected else "",
        row.recorded_by.display_name, formats.moment(row.recorded_at),
    ]  # fmt: skip


def day_reasons(given_on: dt.date, *, today: dt.date) -> list[Reason]:
    if given_on <= today:
        return []
    return [Reason("ahead", _("This day is in the future. Record it once it was given."), field="given_on")]


def correction_reasons(patient: Patient, corrects: Disclosure | None, *, corrected: bool) -> list[Reason]:
    """Why that entry cannot be corrected. `corrected`: another entry corrects it already."""
    found = []
    if corrects is not None and corrects.patient_id != patient.pk:
        found.append(Reason("elsewhere", _("That entry belongs to another record.")))
    if corrected:
        found.append(Reason("corrected", _("This entry was corrected already. Correct the newer one.")))
    return found
