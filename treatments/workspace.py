"""What the session page shows around its fields: rows with questions, figure, foot, earlier visits."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import Avg, Count, F, OuterRef, Q, QuerySet
from django.utils import timezone

from clinic.models import BodyRegion, Practice
from clinic.models.rows import Rows
from clinic.prepared import Prepared
from patients import validity
from treatments import billing, dosing, drafts, readiness, sentences
from treatments.models import NeedleSite, NeedlingSession, SessionCondition, SorenessReport

EARLIER = 3
# Habits of the hand come from the therapist's newest sessions only: bounded, and they change with the hand.
HABIT_SESSIONS = 40
# Fewer visits than this say little about what helped.
ENOUGH_VISITS = 3
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
    wanted = Q(session__in=hand[:HABIT_SESSIONS]) | Q(session__in=here[:HABIT_SESSIONS])
    listed = NeedleSite.objects.standing().filter(wanted, muscle__isnull=False)
    return listed.annotate(patient_id=F("session__patient"))


USED = Prepared(_used)


def sites_with_plan(session: NeedlingSession) -> tuple[list[NeedleSite], list[dict]]:
    """The draft's sites; in the same question those of the visit before it, as that visit's plan."""
    found = PLANNED(pk=session.pk, patient=session.patient_id, opened_at=session.opened_at)
    before = [site for site in found if site.session_id != session.pk]
    return [site for site in found if site.session_id == session.pk], _visit_of(before)


def _planned(pk: int, patient: int, opened_at: dt.datetime) -> QuerySet:
    last = _before(pk, patient, opened_at).values("pk")[:1]
    wanted = Q(session=pk) | Q(session__in=last, struck_at=None)
    sites = NeedleSite.objects.filter(wanted).select_related("muscle", "region", "session")
    return sites.order_by("number", "pk")


PLANNED = Prepared(_planned)


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


def earlier(session: NeedlingSession) -> list[dict]:
    """The three visits before this one, in one question however long the history is."""
    visits = []
    for row in PAST(pk=session.pk, patient=session.patient_id, opened_at=session.opened_at):
        visits.append(
            {
                "ref": row.ref,
                "on": timezone.localdate(row.started_at or row.opened_at),
                "pains": [c for c in row.said_conditions if c["before"] is not None],
                "sites": [{**_past_site(site), "ref": row.ref} for site in row.said_sites],
                "reports": row.said_after,
                "plan": row.plan,
            }
        )
    return visits


def _past(pk: int, patient: int, opened_at: dt.datetime) -> QuerySet:
    found = _before(pk, patient, opened_at).annotate(
        said_conditions=Rows(_conditions(), before="pain_before", after="pain_after"),
        said_sites=Rows(_sites(), pk="pk", code="muscle__code", name="muscle__name", unlisted="unlisted_name",
                        side="side", insertions="insertions", gauge="gauge_mm", length="length_mm"),
        said_after=Rows(_reports(), step="followup__step", now="now"),
    )  # fmt: skip
    return found[:EARLIER]


PAST = Prepared(_past)


def plan(visits: list[dict], sites: Iterable[NeedleSite]) -> list[dict]:
    """The last visit's sites as chips; one that stands in this draft already is ticked."""
    if not visits:
        return []
    standing = {(site.name, site.side) for site in sites if not site.struck_at}
    return [{**past, "done": (past["name"], past["side"]) in standing} for past in visits[0]["sites"]]


def helped(session: NeedlingSession) -> list[dict]:
    """Mean change in pain per muscle at this patient's other visits, with their number."""
    measured = NeedleSite.objects.standing().filter(
        session__patient=session.patient_id,
        session__voided_at=None,
        session__conditions__pain_before__isnull=False,
        session__conditions__pain_after__isnull=False,
    )
    measured = measured.exclude(session=session)
    change = F("session__conditions__pain_after") - F("session__conditions__pain_before")
    found = measured.order_by().values("muscle__name", "unlisted_name", "side").annotate(
        visits=Count("session", distinct=True), change=Avg(change)
    )  # fmt: skip
    return [
        {
            **row,
            "name": row["muscle__name"] or row["unlisted_name"],
            "few": row["visits"] < ENOUGH_VISITS,
            "said": _signed(row["change"]),
        }
        for row in found.order_by("-visits", "change")[:4]
    ]


def _before(pk: int, patient: int, opened_at: dt.datetime) -> QuerySet:
    """The visits before a session, the newest first."""
    visits = NeedlingSession.objects.counted().filter(patient=patient, opened_at__lt=opened_at)
    return visits.exclude(pk=pk).order_by("-opened_at")


def _visit_of(sites: list[NeedleSite]) -> list[dict]:
    """What the chips of a plan say of one earlier visit, from its sites."""
    if not sites:
        return []
    visit = sites[0].session
    chips = [{**_past_site(_as_row(site)), "ref": visit.ref} for site in sites]
    return [{"ref": visit.ref, "on": timezone.localdate(visit.started_at or visit.opened_at), "sites": chips}]


def _as_row(site: NeedleSite) -> dict:
    columns = ("pk", "side", "insertions")
    muscle = {name: getattr(site.muscle, name, None) for name in ("code", "name")}
    needle = {"gauge": site.gauge_mm, "length": site.length_mm, "unlisted": site.unlisted_name}
    return {**{name: getattr(site, name) for name in columns}, **muscle, **needle}


def _conditions() -> QuerySet:
    return SessionCondition.objects.filter(session=OuterRef("pk"), removed_at=None).order_by("pk")


def _sites() -> QuerySet:
    return NeedleSite.objects.standing().filter(session=OuterRef("pk")).order_by("number")


def _reports() -> QuerySet:
    newest = SorenessReport.objects.filter(followup__session=OuterRef("pk"), superseded_by=None)
    return newest.order_by("followup__step", "pk")


def _past_site(row: dict) -> dict:
    name = row["name"] or row["unlisted"]
    gauge = f"{float(row['gauge']):.2f}"
    return {
        "pk": row["pk"],
        "name": name,
        "value": f"{name} ({row['code'].upper()})" if row["code"] else name,
        "side": row["side"],
        "letter": row["side"][:1].upper(),
        "insertions": row["insertions"],
        "needle": f"{gauge}x{row['length']}",
        "needle_words": f"{gauge}×{row['length']}",
    }


def _signed(change: float) -> str:
    return f"{'−' if change < 0 else '+' if change > 0 else ''}{abs(change):.1f}"
