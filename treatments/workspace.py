"""What the session page shows around its fields: rows with questions, figure, foot."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import F, QuerySet
from django.utils import timezone

from clinic.django_internals.prepared import Prepared
from clinic.models import BodyRegion, Practice
from patients.rules import validity
from treatments import billing, dosing, drafts, readiness, sentences
from treatments.models import NeedleSite, NeedlingSession

# Habits of the hand come from the therapist's newest sessions only: bounded, and they change with the hand.
HABIT_SESSIONS = 40
SIDES = {"left": "l", "right": "r"}


@dataclass(frozen=True)
class Asked:
    """A question of a rule with the reason that was given, if any."""

    question: dosing.Question
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
        left_in = self.site.technique in dosing.LEFT_IN
        return left_in and self.site.needle_in_at is None and self.site.dwell_seconds is None


def sites_of(session: NeedlingSession) -> list[NeedleSite]:
    return SITES(pk=session.pk)


SITES = Prepared(
    lambda pk: (
        NeedleSite.objects.filter(session=pk).select_related("muscle", "region").order_by("number", "pk")
    )
)


def habits(session: NeedlingSession, *, of) -> tuple[list[NeedleSite], list[NeedleSite]]:
    """The newest sites that the therapist `of` entered, and the newest of this patient."""
    every = USED(therapist=of.pk, patient=session.patient_id)
    hand = [site for site in every if site.added_by_id == of.pk]
    return hand, [site for site in every if site.patient_id == session.patient_id]


def _used(therapist: int, patient: int) -> QuerySet:
    newest = NeedlingSession.objects.order_by("-opened_at").values("pk")
    hand, here = newest.filter(therapist=therapist), newest.filter(patient=patient)
    sessions = NeedlingSession.objects.order_by().in_any(hand[:HABIT_SESSIONS], here[:HABIT_SESSIONS])
    listed = NeedleSite.objects.standing().filter(session__in=sessions, muscle__isnull=False)
    return listed.annotate(patient_id=F("session__patient"))


USED = Prepared(_used)


def rows(session: NeedlingSession, sites: Iterable[NeedleSite]) -> list[Row]:
    """The draft's rows in order, each with what its rules ask; struck ones stay and ask nothing."""
    answers, versions = drafts.answered(session), drafts.versions(session)
    limits = readiness.limits_of(session)
    found = []
    for site in sites:
        asks = [] if site.struck_at else dosing.site_questions(dosing.facts_for(site), limits)
        key = str(site.key)
        asked = [Asked(question, answers.get(question.key, "")) for question in asks]
        version = versions.get(("site", "", key), 0)
        found.append(Row(site, sentences.site_head(site), sentences.site_tail(site), version, asked))
    return found


def session_questions(session: NeedlingSession, sites: Iterable[NeedleSite]) -> list[Asked]:
    """What the sites ask together."""
    answers = drafts.answered(session)
    facts = [dosing.facts_for(site) for site in sites if not site.struck_at]
    asked = readiness.questions_for(session, facts)
    return [Asked(q, answers.get(q.key, "")) for q in asked if not q.site_key]


def foot(session: NeedlingSession, sites: Iterable[NeedleSite], practice: Practice) -> dict:
    """Needles in and out, the code with its reason, and how long it lasted."""
    standing = [site for site in sites if not site.struck_at]
    placed = sum(site.needles for site in standing)
    still_in = sum(site.needles for site in standing if site.needle_in_at and not site.needle_out_at)
    out = session.needles_out
    return {
        "placed": placed,
        "still_in": still_in,
        "difference": None if out is None else abs(placed - out),
        "missing": out is not None and out < placed,
        "proposal": billing.proposal_for(standing, practice),
        "medicare": drafts.medicare(session),
        "minutes": lasted(session),
    }


def lasted(session: NeedlingSession) -> int | None:
    """Whole minutes by the instants: a clock change does not stretch a session."""
    if session.started_at is None:
        return None
    end = session.ended_at or timezone.now()
    return max(round((end - session.started_at) / dt.timedelta(minutes=1)), 0)


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
            regions=drafts.consented(session),
        ),
    )


def _screening(row) -> validity.ScreeningFacts | None:
    if row is None:
        return None
    return validity.ScreeningFacts(
        row.pk, row.computed_level, row.decided_level, row.expires_on, row.visit_id
    )
