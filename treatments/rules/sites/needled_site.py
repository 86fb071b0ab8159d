"""A needled site as its rules see it, with the constraints and prompts that concern it."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from clinic.models.base import Side
from clinic.models.own_rows import NAMESPACE
from clinic.values.words import in_source_words
from treatments.models import Muscle, NeedleSite
from treatments.rules.session.parts import DraftSite, ToldInSession, side_text
from treatments.rules.sites import depth_limits, over_lung, places

# The peritoneum or the kidney lies beneath these places.
ABDOMINAL_WALL = frozenset({"f-absu", "f-obl", "f-absl"})
ABDOMEN = ABDOMINAL_WALL | {"b-ql"}
# Its muscles of the catalogue say so themselves.
LOW_BACK, DEEP_BUTTOCK = "b-lumb", "b-piri"
LEFT_IN = frozenset({NeedleSite.Technique.STATIC, NeedleSite.Technique.STIMULATED})


@dataclass(frozen=True)
class NeedledSite:
    """One row as its rules see it. None stands for what was not entered.

    `hazards` are those of the muscle and of the place.
    """

    key: str
    number: int
    name: str
    side: str = ""
    technique: str = ""
    gauge_mm: Decimal | None = None
    length_mm: int | None = None
    depth_mm: int | None = None
    needles: int | None = None
    insertions: int | None = None
    twitches: int | None = None
    dwell_seconds: int | None = None
    needle_in_at: dt.datetime | None = None
    needle_out_at: dt.datetime | None = None
    hazards: frozenset[str] = frozenset()
    group: str = ""
    depth_limit_mm: int | None = None
    limit_is_approved: bool = False
    standing: str = Muscle.Standing.USUAL
    depth_class: str = ""
    consent_group: str = ""
    region: str = ""
    region_code: str = ""
    muscle_code: str = ""
    has_finding: bool = False
    # when the facts of its muscle were changed, if that was after the site was written
    facts_changed_at: dt.datetime | None = None

    @property
    def is_shipped(self) -> bool:
        """Whether its muscle is one of those that ship, of which rules know some by their code."""
        return bool(self.muscle_code) and not self.muscle_code.startswith(NAMESPACE)

    @property
    def label(self) -> str:
        named = {"number": self.number, "name": self.name, "side": side_text(self.side)}
        if self.side not in Side.values:
            return _("Site %(number)s: %(name)s") % named
        return _("Site %(number)s: %(name)s, %(side)s") % named

    @property
    def over_lung(self) -> bool:
        return over_lung.LUNG in self.hazards

    @property
    def is_left_in(self) -> bool:
        return self.technique in LEFT_IN


@dataclass(frozen=True)
class SessionValues:
    """What the session itself says of its times, needles and other treatment. None: not entered."""

    started_at: dt.datetime | None = None
    ended_at: dt.datetime | None = None
    needles_opened: int | None = None
    needles_unused: int | None = None
    needles_out: int | None = None
    other_care: str = ""


def values_of(session: Any) -> SessionValues:
    """What a session says, a draft's or as it is about to be signed."""
    return SessionValues(**{column.name: getattr(session, column.name) for column in fields(SessionValues)})


@dataclass(frozen=True)
class AvoidedRegion:
    """Parts of the body that an answer to the health questions names; `places` are {(region code, side)}."""

    code: str
    label: str
    guidance: str
    places: frozenset[tuple[str, str]]

    def holds(self, site: NeedledSite) -> bool:
        """The midline touches both sides."""
        sides = {site.side, Side.MIDLINE.value} if site.side != Side.MIDLINE else set(Side.values)
        return any((site.region_code, side) in self.places for side in sides)


@dataclass(frozen=True)
class ScreeningConcern:
    """An answer to the health questions that is about the whole patient."""

    code: str
    label: str
    guidance: str


@dataclass(frozen=True)
class SiteConstraints:
    """What jurisdiction, courses and this patient's consent allow. None: it says nothing.

    `suggested` are the muscles usually needled for the conditions of the session; `source` is where the
    jurisdiction's rules stand.
    """

    jurisdiction: str = ""
    max_dwell_seconds: int | None = None
    stimulation_allowed: bool | None = None
    one_needle_per_insertion: bool | None = None
    local_points_only: bool | None = None
    added_modality_allowed: bool | None = None
    source: str = ""
    suggested: frozenset[str] = frozenset()
    concerns: tuple[ScreeningConcern, ...] = ()
    consented: frozenset[str] | None = None
    consent_url: str = ""
    covered: frozenset[str] | None = None
    refuses_outside: bool = False
    avoided: tuple[AvoidedRegion, ...] = ()
    not_on_file: tuple[str, ...] = ()
    told: tuple[ToldInSession, ...] = ()
    # the rules that bar needling, and where they stand; empty where none do
    barred_by: str = ""
    barred_source: str = ""

    def leaves_out(self, site: NeedledSite) -> bool:
        """source: domain facts 3.5, each course states the regions that it covers"""
        return self.covered is not None and bool(site.region_code) and site.region_code not in self.covered


