"""Compares a form with its baseline, so that saving does not undo what somebody else changed."""

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal


def comparable_text(value) -> str:
    """A value as text that is equal before and after it went through a form."""
    if hasattr(value, "pk"):
        return str(value.pk)
    if isinstance(value, Iterable) and not isinstance(value, str):
        return " ".join(sorted(map(comparable_text, value)))
    if isinstance(value, dt.datetime):
        return value.astimezone(dt.UTC).isoformat(timespec="minutes")
    if isinstance(value, Decimal) and value.is_finite():
        # a column gives 2.0 for what was typed as 2
        return f"{value.normalize():f}"
    return "" if value is None else str(value)


def overwritten_fields(stored: dict, baseline: dict, sent: dict) -> list[str]:
    """The fields that somebody else changed since they were shown and that `sent` would overwrite."""
    found = []
    for name, value in stored.items():
        now, mine = comparable_text(value), comparable_text(sent[name])
        then = comparable_text(baseline.get(name, value))
        if then != now and mine not in (now, then):
            found.append(name)
    return found


def changed_fields(sent: dict, baseline: dict) -> dict:
    """What the form changed: a field that it left alone keeps what somebody else saved meanwhile."""
    return {
        name: value
        for name, value in sent.items()
        if name not in baseline or comparable_text(value) != comparable_text(baseline[name])
    }
