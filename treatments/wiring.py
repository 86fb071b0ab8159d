"""Registers treatments with the lower apps: catalogues, audit sentences, navigation and checks."""

from pathlib import Path

from django.db.models.signals import post_migrate

from clinic import audit, catalogues
from clinic.access import Permission
from clinic.audit import verification
from clinic.web import confinement, page_frame
from patients.actions import visits, wordings
from patients.models import QuestionWording
from patients.selectors import banner, restrictions
from treatments.actions.followups import calls
from treatments.models import WarningSign
from treatments.selectors.followups import calls as calls_selectors
from treatments.selectors.signing import seal_check
from treatments.selectors.sites import needles_in as needles_in_selectors
from treatments.selectors.sites import visit_holds

CATALOGUES = Path(__file__).parent / "catalogues"
# Columns that a practice sets in the administration; loading the file again does not change them.
LIMITS = ("depth_limit_mm", "usual_depth_mm")


def wire(app):
    catalogues.register(
        [
            catalogues.Catalogue(CATALOGUES / "muscles.csv", "treatments.Muscle", practice_fields=LIMITS),
            catalogues.Catalogue(
                CATALOGUES / "suggested_muscles.csv",
                "treatments.SuggestedMuscle",
                key=("condition", "muscle"),
            ),
            catalogues.Catalogue(CATALOGUES / "adverse_event_kinds.csv", "treatments.AdverseEventKind"),
            catalogues.Catalogue(CATALOGUES / "aftercare_advice.csv", "treatments.AftercareAdvice"),
            catalogues.Catalogue(CATALOGUES / "warning_signs.csv", "treatments.WarningSign"),
        ]
    )
    post_migrate.connect(after_migrate, sender=app, dispatch_uid="treatments.setup")
    register_page_frame()
    confinement.PATIENT_LINKS["soreness"] = "/s/"
    verification.CHECKS["seals"] = seal_check.CHECK
    # assigned, not appended: a second call, as in a test, must not register a hook twice
    visits.AFTER_CHECK_OUT[:] = [calls.schedule_for_visit]
    visits.STEP_BLOCKERS[:] = [visit_holds.on_visit]
    banner.NEEDLED_CONDITIONS[:] = [needles_in_selectors.was_needled]


def after_migrate(sender, **kwargs):
    catalogues.sync("treatments")
    if all(catalogues.has_all_columns(model) for model in (WarningSign, QuestionWording)):
        wordings.publish(WarningSign.objects, catalogue=QuestionWording.Catalogue.WARNING_SIGN)


def register_page_frame() -> None:
    page_frame.NAVIGATION[:] = [
        page_frame.NavItem("Today", "treatments:today", Permission.BOARD_VIEW),
        page_frame.NavItem("Patients", "patients:find", Permission.PATIENT_FIND),
        page_frame.NavItem("Reports", "treatments:reports", Permission.BOARD_VIEW),
        page_frame.NavItem(
            "Follow-ups", "treatments:followups", Permission.FOLLOWUP_CALL, count="followups_due"
        ),
        page_frame.NavItem("Audit", "treatments:audit", Permission.AUDIT_VIEW),
        page_frame.NavItem("Administration", "admin:index", Permission.ADMIN_ENTER, within="admin:"),
    ]
    page_frame.NAV_COUNTS["followups_due"] = calls_selectors.followups_due
    page_frame.NAV_COUNTS["glasses"] = restrictions.unreviewed_accesses_for
    page_frame.NAV_COUNTS["overnight_needles"] = needles_in_selectors.overnight_for
    page_frame.NEEDLE_PROVIDERS[:] = [needles_in_selectors.rooms_with_needles]


audit.register(
    {
        "session.opened": "opened a session",
        "session.refused": "was refused to open a session",
        "session.read": "read a session",
        "session.field_saved": "changed a draft",
        "session.site_added": "added a site",
        "session.site_changed": "changed a site",
        "session.site_struck": "removed a site",
        "session.rule_answered": "gave a reason for a rule",
        "session.ended": "ended a session",
        "session.signed": "signed a note",
        "session.cosigned": "co-signed a note",
        "session.drifted": "read a note that differs from its seal",
        "session.proof_failed": "typed a wrong password at signing",
        "session.voided": "voided a draft",
        "session.closed": "closed a draft unsigned",
        "session.printed": "printed a note",
        "addendum.written": "added to a signed note",
        "amendment.answered": "answered a patient's request to amend",
        "session.in_error": "marked a note as entered in error",
        "session.copied": "copied a note of another patient into a draft",
        "session.copies_confirmed": "confirmed copied values",
        "followup.rescheduled": "moved follow-ups after the end of a session was corrected",
        "followup.scheduled": "scheduled follow-ups",
        "followup.claimed": "took a call",
        "followup.attempted": "tried to reach the patient",
        "followup.opened": "opened a follow-up",
        "followup.answered": "filed a soreness report",
        "followup.corrected": "corrected a soreness report",
        "followup.added_to": "added answers to a soreness report",
        "followup.closed": "closed a follow-up",
        "followup.moved": "moved a follow-up to another therapist",
        "redflag.raised": "raised a warning sign",
        "redflag.opened": "read a warning sign",
        "redflag.acknowledged": "acted on a warning sign",
        "adverse_event.recorded": "recorded an adverse event",
        "adverse_event.opened": "read an adverse event",
        "adverse_event.changed": "corrected an adverse event",
        "adverse_event.reported": "marked an adverse event as reported",
        "adverse_event.closed": "closed an adverse event",
        "adverse_event.in_error": "marked an adverse event as entered in error",
        "adverse_event.listed": "read the register of adverse events",
        "sharps.filed": "filed a sharps injury",
        "sharps.corrected": "corrected a sharps injury",
        "sharps.opened": "read a sharps injury",
        "sharps.listed": "read the sharps injury log",
        "lot.searched": "searched for a lot of needles",
        "report.read": "read a report",
        "report.exported": "downloaded a report",
        "session.changes_read": "read the changes of a session",
        "audit.searched": "searched the audit",
        "audit.exported": "downloaded a copy of the audit",
        "history.opened": "read the history of changes",
        "trends.opened": "read the trends",
    }
)
