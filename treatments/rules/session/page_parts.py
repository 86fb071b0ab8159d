"""What the session page shows around its fields: sites with prompts, the figure's marks, and the foot."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from clinic.models import BodyRegion
from patients.rules.notices import Modifiers
from treatments.rules import billing
from treatments.rules.session import draft_parts, sentences
from treatments.rules.session.draft import Draft, DraftSession
from treatments.rules.session.parts import DraftSite
from treatments.rules.sites import depth_bound, hazards, muscle_parts, needled_site
from treatments.rules.sites.depth_bound import DepthBesideBound

SIDES = {"left": "l", "right": "r"}


@dataclass(frozen=True)
class AnsweredPrompt:
    """A rule's prompt with the reason that was given, if any."""

    prompt: needled_site.Prompt
    answer: str = ""


@dataclass(frozen=True)
class SiteRow:
    """One saved site as the page shows it."""

    site: DraftSite
    head: str
    tail: str
    version: int
    depth_note: str = ""
    prompts: list[AnsweredPrompt] = field(default_factory=list)
    depth: DepthBesideBound | None = None
    # the muscles that it asks among, where its row stands for several and it does not say which
    which: tuple[str, ...] = ()

    @property
    def question(self) -> str:
        return muscle_parts.question(self.which)

    @property
    def label(self) -> str:
        return _("site %(number)s, %(head)s") % {"number": self.site.number, "head": self.head.rstrip(".")}

    @property
    def is_open(self) -> bool:
        return bool(self.which) or any(not prompt.answer for prompt in self.prompts)

    @property
    def needles_are_in(self) -> bool:
        return self.site.needle_in_at is not None and self.site.needle_out_at is None

    @property
    def can_be_timed(self) -> bool:
        left_in = self.site.technique in needled_site.LEFT_IN
        return left_in and self.site.needle_in_at is None and self.site.dwell_seconds is None


def site_rows(draft: Draft) -> list[SiteRow]:
    """The draft's sites in order, each with its prompts; a struck site stays and has none."""
    answers, versions = draft.answers, draft.versions
    limits = draft_parts.constraints_of(draft)
    which = muscle_parts.unnamed(draft.standing_sites, heads_count_once=draft.practice.heads_count_once)
    found = []
    for site in draft.sites:
        needled = needled_site.from_row(site)
        raised = [] if site.struck_at else draft_parts.prompts_of_site(needled, limits)
        prompts = [AnsweredPrompt(prompt, answers.get(prompt.key, "")) for prompt in raised]
        version = versions.get(("site", "", site.key), 0)
        note = "" if _asks_of_depth(raised) else hazards.published_note(needled)
        head, tail = sentences.site_head(site), sentences.site_tail(site)
        depth = depth_bound.beside(needled)
        found.append(SiteRow(site, head, tail, version, note, prompts, depth, which.get(site.key, ())))
    return found


def _asks_of_depth(raised: Iterable[needled_site.Prompt]) -> bool:
    """A prompt about the published depth says itself what is published."""
    return any(prompt.rule == hazards.OVER_PUBLISHED for prompt in raised)


def session_prompts(draft: Draft) -> list[AnsweredPrompt]:
    """The prompts about the session as a whole."""
    answers = draft.answers
    raised = draft_parts.prompts_for(draft)
    return [AnsweredPrompt(prompt, answers.get(prompt.key, "")) for prompt in raised if not prompt.site_key]


def marks(sites: Iterable[DraftSite], *, chosen: str = "") -> dict[str, dict]:
    """Marks of the figure, front and back: the region with the numbers of its sites, the chosen one apart."""
    found: dict[str, dict] = {BodyRegion.View.FRONT: {}, BodyRegion.View.BACK: {}}
    for site in sites:
        if site.struck_at or site.region is None:
            continue
        for letter in [SIDES[site.side]] if site.side in SIDES else ["l", "r"]:
            mark = found[site.region.view].setdefault(
                f"{site.region.code}-{letter}", {"cls": "on", "numbers": []}
            )
            mark["numbers"].append(str(site.number))
            if site.key == chosen:
                mark["cls"] = "next"
            mark["badge"] = ",".join(mark["numbers"])
    return found


def foot(draft: Draft, *, now: dt.datetime) -> dict:
    """Needles in and out, the code with its reason, and how long it lasted."""
    standing = draft.standing_sites
    needles_in = sum(site.needles for site in standing)
    still_in = sum(site.needles for site in standing if site.needle_in_at and not site.needle_out_at)
    needles_out = draft.session.needles_out
    return {
        "placed": needles_in,
        "still_in": still_in,
        "difference": None if needles_out is None else abs(needles_in - needles_out),
        "missing": needles_out is not None and needles_out < needles_in,
        "proposal": billing.proposal_for(standing, draft.practice),
        "medicare": medicare(draft, now=now),
        "minutes": elapsed_minutes(draft.session, now=now),
    }


def medicare(draft: Draft, *, now: dt.datetime) -> Modifiers | None:
    """The modifiers that Medicare's notices make, once there is a code. None: Medicare is not asked."""
    if draft.session.not_needled or not draft.standing_sites:
        return None
    return billing.modifiers_of(draft.medicare, at=draft.session.started_at or now)


def elapsed_minutes(session: DraftSession, *, now: dt.datetime) -> int | None:
    """Whole minutes by the instants: a clock change does not stretch a session."""
    if session.started_at is None:
        return None
    end = session.ended_at or now
    return max(round((end - session.started_at) / dt.timedelta(minutes=1)), 0)
