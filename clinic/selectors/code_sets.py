"""The sets of diagnosis codes."""

import datetime as dt

from clinic.models import CodeSet


def all_sets() -> list[CodeSet]:
    """Every set with its codes: there are few."""
    return list(CodeSet.objects.all())


def newest() -> CodeSet | None:
    """The newest set, without its codes."""
    return CodeSet.objects.defer("codes").first()


def following(on: dt.date) -> CodeSet | None:
    """The set that begins next after that day, without its codes."""
    return CodeSet.objects.defer("codes").filter(valid_from__gt=on).order_by("valid_from").first()
