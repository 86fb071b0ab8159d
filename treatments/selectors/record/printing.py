"""The whole chart for paper: every session with its parts, read in one statement."""

from django.db.models import F, OuterRef, Subquery
from django.db.models.functions import Coalesce

from clinic.models.rows import RelatedRows
from patients.models import Patient
from treatments.models import Addendum, ErrorMark, NeedleSite, NeedlingSession, SessionCondition
from treatments.selectors.adverse_events import event
from treatments.selectors.record import patient_sessions

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
ADDENDUM_COLUMNS = {
    "kind": "kind",
    "at": "written_at",
    "text": "text",
    "reason": "reason",
    "by_then": "written_by_name",
    "given": "written_by__first_name",
    "family": "written_by__last_name",
    "letters": "written_by__display_credentials",
    "accepted": "answer__accepted",
    "answer": "answer__text",
    "answered_at": "answer__answered_at",
    "answered_by_then": "answer__answered_by_name",
    "answered_given": "answer__answered_by__first_name",
    "answered_family": "answer__answered_by__last_name",
    "answered_letters": "answer__answered_by__display_credentials",
}


def sessions(patient: Patient) -> list[NeedlingSession]:
    """All sessions with their parts, the oldest first."""
    of_session = {"session": OuterRef("pk")}
    rows = (
        patient_sessions.sessions_of(patient)
        .select_related("therapist")
        .annotate(
            pain_rows=RelatedRows(
                SessionCondition.objects.filter(**of_session, removed_at=None),
                pk="pk",
                **_by_own_name(PAIN_COLUMNS),
            ),
            site_rows=RelatedRows(
                NeedleSite.objects.standing().filter(**of_session),
                unlisted_name=Coalesce("muscle__name", "unlisted_name"),
                gauge_mm="gauge_mm",
                needle_in_at="needle_in_at",
                needle_out_at="needle_out_at",
                **_by_own_name(SITE_COLUMNS),
            ),
            addendum_rows=RelatedRows(
                Addendum.objects.filter(**of_session),
                **ADDENDUM_COLUMNS,
            ),
            event_rows=event.rows_of_session(),
            error_reason=Subquery(ErrorMark.objects.filter(**of_session).values("reason")[:1]),
            sealed_text=F("seal__text"),
        )
    )
    return list(reversed(rows))


def _by_own_name(columns: tuple[str, ...]) -> dict[str, str]:
    return {name: name for name in columns}
