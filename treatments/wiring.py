"""Registers treatments with the lower apps: catalogues, audit sentences, navigation and checks."""

from pathlib import Path

from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _

from clinic import audit, catalogues
from clinic.access import Permission
from clinic.administration import sections
from clinic.administration.sections import Section
from clinic.audit import verification
from clinic.selectors import taking_away
from clinic.web import confinement, metrics, page_frame
from patients.actions import visits, wordings
from patients.models import QuestionWording
from patients.selectors import banner, restrictions
from patients.selectors import taking_away as visits_taking_away
from treatments.actions.followups import calls
from treatments.models import WarningSign
from treatments.models.followups.warning_signs import LEVEL_FACTS, SIGN_FACTS
from treatments.models.sites.catalogues import FACTS
from treatments.selectors import taking_away as own_taking_away
from treatments.selectors.followups import calls as calls_selectors
from treatments.selectors.session import draft
from treatments.selectors.signing import seal_check
from treatments.selectors.sites import needles_in as needles_in_selectors
from treatments.selectors.sites import visit_holds

CATALOGUES = Path(__file__).parent / "catalogues"
# Columns that a practice sets in the administration; loading the file again does not change them.
LIMITS = ("depth_limit_mm", "usual_depth_mm")


def wire(app):
    catalogues.register(
        [
            catalogues.Catalogue(
                CATALOGUES / "muscles.csv", "treatments.Muscle", practice_fields=LIMITS, facts=FACTS
            ),
            catalogues.Catalogue(
                CATALOGUES / "suggested_muscles.csv",
                "treatments.SuggestedMuscle",
                key=("condition", "muscle"),
            ),
            catalogues.Catalogue(CATALOGUES / "adverse_event_kinds.csv", "treatments.AdverseEventKind"),
            catalogues.Catalogue(CATALOGUES / "aftercare_advice.csv", "treatments.AftercareAdvice"),
            catalogues.Catalogue(
                CATALOGUES / "warning_signs.csv", "treatments.WarningSign", facts=SIGN_FACTS
            ),
            catalogues.Catalogue(
                CATALOGUES / "warning_sign_levels.csv", "treatments.WarningSignLevel", facts=LEVEL_FACTS
            ),
        ]
    )
    post_migrate.connect(after_migrate, sender=app, dispatch_uid="treatments.setup")
    register_page_frame()
    sections.PAGES_ABOVE[:] = [
        (
            Section.CLINIC,
            _("Set-up"),
            "treatments:set-up",
            (),
            "",
            _("What the practice needs before its first session, and what is done."),
        )  # fmt: skip
    ]
    confinement.PATIENT_LINKS["soreness"] = "/s/"
    verification.CHECKS["seals"] = seal_check.CHECK
    metrics.GAUGES["filiform_drafts_open"] = draft.open_drafts
    # assigned, not appended: a second call, as in a test, must not register a hook twice
    visits.AFTER_CHECK_OUT[:] = [calls.schedule_for_visit]
    visits.STEP_BLOCKERS[:] = [visit_holds.on_visit]
    taking_away.ON_ACCOUNT[:] = [visits_taking_away.on_account, own_taking_away.on_account]
    banner.NEEDLED_CONDITIONS[:] = [needles_in_selectors.was_needled]


def after_migrate(sender, **kwargs):
    catalogues.sync("treatments")
    if all(catalogues.has_all_columns(model) for model in (WarningSign, QuestionWording)):
        wordings.publish(WarningSign.objects, catalogue=QuestionWording.Catalogue.WARNING_SIGN)


