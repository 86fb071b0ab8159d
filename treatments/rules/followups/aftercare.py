"""The sheet that a patient takes home: what to do, what to expect, and what each warning sign asks for."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clinic.values.words import Text
from treatments.models import Urgency
from treatments.rules.followups.warning_levels import AskedSign, Level
from treatments.rules.session.draft import Draft

HEADINGS: dict[int, Text] = {
    Urgency.EMERGENCY: gettext_lazy("Call 911 now"),
    Urgency.EMERGENCY_ROOM: gettext_lazy("Go to an emergency room today"),
    Urgency.SEEN: gettext_lazy("Be seen by a physician today, in an emergency room if the office is closed"),
    Urgency.CALL: gettext_lazy("Call us today"),
}

# hours that no level reaches
FOR_GOOD = 1_000_000


@dataclass(frozen=True)
class Stretch:
    """How urgent a sign is from some hours after the session until some later ones; None: for good."""

    urgency: int
    after: int
    until: int | None


@dataclass(frozen=True)
class Signs:
    """What one urgency asks for, and the signs that ask for it."""

    urgency: int
    signs: list[str] = field(default_factory=list)

    @property
    def heading(self) -> str:
        return str(HEADINGS[self.urgency])

    @property
    def is_emergency(self) -> bool:
        return self.urgency == Urgency.EMERGENCY


def stretches(places: Collection[str], table: Collection[Level]) -> list[Stretch]:
    """Of one sign, whose levels `table` holds: the gravest that fits, hour by hour."""
    here = [level for level in table if not level.place or level.place in places]
    ends = sorted({level.until_hours for level in here if level.until_hours is not None})
    found: list[Stretch] = []
    for after, end in zip([0, *ends], [*ends, None], strict=True):
        urgency = _urgency_until(end, here)
        if found and found[-1].urgency == urgency:
            found[-1] = Stretch(urgency, found[-1].after, end)
        else:
            found.append(Stretch(urgency, after, end))
    return found


def _urgency_until(end: int | None, levels: Iterable[Level]) -> int:
    until = end or FOR_GOOD
    lasting = [level.urgency for level in levels if (level.until_hours or FOR_GOOD) >= until]
    return max(lasting, default=int(Urgency.EMERGENCY))


def by_urgency(signs: Iterable[AskedSign], places: Collection[str]) -> list[Signs]:
    """The gravest first, each with its signs in the order in which they are asked."""
    found: dict[int, Signs] = {}
    for sign in signs:
        for stretch in stretches(places, sign.levels):
            found.setdefault(stretch.urgency, Signs(stretch.urgency)).signs.append(_words(sign, stretch))
    return [found[urgency] for urgency in sorted(found, reverse=True)]


def _words(sign: AskedSign, stretch: Stretch) -> str:
    """“New trouble walking, in the first 48 hours”"""
    if stretch.until is not None:
        return _("%(sign)s, in the first %(hours)s hours") % {"sign": sign.name, "hours": stretch.until}
    if stretch.after:
        return _("%(sign)s, after the first %(hours)s hours") % {"sign": sign.name, "hours": stretch.after}
    return sign.name


def treated(draft: Draft) -> str:
    """“Low back beside spine, buttock”: what the patient says on the phone."""
    names = dict.fromkeys(site.region.name for site in draft.standing_sites if site.region)
    return ", ".join(names)


def advice_of(draft: Draft, kind: str) -> list[str]:
    return [item.text for item in draft.general_advice if item.kind == kind]


def is_handed_over(draft: Draft) -> bool:
    """Everything on the sheet is on record as given."""
    return all(item.code in draft.advice_given for item in draft.advice_here)
