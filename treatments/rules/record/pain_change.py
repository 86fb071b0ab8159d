"""From which change of pain on a patient says that it is felt: by condition where a source gives a value."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clinic import formats
from clinic.values.words import Text

# {region of a condition: points of 10, where from}
# source: Michener 2011, numeric pain rating in patients with shoulder pain
BY_REGION: dict[str, tuple[float, Text]] = {"shoulder": (2.17, gettext_lazy("shoulder, Michener 2011"))}
# source: PMC7053735 and the table of PMC7990728, numeric pain rating in general
GENERAL_POINTS = 2
GENERAL = gettext_lazy("general value, PMC7053735")
OWN = gettext_lazy("the practice's own value")


@dataclass(frozen=True)
class Felt:
    """The change that is felt, in points of 10, and the name of its source."""

    points: float
    name: str

    def is_reached(self, change: float) -> bool:
        return abs(change) >= self.points


def felt_in(region: str, *, general: int) -> Felt:
    """`general`: the points in the practice's settings, for conditions without a value of their own."""
    if region in BY_REGION:
        points, name = BY_REGION[region]
        return Felt(points, str(name))
    return Felt(general, str(GENERAL if general == GENERAL_POINTS else OWN))


def sentences(before: Iterable[int | None], felt: Felt) -> list[str]:
    """What is felt, and whether the pain before treatment has changed by as much since the first visit."""
    known = _("A change of %(points)s points or more is usually felt (%(name)s).")
    found = [known % {"points": formats.short_decimal(felt.points, 2), "name": felt.name}]
    scores = [score for score in before if score is not None]
    if len(scores) < 2:
        return found
    change = scores[-1] - scores[0]
    verdict = (
        _("From the first to the last visit here it is %(change)s: as much as is felt.")
        if felt.is_reached(change)
        else _("From the first to the last visit here it is %(change)s: less than is felt.")
    )
    return [*found, verdict % {"change": formats.whole(abs(change))}]