@dataclass(frozen=True)
class Prompt:
    """What a rule asks the therapist to answer with a reason, about a site or the session.

    `value` is what the reason is given for, where the message does not say it.
    """

    rule: str
    message: str
    site_key: str = ""
    url: str = ""
    way_out: str = ""
    source: str = ""
    label: str = ""
    value: str = ""
    in_source: str = ""

    @property
    def asked(self) -> str:
        """The exact text that a reason answers: once it changes, the reason is needed again.

        It stands in the record, and therefore in source words.
        """
        return self.in_source or self.text

    @property
    def text(self) -> str:
        label = f"{self.label}." if self.label else ""
        return " ".join(part for part in (label, self.message, self.value) if part)

    @property
    def key(self) -> tuple[str, str, str]:
        return self.rule, self.site_key, self.asked

    @property
    def field(self) -> str:
        return f"reason-{self.rule}-{self.site_key}" if self.site_key else f"reason-{self.rule}"


def with_source_words(raised: Callable[[], list[Prompt]]) -> list[Prompt]:
    """What is raised, in the words of the page; what a reason answers is the same text in every language."""
    shown = raised()
    if not shown:
        return []
    with in_source_words():
        source = raised()
    return [replace(one, in_source=other.text) for one, other in zip(shown, source, strict=True)]


def from_row(site: NeedleSite | DraftSite) -> NeedledSite:
    """The rules' view of a site: a row whose muscle and region were fetched with it, or a draft's value."""
    muscle, region = site.muscle, site.region
    return NeedledSite(
        key=str(site.key),
        number=site.number or 0,
        name=site.name,
        side=site.side,
        technique=site.technique,
        gauge_mm=site.gauge_mm,
        length_mm=site.length_mm,
        depth_mm=site.depth_mm,
        needles=site.needles,
        insertions=site.insertions,
        twitches=site.twitches,
        dwell_seconds=site.dwell_seconds,
        needle_in_at=site.needle_in_at,
        needle_out_at=site.needle_out_at,
        hazards=_hazards_of(muscle, region),
        group=muscle.group if muscle else "",
        depth_limit_mm=muscle.depth_limit_mm if muscle else None,
        limit_is_approved=muscle is not None and not depth_limits.lacks_approved_limit(muscle),
        standing=muscle.default_status if muscle else Muscle.Standing.USUAL,
        depth_class=site.depth_class,
        consent_group=region.consent_group if region else "",
        region=region.name if region else "",
        region_code=region.code if region else "",
        muscle_code=muscle.code if muscle else "",
        has_finding=True in (site.taut_band, site.nodule, site.referral_reproduced),
        facts_changed_at=_changed_since(muscle, site.added_at),
    )


def _changed_since(muscle, added_at: dt.datetime | None) -> dt.datetime | None:
    changed_at = muscle.facts_changed_at if muscle else None
    return changed_at if changed_at and added_at and changed_at > added_at else None


def _hazards_of(muscle, region) -> frozenset[str]:
    """Those of the muscle and of the place, which says more of a muscle that does not ship.

    Where neither is known none is said: the session asks where the muscle lies.
    """
    if muscle is None and region is None:
        return frozenset()
    found, place = set(muscle.hazards) if muscle else set(), region.code if region else ""
    is_shipped = muscle is not None and not muscle.code.startswith(NAMESPACE)
    if over_lung.is_over_lung(muscle, region):
        found.add(over_lung.LUNG)
    if not is_shipped and places.is_beside_cord(muscle, place):
        found.add(places.CORD)
    return frozenset(found | _hazards_at(place, is_shipped=is_shipped))


def _hazards_at(place: str, *, is_shipped: bool) -> set[str]:
    """Those of the place alone."""
    found = set()
    if place in ABDOMEN or (place == LOW_BACK and not is_shipped):
        found.add("abd")
    if place == DEEP_BUTTOCK and not is_shipped:
        found.add("deep")
    return found


def dwell_of(site: NeedledSite) -> int | None:
    """Seconds the needle stayed in: as entered, else by its instants."""
    return timed_dwell(site) if site.dwell_seconds is None else site.dwell_seconds


def timed_dwell(site: NeedledSite) -> int | None:
    """Seconds between the instants that were noted of the needles."""
    if site.needle_in_at is None or site.needle_out_at is None:
        return None
    return round((site.needle_out_at - site.needle_in_at).total_seconds())


def duration_text(seconds: int) -> str:
    """“8 minutes”, “7 min 40 s”."""
    whole, rest = divmod(seconds, 60)
    if not rest:
        return ngettext("%(count)d minute", "%(count)d minutes", whole) % {"count": whole}
    if not whole:
        return _("%(seconds)d s") % {"seconds": rest}
    return _("%(minutes)d min %(seconds)d s") % {"minutes": whole, "seconds": rest}