def register_page_frame() -> None:
    page_frame.NAVIGATION[:] = [
        page_frame.NavItem(_("Today"), "treatments:today", Permission.BOARD_VIEW),
        page_frame.NavItem(_("Patients"), "patients:find", Permission.PATIENT_FIND),
        page_frame.NavItem(_("Reports"), "treatments:reports", Permission.BOARD_VIEW),
        page_frame.NavItem(
            _("Follow-ups"), "treatments:followups", Permission.FOLLOWUP_CALL, count="followups_due"
        ),
        page_frame.NavItem(_("Audit"), "treatments:audit", Permission.AUDIT_VIEW),
        page_frame.NavItem(_("Set-up"), "treatments:set-up", Permission.SET_UP_VIEW),
        page_frame.NavItem(_("Administration"), "admin:index", Permission.ADMIN_ENTER, within="admin:"),
    ]
    page_frame.NAV_COUNTS["followups_due"] = calls_selectors.followups_due
    page_frame.BOARD_ROWS["glasses"] = restrictions.unreviewed_accesses_for
    page_frame.BOARD_ROWS["overnight_needles"] = needles_in_selectors.overnight_for
    page_frame.NAV_COUNTS[page_frame.ROOMS_WITH_NEEDLES] = needles_in_selectors.rooms_with_needles


audit.register(
    {
        "session.opened": _("opened a session"),
        "session.refused": _("was refused to open a session"),
        "session.read": _("read a session"),
        "session.field_saved": _("changed a draft"),
        "session.site_added": _("added a site"),
        "session.site_changed": _("changed a site"),
        "session.site_struck": _("removed a site"),
        "session.rule_answered": _("gave a reason for a rule"),
        "session.ended": _("ended a session"),
        "session.signed": _("signed a note"),
        "session.cosigned": _("co-signed a note"),
        "session.supervisor_replaced": _("named another supervisor"),
        "session.drifted": _("read a note that differs from its seal"),
        "session.proof_failed": _("typed a wrong password at signing"),
        "session.voided": _("voided a draft"),
        "session.closed": _("closed a draft unsigned"),
        "session.printed": _("printed a note"),
        "addendum.written": _("added to a signed note"),
        "amendment.answered": _("answered a patient's request to amend"),
        "session.in_error": _("marked a note as entered in error"),
        "session.copied": _("copied a note of another patient into a draft"),
        "session.copies_confirmed": _("confirmed copied values"),
        "followup.rescheduled": _("moved follow-ups after the end of a session was corrected"),
        "followup.scheduled": _("scheduled follow-ups"),
        "followup.claimed": _("took a call"),
        "followup.attempted": _("tried to reach the patient"),
        "followup.opened": _("opened a follow-up"),
        "followup.answered": _("filed a soreness report"),
        "followup.corrected": _("corrected a soreness report"),
        "followup.added_to": _("added answers to a soreness report"),
        "followup.closed": _("closed a follow-up"),
        "followup.moved": _("moved a follow-up to another therapist"),
        "aftercare.opened": _("opened an aftercare sheet"),
        "warning_level.decided": _("decided how urgent a warning sign is"),
        "redflag.raised": _("raised a warning sign"),
        "redflag.opened": _("read a warning sign"),
        "redflag.acknowledged": _("acted on a warning sign"),
        "adverse_event.recorded": _("recorded an adverse event"),
        "adverse_event.opened": _("read an adverse event"),
        "adverse_event.changed": _("corrected an adverse event"),
        "adverse_event.reported": _("marked an adverse event as reported"),
        "adverse_event.closed": _("closed an adverse event"),
        "adverse_event.in_error": _("marked an adverse event as entered in error"),
        "adverse_event.listed": _("read the register of adverse events"),
        "sharps.filed": _("filed a sharps injury"),
        "sharps.corrected": _("corrected a sharps injury"),
        "sharps.opened": _("read a sharps injury"),
        "sharps.listed": _("read the sharps injury log"),
        "muscle.reviewed": _("reviewed a muscle of the list"),
        "lot.searched": _("searched for a lot of needles"),
        "report.read": _("read a report"),
        "report.exported": _("downloaded a report"),
        "session.changes_read": _("read the changes of a session"),
        "audit.searched": _("searched the audit"),
        "practice.exported": _("took the whole practice out"),
        "practice.proof_failed": _("typed a wrong password before taking the practice out"),
        "audit.exported": _("downloaded a copy of the audit"),
        "history.opened": _("read the history of changes"),
        "trends.opened": _("read the trends"),
    }
)
