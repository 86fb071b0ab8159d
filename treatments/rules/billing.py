"""The billing code that the needled muscles propose, and the count behind it.

Codes only; the words are ours.
source: domain facts 8 (one or two muscles, three or more; never both on a day).
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from patients.rules import notices
from patients.rules.notices import MedicareFacts, Modifiers
from treatments.rules.session.parts import side_text
from treatments.rules.sites import muscle_parts
from treatments.rules.sites.needled_site import Prompt

FEW, MANY = "20560", "20561"
# source: 20560 for one or two muscles, 20561 for three or more: apta.org, PT in Motion, Feb 2020
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


def counted_muscles(site: Any) -> list[CountedMuscle]:
    """A row as it counts: each muscle that it names, and one where nobody said which.

    A muscle that no list knows counts by its name.
    """
    muscle = site.muscle
    if muscle is None:
        return [CountedMuscle(site.unlisted_name.casefold(), site.unlisted_name, site.side)]
    members = muscle_parts.named(muscle_parts.members(muscle), site.sub_site)
    if members:
        return [CountedMuscle(name.casefold(), name, site.side) for name in members]
    heads = muscle_parts.named_heads(muscle, site.sub_site)
    return [CountedMuscle(muscle.billing_key, muscle.name, site.side, head) for head in heads or ("",)]


def propose(
    muscles: Iterable[CountedMuscle], *, sides_count_once: bool = True, heads_count_once: bool = True
) -> CodeProposal:
    """One code for the day, with the muscles that make it."""
    counted: dict[tuple, dict[str, None]] = {}
    for muscle in muscles:
        key = (muscle.key, "" if sides_count_once else muscle.side, "" if heads_count_once else muscle.head)
        name = _name(muscle, sides=not sides_count_once, heads=not heads_count_once)
        counted.setdefault(key, {})[name] = None
    if not counted:
        return CodeProposal("", 0, _("No muscle is recorded yet."))
    number = len(counted)
    words = ngettext("%(count)d muscle: %(muscles)s.", "%(count)d muscles: %(muscles)s.", number) % {
        "count": number,
        # upper and lower trapezius are two names of one muscle
        "muscles": ", ".join(" / ".join(names) for names in counted.values()),
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
        [muscle for site in sites for muscle in counted_muscles(site)],
        sides_count_once=practice.sides_count_once,
        heads_count_once=practice.heads_count_once,
    )


def modifiers_of(medicare: MedicareFacts | None, *, at: dt.datetime) -> Modifiers | None:
    """What the notices make of the code of a treatment that began `at`. None: Medicare is not asked."""
    return None if medicare is None else notices.modifiers(medicare.notices, at=at)


def _name(muscle: CountedMuscle, *, sides: bool, heads: bool) -> str:
    # a row that is one head has it in its name: “Upper trapezius”
    head = muscle.head if heads and muscle.head.casefold() not in muscle.name.casefold() else ""
    parts = [muscle.name, head, side_text(muscle.side) if sides else ""]
    return " ".join(part for part in parts if part)
