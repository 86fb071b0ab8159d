"""The questions that the practice's reports answer, and who may ask them."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from clinic.access import Permission
from clinic.values.words import Text


@dataclass(frozen=True)
class Question:
    """`asked_by` opens it about one's own work, `of_everybody` about everybody's.

    `about` says in the list what it counts. `any_day`: without days it is about all of them.
    """

    code: str
    title: Text
    about: Text
    url_name: str
    asked_by: Permission
    of_everybody: Permission
    any_day: bool = False
    whole_weeks: bool = False


NOTES = Question(
    "unsigned-notes",
    _("Which notes are not signed?"),
    _("Drafts, the oldest first."),
    "treatments:report-notes",
    Permission.CHART_VIEW,
    Permission.REPORTS_VIEW,
    any_day=True,
)
NEEDLES = Question(
    "needle-mismatches",
    _("Where do needle counts differ?"),
    _("Needles in and out, and needles opened and used."),
    "treatments:report-needles",
    Permission.CHART_VIEW,
    Permission.REPORTS_VIEW,
)
CALLS = Question(
    "not-reached",
    _("Which patients were not reached?"),
    _("Follow-up calls that nobody answered."),
    "treatments:report-calls",
    Permission.FOLLOWUP_CALL,
    Permission.REPORTS_DESK,
)
SORENESS = Question(
    "soreness",
    _("How sore are patients, by muscle and dose?"),
    _("Means by muscle and number of insertions."),
    "treatments:report-soreness",
    Permission.REPORTS_COUNTS,
    Permission.REPORTS_VIEW,
)
OVERRIDES = Question(
    "overrides",
    _("Which rules were overridden?"),
    _("Overrides by rule, and by how many therapists."),
    "treatments:report-overrides",
    Permission.REPORTS_COUNTS,
    Permission.REPORTS_VIEW,
)
EVENTS = Question(
    "adverse-events",
    _("How often do adverse events happen?"),
    _("By severity and kind, per sessions and insertions."),
    "treatments:adverse-event-rates",
    Permission.REPORTS_COUNTS,
    Permission.REPORTS_VIEW,
)
VISITS = Question(
    "visits",
    _("How many visits, no-shows and cancellations?"),
    _("By week and therapist, with new patients."),
    "treatments:report-visits",
    Permission.BOARD_VIEW,
    Permission.REPORTS_DESK,
    whole_weeks=True,
)
# A recall is about everybody who had the needles, whoever treats them.
LOT = Question(
    "lot-recall",
    _("Lot recall: who had needles of a lot?"),
    _("Patients, phone numbers and sessions."),
    "treatments:report-lot",
    Permission.CHART_VIEW,
    Permission.CHART_VIEW,
    any_day=True,
)
KEPT_APART = Question(
    "kept-apart",
    _("Who was kept apart from a patient of the same name?"),
    _("Same name and birth date, with the reason given."),
    "treatments:report-kept-apart",
    Permission.AUDIT_VIEW,
    Permission.AUDIT_VIEW,
)
QUESTIONS = (NOTES, NEEDLES, CALLS, SORENESS, OVERRIDES, EVENTS, VISITS, LOT, KEPT_APART)
