"""A note with its locked rows and later entries, from the seal once there is one."""

from django.db.models import OuterRef, QuerySet

from clinic.django_internals.prepared import PreparedQuery
from clinic.models import Jurisdiction, Location, Role, User
from clinic.models.rows import Beside, RelatedRows, Row, put_beside, read_beside
from patients.models import Coverage, Referral, Visit
from treatments.models import Addendum, NeedlingSession, SessionCondition, SorenessReport
from treatments.rules.session.opened_under import JurisdictionRules
from treatments.rules.signing import reading
from treatments.rules.signing import seal as seal_rules
from treatments.rules.signing.reading import Note
from treatments.selectors.adverse_events import event
from treatments.selectors.signing import seal, supervision
from treatments.selectors.sites import origins

BESIDE_A_NOTE = (
    Beside(
        User,
        *("signed_by", "voided_by", "closed_unsigned_by", "therapist", "supervisor"),
        *("needles_second_by", "error_mark__marked_by", "cosignature__signed_by"),
        columns=User.NAMED_BY,
    ),
    Beside(Jurisdiction, "jurisdiction", columns=JurisdictionRules.columns()),
    Beside(Visit, "visit", columns=["arrived_at"]),
)
BESIDE_A_PAPER = (
    Beside(Location, "location"),
    Beside(Referral, "referral", columns=["by_whom", "given_on"]),
    Beside(User, "screening__reviewed_by", "visit_screening__reviewed_by", columns=User.NAMED_BY),
)


def with_note_rows(sessions: QuerySet) -> QuerySet:
    """Sessions with all that their note shows, locked rows and later entries, for `with_people`."""
    addenda = Addendum.objects.filter(session=OuterRef("pk")).order_by("pk")
    reports = SorenessReport.objects.filter(followup__session=OuterRef("pk"), superseded_by=None)
    about = ("patient", "seal", "error_mark", "cosignature")
    beside = read_beside(sessions.select_related(*about), *BESIDE_A_NOTE)
    return seal.with_locked_rows(beside).annotate(
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
            at="reported_at", urgency="urgency",
            by="reported_by__first_name",
        ),
        note_events=event.rows_of_session(),
        note_supervisors=supervision.rows_of_session(),
    )  # fmt: skip


def with_paper_rows(sessions: QuerySet) -> QuerySet:
    """The same with what paper prints around a note, in the same query."""
    opened_under = ("screening", "visit_screening", "consent__withdrawal")
    conditions = SessionCondition.objects.filter(session=OuterRef("pk"), removed_at=None).order_by("pk")
    payers = Coverage.objects.filter(patient=OuterRef("patient")).order_by("pk")
    beside = read_beside(sessions.select_related(*opened_under), *BESIDE_A_PAPER)
    return beside.annotate(
        paper_conditions=RelatedRows(
            conditions, name="name", side="side", icd10="icd10", code_set_year="code_set_year",
            code_set_ended_on="code_set_ended_on",
            onset_on="patient_condition__onset_on", onset_precision="patient_condition__onset_precision",
            goal="patient_condition__goal",
        ),
        paper_payers=RelatedRows(
            payers, kind="kind", payer="payer", member_id="member_id", noted_at="noted_at",
            ended_at="ended_at",
        ),
    )  # fmt: skip


def with_people(note: Row) -> Row:
    """The note with the people, the place and the state's rules that it leads to."""
    return put_beside(note, *BESIDE_A_NOTE, *BESIDE_A_PAPER)


def notes() -> QuerySet:
    """For `with_people`."""
    return with_note_rows(NeedlingSession.objects.all())


def note_of(pk: int) -> NeedlingSession:
    """A session that is there, as its page reads it."""
    (row,) = NOTE(pk=pk)
    return with_people(row)


def paper_of(pk: int) -> NeedlingSession:
    """The same as it is printed."""
    (row,) = PAPER(pk=pk)
    return with_people(row)


NOTE = PreparedQuery(lambda pk: origins.with_site_changes(notes().filter(pk=pk)))
PAPER = PreparedQuery(lambda pk: origins.with_site_changes(with_paper_rows(notes()).filter(pk=pk)))


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
