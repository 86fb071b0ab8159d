"""The whole chart for paper: every session in sentences, read in one statement."""

from decimal import Decimal

from django.db.models import F, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from clinic.models.rows import Rows, instant
from treatments.models import Addendum, ErrorMark, NeedleSite, NeedlingSession, SessionCondition
from treatments.rules.record.page import STATES
from treatments.rules.session import sentences

SITE_COLUMNS = (
    "number",
    "side",
    "sub_site",
    "tissue",
    "technique",
    "lot",
    "length_mm",
    "depth_mm",
    "direction",
    "needles",
    "insertions",
    "twitches",
    "dwell_seconds",
    "taut_band",
    "nodule",
    "referral_reproduced",
    "pain_during",
    "bleeding",
    "haemostasis",
    "note",
)
PAIN_COLUMNS = ("name", "side", "icd10", "pain_before", "pain_after", "not_asked_before", "not_asked_after")
ANSWERS = ("taut_band", "nodule", "referral_reproduced")
WORDS = (("other_care", "Other treatment given"), ("note", "Note"), ("plan", "Plan"))


def sessions(found: QuerySet) -> list[dict]:
    """Oldest first, as paper is read."""
    mine = {"session": OuterRef("pk")}
    rows = found.select_related("therapist").annotate(
        pain_rows=Rows(
            SessionCondition.objects.filter(**mine, removed_at=None), pk="pk", **_named(PAIN_COLUMNS)
        ),
        site_rows=Rows(
            NeedleSite.objects.standing().filter(**mine),
            unlisted_name=Coalesce("muscle__name", "unlisted_name"),
            gauge_mm="gauge_mm",
            needle_in_at="needle_in_at",
            needle_out_at="needle_out_at",
            **_named(SITE_COLUMNS),
        ),
        addendum_rows=Rows(
            Addendum.objects.filter(**mine),
            kind="kind",
            at="written_at",
            text="text",
            accepted="answer__accepted",
            answer="answer__text",
            answered_at="answer__answered_at",
            answered_given="answer__answered_by__first_name",
            answered_family="answer__answered_by__last_name",
            reason="reason",
            given=F("written_by__first_name"),
            family=F("written_by__last_name"),
        ),
        error_reason=Subquery(ErrorMark.objects.filter(**mine).values("reason")[:1]),
    )
    return [_session(row) for row in reversed(rows)]


def _session(row: NeedlingSession) -> dict:
    pains = [SessionCondition(**part) for part in sorted(row.pain_rows, key=_pk)]
    sites = [_site(part) for part in sorted(row.site_rows, key=_number)]
    return {
        "on": timezone.localdate(row.started_at or row.opened_at),
        "number": row.visit_number,
        "therapist": row.therapist.display_name,
        "state": "In error" if row.error_reason else STATES[row.state][1],
        "is_draft": row.state == "draft",
        "error_reason": row.error_reason,
        "signed_at": row.signed_at,
        "pains": [sentences.pain_sentence(pain) for pain in pains],
        "sites": [sentences.site_sentence(site) for site in sites],
        "tolerance": row.get_tolerance_display() if row.tolerance else "",
        "words": _words(row),
        "addenda": [_addendum(part) for part in row.addendum_rows],
    }


def _words(row: NeedlingSession) -> list[tuple[str, str]]:
    written = ((label, getattr(row, name)) for name, label in WORDS)
    return [(label, text) for label, text in written if text]


def _addendum(part: dict) -> dict:
    times = {name: instant(part[name]) for name in ("at", "answered_at")}
    return {**part, **times, "kind": Addendum.Kind(part["kind"]).label}


def _site(part: dict) -> NeedleSite:
    """A site in memory only, to be read aloud. SQLite writes truth as 1 and decimals as numbers."""
    answers = {name: None if part[name] is None else bool(part[name]) for name in ANSWERS}
    times = {name: instant(part[name]) for name in ("needle_in_at", "needle_out_at")}
    return NeedleSite(**{**part, **answers, **times, "gauge_mm": Decimal(str(part["gauge_mm"]))})


def _named(columns: tuple[str, ...]) -> dict[str, str]:
    return {name: name for name in columns}


def _pk(part: dict) -> int:
    return part["pk"]


def _number(part: dict) -> int:
    return part["number"]
