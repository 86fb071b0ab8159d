"""The billing code that the needled muscles propose, and the count behind it.

Codes only; the words are ours.
source: domain facts 8 (one or two muscles, three or more; never both on a day).
"""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from treatments.models import NeedleSite
from treatments.rules.session.parts import side_text
from treatments.rules.sites.needled_site import Prompt

FEW, MANY = "20560", "20561"
MANY_MUSCLES = 3


@dataclass(frozen=True)
class CountedMuscle:
    """A muscle as it counts. `head` names a part where the practice counts heads apart."""

    key: str
    name: str
    side: str = ""
    head: str = ""


@dataclass(frozen=True)
class CodedNote:
    """Another signed note of the same patient and day, with the code that it carries."""

    ref: str
    code: str
    by: str = ""


@dataclass(frozen=True)
class CodeProposal:
    code: str
    muscles: int
    reason: str


def counted_muscle(site: NeedleSite) -> CountedMuscle:
    """A row as it counts; a muscle that no list knows counts by its name."""
    if site.muscle is None:
        return CountedMuscle(site.unlisted_name.casefold(), site.unlisted_name, site.side)
    head = site.sub_site.casefold() if site.muscle.heads else ""
    return CountedMuscle(site.muscle.billing_key, site.muscle.name, site.side, head)


def propose(
    muscles: Iterable[CountedMuscle], *, sides_count_once: bool = True, heads_count_once: bool = True
) -> CodeProposal:
    """One code for the day, with the muscles that make it."""
    counted: dict[tuple, str] = {}
    for muscle in muscles:
        key = (muscle.key, "" if sides_count_once else muscle.side, "" if heads_count_once else muscle.head)
        counted.setdefault(key, _name(muscle, sides=not sides_count_once, heads=not heads_count_once))
    if not counted:
        return CodeProposal("", 0, _("No muscle is recorded yet."))
    number = len(counted)
    words = ngettext("%(count)d muscle: %(muscles)s.", "%(count)d muscles: %(muscles)s.", number) % {
        "count": number,
        "muscles": ", ".join(counted.values()),
    }
    return CodeProposal(MANY if number >= MANY_MUSCLES else FEW, number, words)


def day_prompts(others: Iterable[CodedNote]) -> list[Prompt]:
    """One code stands on a day, whoever needled. source: domain facts 8, S65b."""
    notes = [
        _("%(code)s by %(by)s (%(ref)s)") % {"code": other.code, "by": other.by, "ref": other.ref}
        for other in others
    ]
    if not notes:
        return []
    message = _(
        "Another note of this day carries %(notes)s. Only one of the two codes stands on a day: "
        "say which one is billed."
    ) % {"notes": ", ".join(notes)}
    return [Prompt("code-of-the-day", message)]


def proposal_for(sites: Iterable, practice) -> CodeProposal:
    """The proposal of a session's standing sites, rows or values, counted as the practice chose."""
    return propose(
        [counted_muscle(site) for site in sites],
        sides_count_once=practice.sides_count_once,
        heads_count_once=practice.heads_count_once,
    )


def _name(muscle: CountedMuscle, *, sides: bool, heads: bool) -> str:
    parts = [muscle.name, muscle.head if heads else "", side_text(muscle.side) if sides else ""]
    return " ".join(part for part in parts if part)
