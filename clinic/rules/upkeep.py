"""What runs by itself on the server: whether each did, how long ago, and which run failed since."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from clinic import formats

# The units whose result the audit notes; of any other only that it failed.
BACKUP, VERIFICATION, DRILL = "filiform-backup", "filiform-verify", "filiform-drill"
# own choice: a night and a half, so that a run that is late does not count as one that is missing
NIGHTLY = dt.timedelta(hours=36)
# own choice: a month and what a machine may have been off
MONTHLY = dt.timedelta(days=40)
# own choice: a week and a day; what runs weekly has run again by then
FAILURE_SHOWN = dt.timedelta(days=8)


@dataclass(frozen=True)
class Upkeep:
    """Each None where it never happened. `is_whole`, `is_restorable`: how the last one ended."""

    backup_at: dt.datetime | None = None
    checked_at: dt.datetime | None = None
    is_whole: bool | None = None
    drilled_at: dt.datetime | None = None
    is_restorable: bool | None = None
    # {unit: when a run of it last failed}
    failed_at: Mapping[str, dt.datetime] = field(default_factory=dict)


def faults(last: Upkeep, *, now: dt.datetime) -> tuple[str, ...]:
    """Sentences about what ran before and did not again, ended badly or failed; () where all is well."""
    return (*_late(last, now), *_ended_badly(last), *_failed(last, now))


def missing(last: Upkeep) -> tuple[str, ...]:
    """Sentences about what never ran, which is no fault on the first day."""
    never = (
        (last.backup_at, _("No backup was made yet.")),
        (last.checked_at, _("The record was not checked yet (`verify_record --note`).")),
        (last.drilled_at, _("No backup was tried yet (`restore_drill`).")),
    )
    return tuple(message for at, message in never if at is None)


def failures(last: Upkeep, *, now: dt.datetime) -> dict[str, dt.datetime]:
    """{unit: when its run failed}, where nothing shows that a later one did not."""
    went_well = {BACKUP: last.backup_at}
    if last.is_whole:
        went_well[VERIFICATION] = last.checked_at
    if last.is_restorable:
        went_well[DRILL] = last.drilled_at
    return {
        unit: at
        for unit, at in sorted(last.failed_at.items())
        if now - at <= FAILURE_SHOWN and not ((well := went_well.get(unit)) and well > at)
    }


def _late(last: Upkeep, now: dt.datetime) -> list[str]:
    """What ran once and should have again; what never ran is not late."""
    return [
        message % {"at": formats.moment(at)}
        for at, within, message in (
            (last.backup_at, NIGHTLY, _("The last backup was made %(at)s; one is due every night.")),
            (last.checked_at, NIGHTLY, _("The record was last checked %(at)s; that is due every night.")),
            (last.drilled_at, MONTHLY, _("A backup was last tried %(at)s; that is due every month.")),
        )
        if at is not None and now - at > within
    ]


def _ended_badly(last: Upkeep) -> list[str]:
    found = []
    if last.is_whole is False:
        found.append(_("The last check found the record not as it was written: run `verify_record`."))
    if last.is_restorable is False:
        found.append(_("The last backup that was tried is not as it was written: make another, and try it."))
    return found


def _failed(last: Upkeep, now: dt.datetime) -> list[str]:
    words = _("%(unit)s failed %(at)s. `journalctl --unit %(unit)s` says why.")
    return [words % {"unit": unit, "at": formats.moment(at)} for unit, at in failures(last, now=now).items()]
