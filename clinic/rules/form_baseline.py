"""Compares a form with its baseline, so that saving does not undo what somebody else changed."""

import datetime as dt


def comparable_text(value) -> str:
    """A value as text that is the same before and after a form."""
    if hasattr(value, "pk"):
        return str(value.pk)
    if isinstance(value, dt.datetime):
        return value.astimezone(dt.UTC).isoformat(timespec="minutes")
    return "" if value is None else str(value)


def overwritten_fields(stored: dict, seen: dict[str, str], wanted: dict) -> list[str]:
    """The fields that changed since they were shown and would now be overwritten with something else."""
    return [
        name
        for name, value in stored.items()
        if seen.get(name, comparable_text(value)) != comparable_text(value)
        and comparable_text(wanted[name]) not in (comparable_text(value), seen[name])
    ]


def changed_fields(wanted: dict, seen: dict[str, str]) -> dict:
    """What the form changed: a field that it left alone keeps what a colleague wrote meanwhile."""
    return {
        name: value
        for name, value in wanted.items()
        if name not in seen or comparable_text(value) != seen[name]
    }
