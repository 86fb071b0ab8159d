"""Permissions, the grants of each role, and the rules about objects."""

from enum import StrEnum

from clinic.models import Role


class Permission(StrEnum):
    """One act each. The value is its label in the audit and the admin."""

    BOARD_VIEW = "see today's board"
    PATIENT_FIND = "find patients"
    PATIENT_VIEW = "open a record"
    PATIENT_REGISTER = "register patients"
    PATIENT_EDIT = "change a patient's details"
    ALERTS_EDIT = "record allergies and medications"
    VISIT_MANAGE = "book visits and check patients in and out"
    SCREENING_HAND_OVER = "hand the tablet over for health questions"
    SCREENING_ANSWER = "enter answers to health questions"
    SCREENING_VIEW = "read answers to health questions"
    SCREENING_REVIEW = "review health questions"
    CONSENT_TAKE = "take consent"
    CONSENT_VIEW = "read and print consents"
    CONSENT_WITHDRAW = "record a refused or withdrawn consent"
    CHART_VIEW = "read conditions, sessions and follow-up answers"
    CONDITION_RECORD = "record conditions"
    SESSION_OPEN = "open a session"
    SESSION_EDIT = "write a session's draft"
    SESSION_SIGN = "sign a note"
    SESSION_COSIGN = "co-sign the note of a session that they supervised"
    SESSION_ADDEND = "add to a signed note"
    SESSION_CLOSE = "close somebody's draft unsigned"
    FOLLOWUP_CALL = "call patients back"
    RED_FLAG_ACT = "act on a warning sign"
    ADVERSE_EVENT_CLOSE = "close a serious adverse event"
    SHARPS_REPORT = "file and read one's own sharps injuries"
    SHARPS_LOG = "keep the sharps injury log"
    HISTORY_VIEW = "see who did what in a record"
    AUDIT_VIEW = "search the audit"
    REPORTS_VIEW = "read the practice's reports"
    REPORTS_COUNTS = "read reports that count patients"
    REPORTS_DESK = "read everybody's visits and calls in reports"
    RECORD_RESTRICT = "restrict a record and name who may open it"
    RECORD_KEEP = "see how long a record is kept, and hold it"
    DISCLOSURE_RECORD = "record disclosures"
    DISCLOSURE_VIEW = "read disclosures"
    ADMIN_ENTER = "enter the administration"


_DESK = frozenset(
    {
        Permission.BOARD_VIEW,
        Permission.SHARPS_REPORT,
        Permission.PATIENT_FIND,
        Permission.PATIENT_VIEW,
        Permission.PATIENT_REGISTER,
        Permission.PATIENT_EDIT,
        Permission.ALERTS_EDIT,
        Permission.VISIT_MANAGE,
        Permission.SCREENING_HAND_OVER,
        Permission.CONSENT_TAKE,
        Permission.CONSENT_VIEW,
        Permission.CONSENT_WITHDRAW,
        Permission.FOLLOWUP_CALL,
        Permission.DISCLOSURE_RECORD,
    }
)
_READING = frozenset(
    {
        Permission.BOARD_VIEW,
        Permission.SHARPS_REPORT,
        Permission.PATIENT_FIND,
        Permission.PATIENT_VIEW,
        Permission.SCREENING_VIEW,
        Permission.CONSENT_VIEW,
        Permission.CHART_VIEW,
        Permission.HISTORY_VIEW,
        Permission.DISCLOSURE_VIEW,
    }
)
GRANTS: dict[str, frozenset[Permission]] = {
    Role.FRONT_DESK: _DESK | {Permission.REPORTS_DESK},
    Role.THERAPIST: _DESK
    | _READING
    | {
        Permission.SCREENING_ANSWER,
        Permission.SCREENING_REVIEW,
        Permission.CONDITION_RECORD,
        Permission.SESSION_OPEN,
        Permission.SESSION_EDIT,
        Permission.SESSION_SIGN,
        Permission.SESSION_COSIGN,
        Permission.SESSION_ADDEND,
        Permission.RED_FLAG_ACT,
        Permission.REPORTS_COUNTS,
    },
    Role.LEAD: _READING
    | {
        Permission.SCREENING_REVIEW,
        Permission.SESSION_COSIGN,
        Permission.SESSION_ADDEND,
        Permission.SESSION_CLOSE,
        # whoever has to act on a warning sign makes the call
        Permission.FOLLOWUP_CALL,
        Permission.RED_FLAG_ACT,
        Permission.ADVERSE_EVENT_CLOSE,
        Permission.SHARPS_LOG,
        Permission.AUDIT_VIEW,
        Permission.REPORTS_VIEW,
        Permission.REPORTS_COUNTS,
        Permission.REPORTS_DESK,
        Permission.RECORD_RESTRICT,
        Permission.RECORD_KEEP,
        Permission.DISCLOSURE_RECORD,
    },
    # sets up the practice and writes nothing clinical
    Role.ADMIN: frozenset(
        {
            Permission.BOARD_VIEW,
            Permission.ADMIN_ENTER,
            Permission.REPORTS_VIEW,
            Permission.REPORTS_COUNTS,
            Permission.REPORTS_DESK,
            Permission.SHARPS_REPORT,
            Permission.SHARPS_LOG,
        }
    ),
}
# What a grant allows for which object in which state. A queryset or an action enforces each;
# tests/test_access.py checks every page.
OBJECTS: tuple[tuple[str, str, str], ...] = (
    ("Patient", "any", "Open to every role that may open a record."),
    (
        "Patient",
        "restricted",
        "Open to the people named on it, whatever their role. For all others it is not there.",
    ),
    (
        "Patient",
        "restricted",
        "Treating therapists can open the record for one hour with a reason; a lead is told.",
    ),
    ("Patient", "restricted", "The desk sees initials on the board, and no reference."),
    (
        "Patient",
        "restricted",
        "“Restricted record” answers a whole reference, or a whole name and birth date. Guesses are counted.",
    ),
    ("Patient", "own record", "Who is the patient neither restricts, opens nor lifts it."),
    ("Session", "draft", "Written by its author and the supervisor named on it, and by nobody else."),
    ("Session", "draft", "Stays with its author when the record was restricted or the hour has passed."),
    ("Session", "draft", "Signed by its author. Voided by who may write it. Closed unsigned by a lead."),
    (
        "Session",
        "signed, voided, closed",
        "Never changes, for nobody. Later words are addenda and error marks.",
    ),
    ("Answers and charts", "any", "Read by therapists and leads. The desk sees Clear, Caution or Stop."),
    ("Adverse event", "open", "Corrected by therapists and leads. A serious one is closed by a lead."),
    ("Adverse event", "closed, entered in error", "Never changes, for nobody."),
    (
        "Sharps injury",
        "any",
        "Filed, read and corrected by the injured person and by who keeps the log. Every version stays.",
    ),
    (
        "Report",
        "any",
        "Therapists read their own work, leads everybody's. The desk reads visits and calls alone.",
    ),
    ("Report", "patients are counted", "Fewer than five patients are withheld, for everybody."),
    ("Call", "being made", "The caller sees the answers while typing them, then their state."),
    (
        "Role, override, broken glass",
        "one's own",
        "Nobody approves their own. Where there is one lead, the audit says so.",
    ),
)


def permissions_of(user) -> frozenset[Permission]:
    """The union of the user's current roles. Reads the `has_<role>` flags that the sign-in backend sets."""
    granted = (GRANTS[role] for role in Role if getattr(user, f"has_{role.value}", False))
    return frozenset().union(*granted) if user.is_active else frozenset()


def may(user, permission: Permission) -> bool:
    return permission in permissions_of(user)
