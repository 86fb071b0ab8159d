"""Compares a form with its baseline, so that saving does not undo what somebody else changed."""

import datetime as dt


def comparable_text(value) -> str:
    """A value as text that is equal before and after it went through a form."""
    if hasattr(value, "pk"):
        return str(value.pk)
    if isinstance(value, dt.datetime):
        return value.astimezone(dt.UTC).isoformat(timespec="minutes")
    return "" if value is None else str(value)


def overwritten_fields(stored: dict, baseline: dict[str, str], sent: dict) -> list[str]:
    """The fields that somebody else changed since they were shown and that `sent` would overwrite."""
    return [
        name
        for name, value in stored.items()
        if baseline.get(name, comparable_text(value)) != comparable_text(value)
        and comparable_text(sent[name]) not in (comparable_text(value), baseline[name])
    ]


def changed_fields(sent: dict, baseline: dict[str, str]) -> dict:
    """What the form changed: a field that it left alone keeps what somebody else saved meanwhile."""
    return {
        name: value
        for name, value in sent.items()
        if name not in baseline or comparable_text(value) != baseline[name]
    }
