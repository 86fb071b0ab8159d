"""Compares a form with its baseline, so that saving does not undo what somebody else changed."""

import datetime as dt


def text_of(value) -> str:
    """A value as text that is the same before and after a form."""
    if hasattr(value, "pk"):
        return str(value.pk)
    if isinstance(value, dt.datetime):
        return value.astimezone(dt.UTC).isoformat(timespec="minutes")
    return "" if value is None else str(value)


def lost(stored: dict, seen: dict[str, str], wanted: dict) -> list[str]:
    """The fields that changed since they were shown and would now be overwritten with something else."""
    return [
        name
        for name, value in stored.items()
        if seen.get(name, text_of(value)) != text_of(value)
        and text_of(wanted[name]) not in (text_of(value), seen[name])
    ]


def changed(wanted: dict, seen: dict[str, str]) -> dict:
    """What the form changed: a field that it left alone keeps what a colleague wrote meanwhile."""
    return {name: value for name, value in wanted.items() if name not in seen or text_of(value) != seen[name]}
