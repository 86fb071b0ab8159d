"""What the session page shows around its fields: rows with prompts, the figure, the safety facts."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from clinic.models import BodyRegion
from patients.rules import validity
from treatments.models import NeedleSite, NeedlingSession
from treatments.rules.session import draft_parts, sentences
from treatments.rules.sites import entry, needled_site

SIDES = {"left": "l", "right": "r"}


@dataclass(frozen=True)
class Asked:
    """A question of a rule with the reason that was given, if any."""

    question: needled_site.Question
    answer: str = ""


@dataclass(frozen=True)
class Row:
    """One kept site as the page shows it."""

    site: NeedleSite
    head: str
    tail: str
    version: int
    asked: list[Asked] = field(default_factory=list)

    @property
    def label(self) -> str:
        return f"site {self.site.number}, {self.head.rstrip('.')}"

    @property
    def is_open(self) -> bool:
        return any(not asked.answer for asked in self.asked)

    @property
    def needles_are_in(self) -> bool:
        return self.site.needle_in_at is not None and self.site.needle_out_at is None

    @property
    def can_be_timed(self) -> bool:
        left_in = self.site.technique in needled_site.LEFT_IN
        return left_in and self.site.needle_in_at is None and self.site.dwell_seconds is None


def rows(session: NeedlingSession, sites: Iterable[NeedleSite]) -> list[Row]:
    """The draft's rows in order, each with what its rules ask; struck ones stay and ask nothing."""
    answers, versions = draft_parts.answered(session), draft_parts.versions(session)
    limits = draft_parts.limits_of(session)
    found = []
    for site in sites:
        asks = [] if site.struck_at else entry.site_questions(needled_site.facts_for(site), limits)
        key = str(site.key)
        asked = [Asked(question, answers.get(question.key, "")) for question in asks]
        version = versions.get(("site", "", key), 0)
        found.append(Row(site, sentences.site_head(site), sentences.site_tail(site), version, asked))
    return found


def session_questions(session: NeedlingSession, sites: Iterable[NeedleSite]) -> list[Asked]:
    """What the sites ask together."""
    answers = draft_parts.answered(session)
    facts = [needled_site.facts_for(site) for site in sites if not site.struck_at]
    asked = draft_parts.questions_for(session, facts)
    return [Asked(q, answers.get(q.key, "")) for q in asked if not q.site_key]


def marks(sites: Iterable[NeedleSite]) -> dict[str, dict]:
    """Marks of the figure, front and back: the region with the numbers of its sites."""
    found: dict[str, dict] = {BodyRegion.View.FRONT: {}, BodyRegion.View.BACK: {}}
    for site in sites:
        if site.struck_at or site.region is None:
            continue
        for letter in [SIDES[site.side]] if site.side in SIDES else ["l", "r"]:
            mark = found[site.region.view].setdefault(
                f"{site.region.code}-{letter}", {"cls": "on", "numbers": []}
            )
            mark["numbers"].append(str(site.number))
            mark["badge"] = ",".join(mark["numbers"])
    return found


def safety_facts(session: NeedlingSession) -> validity.Facts:
    """What the session was opened under, as the strip reads it: no question is asked again."""
    consent = session.consent
    return validity.Facts(
        ref=session.patient.ref,
        born=session.patient.born,
        intake=_screening(session.screening),
        visit_screens=tuple(filter(None, [_screening(session.visit_screening)])),
        consent=consent
        and validity.ConsentFacts(
            pk=consent.pk,
            expires_on=consent.expires_on,
            refused=consent.refused_at is not None,
            withdrawn=getattr(consent, "withdrawal", None) is not None,
            signer=consent.signer,
            regions=draft_parts.consented(session),
        ),
    )


def _screening(row) -> validity.ScreeningFacts | None:
    if row is None:
        return None
    return validity.ScreeningFacts(
        row.pk, row.computed_level, row.decided_level, row.expires_on, row.visit_id
    )
