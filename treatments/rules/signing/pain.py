"""The pain that a note still asks for: a number, or why it was not asked."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext_lazy

from treatments.rules.session.fields import NOT_ASKED_REASON

MISSING = {
    "before": gettext_lazy("Enter the pain before, or say that it was not asked: %(condition)s."),
    "after": gettext_lazy("Enter the pain after, or say that it was not asked: %(condition)s."),
}
ENTER = {"before": gettext_lazy("Enter the pain before"), "after": gettext_lazy("Enter the pain after")}
REASON_MISSING = {
    "before": gettext_lazy("Say why the pain before was not asked: %(condition)s."),
    "after": gettext_lazy("Say why the pain after was not asked: %(condition)s."),
}
SAY_WHY = gettext_lazy("Say why")


@dataclass(frozen=True)
class ConditionFacts:
    pk: int
    name: str
    pain_before: int | None = None
    pain_after: int | None = None
    not_asked_before: str = ""
    not_asked_after: str = ""


@dataclass(frozen=True)
class MissingPain:
    """What is asked for, at which field of the page, and the words of the link to it."""

    code: str
    message: str
    field: str
    way_out: str


def missing(row: ConditionFacts) -> Iterator[MissingPain]:
    for when in ("before", "after"):
        if getattr(row, f"pain_{when}") is not None:
            continue
        why, named = getattr(row, f"not_asked_{when}"), {"condition": row.name}
        if not why:
            message, field = MISSING[when] % named, f"pain_{when}-{row.pk}"
            yield MissingPain(f"pain-{when}-missing", message, field, str(ENTER[when]))
        elif why == NOT_ASKED_REASON:
            message, field = REASON_MISSING[when] % named, f"not_asked_{when}-{row.pk}"
            yield MissingPain(f"pain-{when}-reason-missing", message, field, str(SAY_WHY))
