"""The sharps injury log: what an entry must say, who reads it, and how long it is kept."""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clinic import formats
from clinic.access import Permission, may
from clinic.values.errors import Reason
from treatments.models import SharpsInjury

# source: 29 CFR 1910.1030(h)(5) with 1904.33: after the end of the calendar year
KEPT_YEARS = 5
NEEDED = {
    "area": gettext_lazy("Write the department or work area."),
    "device_type": gettext_lazy("Write the type of the device."),
    "device_brand": gettext_lazy("Write the brand of the device, or “not known”."),
    "how": gettext_lazy("Write how it happened."),
}


@dataclass(frozen=True)
class LogLine:
    """An entry as the log lists it: by its number, without the name of the injured person."""

    injury: SharpsInjury
    kept_until: dt.date
    is_corrected: bool


def kept_until(occurred_at: dt.datetime) -> dt.date:
    """The last day on which the entry has to be kept."""
    return dt.date(timezone.localtime(occurred_at).year + KEPT_YEARS, 12, 31)


def log_line(injury: SharpsInjury) -> LogLine:
    return LogLine(injury, kept_until(injury.occurred_at), injury.supersedes_id is not None)


FILE_HEAD = (
    gettext_lazy("Case"), gettext_lazy("Corrected"), gettext_lazy("When"), gettext_lazy("Device"),
    gettext_lazy("Brand"), gettext_lazy("Area"), gettext_lazy("Location"), gettext_lazy("How"),
    gettext_lazy("Kept until"),
)  # fmt: skip


def table(lines: Iterable[LogLine]) -> tuple[tuple, Iterator[list]]:
    """The log as a file, without the names of the injured persons as well."""
    return FILE_HEAD, map(_cells, lines)


def _cells(line: LogLine) -> list:
    injury = line.injury
    return [
        injury.case_number, _("Yes") if line.is_corrected else "", formats.moment(injury.occurred_at),
        injury.device_type, injury.device_brand, injury.area, injury.location.name, injury.how,
        formats.iso_day(line.kept_until),
    ]  # fmt: skip


def keeps_log(user) -> bool:
    """Whether this person sees every entry and may file one for somebody else."""
    return may(user, Permission.SHARPS_LOG)


def reasons(fields: dict, *, by, now: dt.datetime, opened: dt.date) -> list[Reason]:
    """Why an entry cannot be filed. `opened` is a day before which nothing is entered."""
    found = [
        Reason(f"{name.replace('_', '-')}-missing", message, field=name)
        for name, message in NEEDED.items()
        if not str(fields.get(name) or "").strip()
    ]
    if fields["occurred_at"] > now:
        message = _("This is in the future. Check the date and time.")
        found.append(Reason("occurred-in-future", message, field="occurred_at"))
    if fields["occurred_at"].date() < opened:
        found.append(Reason("occurred-too-early", _("Check the year of this day."), field="occurred_at"))
    named, written = fields.get("injured"), fields.get("injured_name", "").strip()
    if bool(named) == bool(written):
        message = _("Choose the person, or write the name of somebody without an account.")
        found.append(Reason("one-person", message, field="injured"))
    if not keeps_log(by) and (named is None or named.pk != by.pk):
        found.append(
            Reason("not-their-own", _("You file your own injuries. A lead files for somebody else."))
        )
    return found


def correction_reasons(*, reason: str) -> list[Reason]:
    if reason.strip():
        return []
    return [Reason("reason-missing", _("Say why the entry is corrected."), field="reason")]
