"""Permissions, the grants of each role, and the rules about objects."""

from enum import StrEnum
from functools import cache

from django.utils.translation import gettext, gettext_lazy, gettext_noop

from clinic.models import Role
from clinic.values.words import Text


class Permission(StrEnum):
    """One act each. The audit keeps the value; people read its label."""

    BOARD_VIEW = gettext_noop("see today's board")
    PATIENT_FIND = gettext_noop("find patients")
    PATIENT_VIEW = gettext_noop("open a record")
    PATIENT_REGISTER = gettext_noop("register patients")
    DUPLICATES_SORT = gettext_noop("see possible duplicates and say who are different people")
    PATIENT_EDIT = gettext_noop("change a patient's details")
    PATIENTS_BRING_IN = gettext_noop("bring patients in from another system's file")
    ALERTS_EDIT = gettext_noop("record allergies and medications")
    VISIT_MANAGE = gettext_noop("book visits and check patients in and out")
    SCREENING_HAND_OVER = gettext_noop("hand the tablet over for health questions")
    SCREENING_ANSWER = gettext_noop("enter answers to health questions")
    SCREENING_VIEW = gettext_noop("read answers to health questions")
    SCREENING_REVIEW = gettext_noop("review health questions")
    CONSENT_TAKE = gettext_noop("take consent")
    CONSENT_VIEW = gettext_noop("read and print consents")
    CONSENT_WITHDRAW = gettext_noop("record a refused or withdrawn consent")
    CHART_VIEW = gettext_noop("read conditions, sessions and follow-up answers")
    CONDITION_RECORD = gettext_noop("record conditions")
    SESSION_OPEN = gettext_noop("open a session")
    SESSION_EDIT = gettext_noop("write a session's draft")
    SESSION_SIGN = gettext_noop("sign a note")
    SESSION_COSIGN = gettext_noop("co-sign the note of a session that they supervised")
    SESSION_ADDEND = gettext_noop("add to a signed note")
    SESSION_CLOSE = gettext_noop("close somebody's draft unsigned")
    SUPERVISOR_REPLACE = gettext_noop("name another supervisor of a draft, or of a note that waits")
    FOLLOWUP_CALL = gettext_noop("call patients back")
    RED_FLAG_ACT = gettext_noop("act on a warning sign")
    WARNING_SIGN_WEIGH = gettext_noop("approve how urgent warning signs are")
    ADVERSE_EVENT_CLOSE = gettext_noop("close a serious adverse event")
    SHARPS_REPORT = gettext_noop("file and read one's own sharps injuries")
    SHARPS_LOG = gettext_noop("keep the sharps injury log")
    MUSCLE_REVIEW = gettext_noop("review muscles and what they rest on")
    HISTORY_VIEW = gettext_noop("see who did what in a record")
    AUDIT_VIEW = gettext_noop("search the audit")
    REPORTS_VIEW = gettext_noop("read the practice's reports")
    REPORTS_COUNTS = gettext_noop("read reports that count patients")
    REPORTS_DESK = gettext_noop("read everybody's visits and calls in reports")
    RECORD_RESTRICT = gettext_noop("restrict a record and name who may open it")
    RECORD_MERGE = gettext_noop("merge two records of one person and take it back")
    RECORD_KEEP = gettext_noop("see how long a record is kept, and hold it")
    PAPER_FILE = gettext_noop("file scanned documents and mark wrong ones")
    PAPER_VIEW = gettext_noop("open scanned documents that are not clinical")
    DISCLOSURE_RECORD = gettext_noop("record disclosures")
    DISCLOSURE_VIEW = gettext_noop("read disclosures")
    STATE_RULES_VIEW = gettext_noop("compare the rules of the states")
    COUNSEL_RECORD = gettext_noop("record what counsel says of a state that bars needling")
    SET_UP_VIEW = gettext_noop("see what the practice needs before its first session")
    STAFF_LEAVE = gettext_noop("hand over the work of somebody who leaves")
    PRACTICE_EXPORT = gettext_noop("take the whole practice out as files")
    ADMIN_ENTER = gettext_noop("enter the administration")

    @property
    def label(self) -> str:
        return gettext(self.value)


