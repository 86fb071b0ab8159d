"""Which state's rules hold at a place, and in what the practice's own copy differs from the shipped rules."""

import datetime as dt
from dataclasses import dataclass

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from clinic import formats
from clinic.models import Jurisdiction, Location, Practice
from clinic.values.errors import Reason

# What a copy says of itself, and what it does not take over from the shipped rules.
OF_THE_ROW = frozenset({
    "id", "code", "position", "retired_at", "based_on",
    "approved_at", "approved_by", "checked_at", "checked_by",
})  # fmt: skip


@dataclass(frozen=True)
class Difference:
    """One rule that the copy has otherwise. Both values as they are read."""

    name: str
    own: str
    shipped: str


def rules_at(location: Location | None, practice: Practice) -> Jurisdiction | None:
    """The rules of that place, else those of the practice. None where nobody chose any."""
    own = location.jurisdiction if location is not None else None
    return own or practice.jurisdiction


def rule_names() -> list[str]:
    """The columns that are rules, in the order of the model."""
    fields = Jurisdiction._meta.concrete_fields
    return [field.name for field in fields if field.name not in OF_THE_ROW]


def differences(own: Jurisdiction, shipped: Jurisdiction) -> list[Difference]:
    """Every rule of the copy that is not as it ships today."""
    return [
        Difference(name, _readable(own, name), _readable(shipped, name))
        for name in rule_names()
        if getattr(own, name) != getattr(shipped, name)
    ]


def approval_reasons(
    *,
    source: str,
    checked_on: dt.date | None,
    approves: bool,
    is_used: bool,
    retires: bool,
    lets_needle: bool,
    today: dt.date,
) -> list[Reason]:
    """Why the practice's own rules cannot be saved so.

    `lets_needle`: the shipped rules bar needling, these do not, and no lead recorded what counsel says.
    """
    if is_used and (retires or not approves):
        message = _("A place stands under these rules. Approve your changes, or choose other rules there.")
        return [Reason("rules-in-use", message, field="retired_at" if retires else "approve")]
    if not approves:
        return []
    found = []
    if lets_needle:
        message = _(
            "The rules that ship do not permit needling. First a lead records what counsel says, on the page "
            "of state rules."
        )
        found.append(Reason("rules-let-needle", message, field="status"))
    if not source.strip():
        message = _("Write where these rules stand: the law, and where you read it.")
        found.append(Reason("source-missing", message, field="source"))
    if checked_on is None:
        message = _("Enter the day on which this was checked.")
        found.append(Reason("checked-on-missing", message, field="checked_on"))
    elif checked_on > today:
        message = _("This day has not come yet. Enter the day on which this was checked.")
        found.append(Reason("checked-on-ahead", message, field="checked_on"))
    return found


def _readable(profile: Jurisdiction, name: str) -> str:
    value = getattr(profile, name)
    if value is None or value == "":
        return _("not said")
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, dt.date):
        return formats.day(value)
    shown = getattr(profile, f"get_{name}_display", None)
    return capfirst(str(shown() if shown else value))
