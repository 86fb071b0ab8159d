"""Forms of locations and rooms: what hangs on one that is retired is said at its field."""

from collections.abc import Callable
from typing import ClassVar

from django.utils import timezone

from clinic.administration.compared_form import ComparedForm
from clinic.rules import taking_away as rules
from clinic.selectors import taking_away
from clinic.values import errors
from clinic.values.errors import Reason, RuleViolation


def _of_location(location, **when) -> list[Reason]:
    is_only = taking_away.is_only_location(location)
    return rules.place_reasons(taking_away.on_location(location), is_only=is_only, **when)


def _of_room(room, **when) -> list[Reason]:
    return rules.room_reasons(taking_away.on_room(room), **when)


class RetiredForm(ComparedForm):
    """A row of the set-up that can be retired. `reasons` says why it may not be, of the row and when."""

    reasons: ClassVar[Callable[..., list[Reason]]]

    def clean(self):
        cleaned = super().clean()
        if "retired_at" in self.changed_data and cleaned.get("retired_at") and self.instance.pk:
            reasons = self.reasons(self.instance, retired_at=cleaned["retired_at"], now=timezone.now())
            errors.add_to_form(self, RuleViolation(reasons))
        return cleaned


class LocationForm(RetiredForm):
    reasons = staticmethod(_of_location)


class RoomForm(RetiredForm):
    reasons = staticmethod(_of_room)
