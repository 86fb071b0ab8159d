"""The rules about a needled site: what a row cannot be without, and what asks for a reason."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from clinic.errors import Reason
from clinic.models.base import Side
from treatments.models import Muscle, NeedleSite

MAX_COUNT = 99
MAX_DWELL_SECONDS = 4 * 60 * 60
# source: domain facts 2.2, suboccipital needles of 50 mm reached the cord at every level of skill
SUBOCCIPITAL_MM = 40
# source: domain facts 2.2, needles of 75 mm beside the lumbar spine missed bone in up to 44 %
ABDOMEN_MM = 75
LEFT_IN = frozenset({NeedleSite.Technique.STATIC, NeedleSite.Technique.STIMULATED})


@dataclass(frozen=True)
class Site:
    """One row as its rules see it. None stands for what was not entered."""

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
    standing: str = Muscle.Standing.USUAL
    consent_group: str = ""
    region: str = ""
    region_code: str = ""

    @property
    def label(self) -> str:
        side = Side(self.side).label.lower() if self.side in Side.values else ""
        return ", ".join(part for part in (f"Site {self.number}: {self.name}", side) if part)

    @property
    def over_lung(self) -> bool:
        return "lung" in self.hazards

    @property
    def is_left_in(self) -> bool:
        return self.technique in LEFT_IN


@dataclass(frozen=True)
class Avoided:
    """Parts of the body that an answer to the health questions names, as {(region code, side)}."""

    code: str
    label: str
    guidance: str
    places: frozenset[tuple[str, str]]

    def holds(self, site: Site) -> bool:
        """The midline touches both sides."""
        sides = {site.side, Side.MIDLINE.value} if site.side != Side.MIDLINE else set(Side.values)
        return any((site.region_code, side) in self.places for side in sides)


@dataclass(frozen=True)
class Limits:
    """What jurisdiction, courses and this patient's consent allow. None: nothing was said about it."""

    jurisdiction: str = ""
    max_dwell_seconds: int | None = None
    stimulation_allowed: bool | None = None
    one_needle_per_insertion: bool | None = None
    consented: frozenset[str] | None = None
    consent_url: str = ""
    covered: frozenset[str] | None = None
    refuses_outside: bool = False
    avoided: tuple[Avoided, ...] = ()

    def leaves_out(self, site: Site) -> bool:
        """source: domain facts 3.5, each course states the regions that it covers"""
        return self.covered is not None and bool(site.region_code) and site.region_code not in self.covered


@dataclass(frozen=True)
class Question:
    """A rule that a site or the session meets; it is answered with a reason, or by a change."""

    rule: str
    message: str
    site_key: str = ""
    url: str = ""
    way_out: str = ""

    @property
    def field(self) -> str:
        return f"reason-{self.rule}-{self.site_key}" if self.site_key else f"reason-{self.rule}"


def facts_for(site: NeedleSite) -> Site:
    """The rules' view of a row whose muscle and region were fetched with it."""
    muscle, region = site.muscle, site.region
    return Site(
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
        hazards=frozenset(muscle.hazards) if muscle else frozenset(),
        group=muscle.group if muscle else "",
        depth_limit_mm=muscle.depth_limit_mm if muscle else None,
        standing=muscle.default_status if muscle else Muscle.Standing.USUAL,
        consent_group=region.consent_group if region else "",
        region=region.name if region else "",
        region_code=region.code if region else "",
    )


def entry_reasons(site: Site) -> list[Reason]:
    """Why a row cannot be kept as it is, each at its field."""
    return [
        Reason(code, message, field=field)
        for applies, code, field, message in (
            (not site.name, "muscle-missing", "muscle", "Choose a muscle, or write its name."),
            (site.side not in Side.values, "side-missing", "side", "Choose left, right or midline."),
            (not site.technique, "technique-missing", "technique", "Choose how it was needled."),
            (not _within(site.insertions, 1), "insertions-missing", "insertions",
             "Enter the insertions, from 1 to 99."),
            (not _within(site.needles, 1), "needles-missing", "needles",
             "Enter the needles used, from 1 to 99."),
            (not _within(site.twitches, 0), "twitches-missing", "twitches",
             "Enter the twitches. 0 is an answer."),
            (not _needle_exists(site), "needle-missing", "needle",
             "Choose a needle, or enter one of 0.10 to 0.90 mm by 5 to 150 mm."),
            (site.over_lung and site.depth_mm is None, "depth-missing", "depth_mm",
             "Enter the depth in mm. This muscle lies over the lung."),
            (_too_deep(site), "depth-beyond-needle", "depth_mm",
             "The depth cannot be more than the needle's length. Check both."),
            (not _dwell_is_possible(site.dwell_seconds), "dwell-impossible", "dwell",
             "Enter 0 to 240 minutes, the time the needle stayed in."),
            (_out_before_in(site), "out-before-in", "needle_out_at",
             "The needle comes out after it goes in. Check both times."),
        )
        if applies
    ]  # fmt: skip