_DESK = frozenset(
    {
        Permission.BOARD_VIEW,
        Permission.SHARPS_REPORT,
        Permission.PATIENT_FIND,
        Permission.PATIENT_VIEW,
        Permission.PATIENT_REGISTER,
        Permission.DUPLICATES_SORT,
        Permission.PATIENT_EDIT,
        Permission.ALERTS_EDIT,
        Permission.VISIT_MANAGE,
        Permission.SCREENING_HAND_OVER,
        Permission.CONSENT_TAKE,
        Permission.CONSENT_VIEW,
        Permission.CONSENT_WITHDRAW,
        Permission.FOLLOWUP_CALL,
        Permission.PAPER_FILE,
        Permission.PAPER_VIEW,
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
        Permission.PAPER_VIEW,
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
        Permission.SUPERVISOR_REPLACE,
        # whoever has to act on a warning sign makes the call
        Permission.FOLLOWUP_CALL,
        Permission.RED_FLAG_ACT,
        Permission.WARNING_SIGN_WEIGH,
        Permission.ADVERSE_EVENT_CLOSE,
        Permission.SHARPS_LOG,
        Permission.MUSCLE_REVIEW,
        Permission.AUDIT_VIEW,
        Permission.REPORTS_VIEW,
        Permission.REPORTS_COUNTS,
        Permission.REPORTS_DESK,
        Permission.DUPLICATES_SORT,
        Permission.RECORD_RESTRICT,
        Permission.RECORD_MERGE,
        Permission.RECORD_KEEP,
        Permission.DISCLOSURE_RECORD,
        Permission.STATE_RULES_VIEW,
        Permission.COUNSEL_RECORD,
        Permission.SET_UP_VIEW,
        Permission.PATIENTS_BRING_IN,
        Permission.STAFF_LEAVE,
        Permission.PRACTICE_EXPORT,
    },
    # sets up the practice and writes nothing clinical
    Role.ADMIN: frozenset(
        {
            Permission.BOARD_VIEW,
            Permission.ADMIN_ENTER,
            Permission.SET_UP_VIEW,
            Permission.PATIENTS_BRING_IN,
            Permission.STAFF_LEAVE,
            Permission.STATE_RULES_VIEW,
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
OBJECTS: tuple[tuple[Text, Text, Text], ...] = (
    (
        gettext_lazy("Patient"),
        gettext_lazy("any"),
        gettext_lazy("Open to every role that may open a record."),
    ),
    (
        gettext_lazy("Patient"),
        gettext_lazy("restricted"),
        gettext_lazy("Open to the people named on it, whatever their role. For all others it is not there."),
    ),
    (
        gettext_lazy("Patient"),
        gettext_lazy("restricted"),
        gettext_lazy("Treating therapists can open the record for one hour with a reason; a lead is told."),
    ),
    (
        gettext_lazy("Patient"),
        gettext_lazy("restricted"),
        gettext_lazy("The desk sees initials on the board, and no reference."),
    ),
    (
        gettext_lazy("Patient"),
        gettext_lazy("restricted"),
        gettext_lazy(
            "“Restricted record” answers a whole reference, or a whole name and birth date. "
            "Guesses are counted."
        ),
    ),
    (
        gettext_lazy("Patient"),
        gettext_lazy("own record"),
        gettext_lazy("Who is the patient neither restricts, opens nor lifts it."),
    ),
    (
        gettext_lazy("Session"),
        gettext_lazy("draft"),
        gettext_lazy("Written by its author and the supervisor named on it, and by nobody else."),
    ),
    (
        gettext_lazy("Session"),
        gettext_lazy("draft"),
        gettext_lazy("Stays with its author when the record was restricted or the hour has passed."),
    ),
    (
        gettext_lazy("Session"),
        gettext_lazy("draft"),
        gettext_lazy("Signed by its author. Voided by who may write it. Closed unsigned by a lead."),
    ),
    (
        gettext_lazy("Session"),
        gettext_lazy("signed, voided, closed"),
        gettext_lazy("Never changes, for nobody. Later words are addenda and error marks."),
    ),
    (
        gettext_lazy("Answers and charts"),
        gettext_lazy("any"),
        gettext_lazy("Read by therapists and leads. The desk sees Clear, Caution or Stop."),
    ),
    (
        gettext_lazy("Scanned document"),
        gettext_lazy("clinical"),
        gettext_lazy("Filed by the desk too. Opened, and its title read, by therapists and leads."),
    ),
    (
        gettext_lazy("Scanned document"),
        gettext_lazy("any"),
        gettext_lazy("Never changes, for nobody. The wrong one is marked with a reason and stays."),
    ),
    (
        gettext_lazy("Adverse event"),
        gettext_lazy("open"),
        gettext_lazy("Corrected by therapists and leads. A serious one is closed by a lead."),
    ),
    (
        gettext_lazy("Adverse event"),
        gettext_lazy("closed, entered in error"),
        gettext_lazy("Never changes, for nobody."),
    ),
    (
        gettext_lazy("Sharps injury"),
        gettext_lazy("any"),
        gettext_lazy(
            "Filed, read and corrected by the injured person and by who keeps the log. Every version stays."
        ),
    ),
    (
        gettext_lazy("Report"),
        gettext_lazy("any"),
        gettext_lazy(
            "Therapists read their own work, leads everybody's. The desk reads visits and calls alone."
        ),
    ),
    (
        gettext_lazy("Report"),
        gettext_lazy("patients are counted"),
        gettext_lazy("Fewer than five patients are withheld, for everybody."),
    ),
    (
        gettext_lazy("Call"),
        gettext_lazy("being made"),
        gettext_lazy("The caller sees the answers while typing them, then their state."),
    ),
    (
        gettext_lazy("Role, override, broken glass"),
        gettext_lazy("one's own"),
        gettext_lazy("Nobody approves their own. Where there is one lead, the audit says so."),
    ),
)


def permissions_of(user) -> frozenset[Permission]:
    """The union of the user's current roles. Reads the `has_<role>` flags that the sign-in backend sets."""
    if not user.is_active:
        return frozenset()
    return _granted(tuple(role for role, flag in FLAGS if getattr(user, flag, False)))


@cache
def _granted(roles: tuple[Role, ...]) -> frozenset[Permission]:
    return frozenset().union(*(GRANTS[role] for role in roles))


FLAGS = [(role, f"has_{role.value}") for role in Role]


def may(user, permission: Permission) -> bool:
    return permission in permissions_of(user)
