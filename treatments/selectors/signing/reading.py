"""A note with its locked rows and later entries, from the seal once there is one."""

from django.db.models import OuterRef, QuerySet

from clinic.models import Role, User
from clinic.models.rows import RelatedRows
from patients.models import Coverage
from treatments.models import Addendum, NeedlingSession, SessionCondition, SorenessReport
from treatments.rules.signing import reading
from treatments.rules.signing import seal as seal_rules
from treatments.rules.signing.reading import Note
from treatments.selectors.adverse_events import event
from treatments.selectors.signing import seal


def with_note_rows(sessions: QuerySet) -> QuerySet:
    """Sessions with all that their note shows, locked rows and later entries, in one query."""
    addenda = Addendum.objects.filter(session=OuterRef("pk")).order_by("pk")
    reports = SorenessReport.objects.filter(followup__session=OuterRef("pk"), superseded_by=None)
    people = ("signed_by", "voided_by", "closed_unsigned_by", "therapist", "supervisor")
    about = (
        "patient",
        "visit__room",
        "location",
        "jurisdiction",
        "seal",
        "error_mark__marked_by",
        "cosignature__signed_by",
    )
    return seal.with_locked_rows(sessions).select_related(*people, *about).annotate(
        note_addenda=RelatedRows(
            addenda, pk="pk", kind="kind", reason="reason", text="text", at="written_at",
            by_then="written_by_name", answered_by_then="answer__answered_by_name",
            first="written_by__first_name", last="written_by__last_name",
            letters="written_by__display_credentials",
            accepted="answer__accepted", answer="answer__text", answered_at="answer__answered_at",
            answered_first="answer__answered_by__first_name",
            answered_last="answer__answered_by__last_name",
            answered_letters="answer__answered_by__display_credentials",
        ),
        note_reports=RelatedRows(
            reports.order_by("followup__step"), step="followup__step", now="now", triage="triage",
            at="reported_at",
            by="reported_by__first_name",
        ),
        note_events=event.rows_of_session(),
    )  # fmt: skip


def with_paper_rows(sessions: QuerySet) -> QuerySet:
    """The same with what paper prints around a note, in the same query."""
    opened_under = (
        "screening__reviewed_by",
        "visit_screening__reviewed_by",
        "consent__withdrawal",
        "referral",
    )
    conditions = SessionCondition.objects.filter(session=OuterRef("pk"), removed_at=None).order_by("pk")
    payers = Coverage.objects.filter(patient=OuterRef("patient")).order_by("pk")
    return sessions.select_related(*opened_under).annotate(
        paper_conditions=RelatedRows(
            conditions, name="name", side="side", icd10="icd10", code_set_year="code_set_year",
            onset_on="patient_condition__onset_on", onset_precision="patient_condition__onset_precision",
            goal="patient_condition__goal",
        ),
        paper_payers=RelatedRows(
            payers, kind="kind", payer="payer", member_id="member_id", noted_at="noted_at",
            ended_at="ended_at",
        ),
    )  # fmt: skip


def notes() -> QuerySet:
    return with_note_rows(NeedlingSession.objects.all())


def lead_names() -> list[str]:
    """Whom to notify of a note that does not read as it was signed."""
    return [person.display_name for person in User.objects.holding(Role.LEAD)]


def sealed_note(session: NeedlingSession) -> Note:
    """The note as it was signed. `session` comes from `with_note_rows` and has a seal."""
    verdict = seal.verify(session)
    text = seal_rules.read(session.seal)
    now = (
        {} if verdict.agrees else seal.current_text(session, version=text.get("version", seal_rules.VERSION))
    )
    return reading.signed_note(text, verdict, now=now)