def questions(sites: Iterable[Site], limits: Limits) -> list[Question]:
    """Everything that asks for a reason, row by row, then what concerns the session."""
    sites = list(sites)
    found = [question for site in sites for question in site_questions(site, limits)]
    lungs = {site.side for site in sites if site.over_lung}
    if {Side.LEFT, Side.RIGHT} <= lungs:
        found.append(
            Question(
                "both-lungs",
                "Both sides of the thorax are needled in one session. Say why, or leave one side out.",
            )
        )
    inserted, used = (sum(getattr(s, name) or 0 for s in sites) for name in ("insertions", "needles"))
    if limits.one_needle_per_insertion and inserted > used:
        found.append(
            Question(
                "insertions-over-needles",
                f"{inserted} insertions with {used} needles. {limits.jurisdiction} wants one needle for each "
                "insertion. Correct the needles, or say why.",
            )
        )
    return found


def site_questions(site: Site, limits: Limits) -> list[Question]:
    """What one row asks."""
    found = [*_muscle_questions(site), *_depth_questions(site), *_profile_questions(site, limits)]
    found += [_avoided_question(site, place) for place in limits.avoided if place.holds(site)]
    if limits.leaves_out(site) and not limits.refuses_outside:
        message = f"No needling course on record covers {site.region.lower()}. Say why it is needled."
        found.append(Question("outside-course", message, site.key))
    if limits.consented is not None and site.consent_group and site.consent_group not in limits.consented:
        found.append(
            Question(
                "region-not-consented",
                f"The consent does not name this part of the body ({site.region.lower()}). "
                "Ask for it now, or say why.",
                site.key,
                limits.consent_url,
                "Add it to the consent",
            )
        )
    return found


def _avoided_question(site: Site, place: Avoided) -> Question:
    message = f"Health questions: {place.label.lower()} here. {place.guidance} Remove the site, or say why."
    return Question(f"avoid-{place.code}", message, site.key)


def _muscle_questions(site: Site) -> list[Question]:
    words = {
        Muscle.Standing.CONTRAINDICATED: "This muscle is marked as not to be needled.",
        Muscle.Standing.NOT_RECOMMENDED: "Needling this muscle is not recommended.",
    }
    message = words.get(site.standing)
    if message is None:
        return []
    return [Question("muscle-not-recommended", f"{message} Remove the site, or say why.", site.key)]


def _depth_questions(site: Site) -> list[Question]:
    found = []
    limit, depth, length = site.depth_limit_mm, site.depth_mm, site.length_mm or 0
    if limit is not None and depth is not None and depth > limit:
        message = (
            f"{depth} mm is over the limit of {limit} mm for this muscle. Correct the depth, or say why."
        )
        found.append(Question("depth-over-limit", message, site.key))
    if site.group == "Neck" and site.hazards & {"cord", "vert"} and length > SUBOCCIPITAL_MM:
        message = (
            f"A needle of {length} mm this close to the spinal canal is longer than {SUBOCCIPITAL_MM} mm. "
            "Say why."
        )
        found.append(Question("long-needle-at-neck", message, site.key))
    if "abd" in site.hazards and length >= ABDOMEN_MM:
        message = f"A needle of {length} mm can reach the abdomen here. Say why this length."
        found.append(Question("long-needle-at-abdomen", message, site.key))
    return found


def _profile_questions(site: Site, limits: Limits) -> list[Question]:
    found = []
    dwell, allowed = dwell_of(site), limits.max_dwell_seconds
    stays = site.is_left_in or bool(dwell)
    if allowed is not None and stays and (dwell or 0) >= allowed and (allowed == 0 or dwell > allowed):
        words = "needles left in" if allowed == 0 else f"needles left in for more than {minutes(allowed)}"
        message = f"{limits.jurisdiction} does not allow {words}. Correct the site, or say why."
        found.append(Question("dwell-over-limit", message, site.key))
    if limits.stimulation_allowed is False and site.technique == NeedleSite.Technique.STIMULATED:
        message = f"{limits.jurisdiction} allows no stimulated needles. Correct the site, or say why."
        found.append(Question("stimulation-not-allowed", message, site.key))
    return found


def dwell_of(site: Site) -> int | None:
    """Seconds the needle stayed in: as entered, else by its instants."""
    if site.dwell_seconds is not None:
        return site.dwell_seconds
    if site.needle_in_at and site.needle_out_at:
        return round((site.needle_out_at - site.needle_in_at).total_seconds())
    return None


def minutes(seconds: int) -> str:
    """“8 minutes”, “7 min 40 s”."""
    whole, rest = divmod(seconds, 60)
    if rest:
        return f"{whole} min {rest} s" if whole else f"{rest} s"
    return f"{whole} minute{'' if whole == 1 else 's'}"


def _within(value: int | None, lowest: int) -> bool:
    return value is not None and lowest <= value <= MAX_COUNT


def _needle_exists(site: Site) -> bool:
    if site.gauge_mm is None or site.length_mm is None:
        return False
    return Decimal("0.10") <= site.gauge_mm <= Decimal("0.90") and 5 <= site.length_mm <= 150


def _too_deep(site: Site) -> bool:
    return None not in (site.depth_mm, site.length_mm) and site.depth_mm > site.length_mm


def _dwell_is_possible(seconds: int | None) -> bool:
    return seconds is None or 0 <= seconds <= MAX_DWELL_SECONDS


def _out_before_in(site: Site) -> bool:
    if site.needle_out_at is None:
        return False
    return site.needle_in_at is None or site.needle_out_at < site.needle_in_at
