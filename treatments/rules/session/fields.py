"""The fields of a draft that are saved one by one: where each lives and what may stand in it."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clinic.values.errors import Reason

# Where a field lives: a column of the session, of one of its conditions or measurements, or an advice.
SESSION, CONDITION, MEASUREMENT, AFTERCARE = "session", "condition", "measurement", "aftercare"
NOT_ASKED_CHOICE = "not-asked"
OPENED_WITHOUT_CHECKS = Reason(
    "opened-without-checks",
    gettext_lazy(
        "This visit was opened as one without needles: health questions and consent were not checked. "
        "Void this draft, then start the session again to needle."
    ),
    field="muscle",
)
# Allows for a watch that is ahead; a later time is a typing mistake.
# technical: two clocks differ
CLOCK_TOLERANCE = dt.timedelta(minutes=5)
# Columns of a site that its entry and its removal set; no correction writes them.
LIFECYCLE_COLUMNS = {"id", "session", "key", "number", "added_at", "added_by", "struck_at", "struck_by"}
PLACES: dict[str, str] = {
    **dict.fromkeys(
        (
            "started_at",
            "ended_at",
            "not_needled",
            "not_needled_detail",
            "position",
            "skin_prep",
            "needles_opened",
            "needles_unused",
            "needles_out",
            "needles_second",
            "tolerance",
            "tolerance_detail",
            "other_care",
            "note",
            "plan",
            "next_visit_on",
            "billing_code",
            "billing_override_reason",
            "identity_checked",
        ),
        SESSION,
    ),
    **dict.fromkeys(("pain_before", "pain_after", "not_asked_before", "not_asked_after"), CONDITION),
    **dict.fromkeys(("measure_before", "measure_after"), MEASUREMENT),
    "advice": AFTERCARE,
}


@dataclass(frozen=True)
class Times:
    """The instants that a value is compared with."""

    now: dt.datetime
    started_at: dt.datetime | None = None
    ended_at: dt.datetime | None = None
    today: dt.date | None = None


def split(name: str) -> tuple[str, str]:
    """“pain_before-12” is the field “pain_before” of part “12”."""
    field, _dash, part = name.partition("-")
    return field, part


def join(field: str, part: str) -> str:
    return f"{field}-{part}" if part else field


def is_part(name: str) -> bool:
    """Whether it names a line of the draft, which may be gone, and not a column, which is always there."""
    return is_known(name) and split(name)[1] != ""


def is_known(name: str) -> bool:
    field, part = split(name)
    place = PLACES.get(field)
    return place is not None and (place == SESSION) == (part == "")


def reasons(field: str, value, times: Times) -> list[Reason]:
    """Why a well-formed value cannot be saved."""
    if field == "started_at" and value is None and times.ended_at is not None:
        message = _("The end stands already. Empty it first, or enter when the session started.")
        return [Reason("end-without-start", message, field=field)]
    if value is None:
        return []
    if field in ("started_at", "ended_at"):
        return _time_reasons(field, value, times)
    if field == "next_visit_on" and times.today and value < times.today:
        return [Reason("next-visit-past", _("The next visit is in the past. Check the date."), field=field)]
    return []


def _time_reasons(field: str, value: dt.datetime, times: Times) -> list[Reason]:
    if value > times.now + CLOCK_TOLERANCE:
        return [Reason("time-ahead", _("That time has not come yet. Check it."), field=field)]
    start = value if field == "started_at" else times.started_at
    end = value if field == "ended_at" else times.ended_at
    if field == "ended_at" and start is None:
        return [Reason("no-start", _("Enter when the session started first."), field=field)]
    if end is not None and start is not None and end < start:
        message = _("The session ends before it starts. Check both times.")
        return [Reason("ends-before-start", message, field=field)]
    return []


def second_count_reasons(
    *, needles_out: int | None, counted_by: int | None, second: int | None
) -> list[Reason]:
    """Why nobody can be noted as the second who counted; `second` None: no such account works here."""
    field = "needles_second"
    if needles_out is None:
        message = _("Enter the needles out first, then who counted with you.")
        return [Reason("count-first", message, field=field)]
    if second is None:
        message = _("That person has no account here any more. Choose somebody else.")
        return [Reason("second-unknown", message, field=field)]
    if second == counted_by:
        message = _("That person entered the count. Choose who counted a second time.")
        return [Reason("second-is-first", message, field=field)]
    return []


def json_value(value):
    """A value in a form that JSON represents exactly."""
    if isinstance(value, dt.datetime | dt.date):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value


def site_values(site) -> dict:
    """A needled site's columns as JSON values, without those of its entry and removal."""
    columns = [column for column in site._meta.concrete_fields if column.name not in LIFECYCLE_COLUMNS]
    return {column.name: json_value(column.value_from_object(site)) for column in columns}


# Recorded until somebody enters why the pain was not asked: never translated.
NOT_ASKED_REASON = "Not asked"
