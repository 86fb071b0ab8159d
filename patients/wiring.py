"""Wiring of the first floor: catalogues after migrate, confinement, and sentences of audit events."""

from pathlib import Path

from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy

from clinic import audit, catalogues
from clinic.audit import verification
from clinic.selectors import taking_away
from clinic.web import confinement
from patients.actions import consent_texts, screenings, wordings
from patients.models import ConsentText, QuestionWording, ScreeningItem
from patients.rules import handovers
from patients.selectors import papers
from patients.selectors import taking_away as own_taking_away

CATALOGUES = Path(__file__).parent / "catalogues"


def wire(app):
    catalogues.register(
        [
            catalogues.Catalogue(CATALOGUES / "conditions.csv", "patients.Condition"),
            catalogues.Catalogue(
                CATALOGUES / "diagnosis_families.csv",
                "patients.DiagnosisFamily",
                key=("condition", "variant"),
            ),
            catalogues.Catalogue(
                CATALOGUES / "condition_names.csv",
                "patients.ConditionName",
                key=("condition", "name", "own"),
            ),
            catalogues.Catalogue(CATALOGUES / "screening_items.csv", "patients.ScreeningItem"),
        ]
    )
    confinement.CONFINEMENTS["handover"] = confinement.Confinement(handovers.SESSION_KEY, "patients:handover")
    confinement.PATIENT_LINKS["intake"] = "/i/"
    post_migrate.connect(after_migrate, sender=app, dispatch_uid="patients.setup")
    verification.CHECKS["documents"] = papers.CHECK
    # assigned, not appended: a second call, as in a test, must not register a hook twice
    taking_away.ON_LOCATION[:] = [own_taking_away.on_location]
    taking_away.ON_ROOM[:] = [own_taking_away.on_room]


def after_migrate(sender, **kwargs):
    catalogues.sync("patients")
    if all(catalogues.has_all_columns(model) for model in (ScreeningItem, QuestionWording)):
        screenings.place_own_questions()
        wordings.publish(ScreeningItem.objects, catalogue=QuestionWording.Catalogue.HEALTH)
    if catalogues.has_all_columns(ConsentText):
        consent_texts.publish_file(CATALOGUES / "consent_texts.csv")


audit.register(
    {
        "patient.registered": gettext_lazy("registered the patient"),
        "patient.changed": gettext_lazy("changed the details"),
        "patient.kept_apart": gettext_lazy("said why this is not a registered person of the same name"),
        "patient.duplicates_listed": gettext_lazy("listed likely duplicates"),
        "record.merged": gettext_lazy("merged another record of the same person into this one"),
        "record.merged_away": gettext_lazy("merged the record into another one of the same person"),
        "record.unmerged": gettext_lazy("took a merge back"),
        "record.unmerged_away": gettext_lazy("took the merge of the record into another one back"),
        "record.resolved": gettext_lazy("followed the reference of a merged record"),
        "record.proof_failed": gettext_lazy("typed a wrong password at a merge"),
        "patient.phone_marked": gettext_lazy("marked whether the phone number is wrong"),
        "patient.opened": gettext_lazy("opened the record"),
        "patient.found": gettext_lazy("searched for a patient"),
        "patient.printed": gettext_lazy("printed the record"),
        "brought_file.uploaded": gettext_lazy("uploaded a file of another system"),
        "brought_file.mapped": gettext_lazy("chose what the columns of a file hold"),
        "brought_file.taken_away": gettext_lazy("took an uploaded file away"),
        "brought_file.registered": gettext_lazy("registered the patients of a file"),
        "brought_file.booked": gettext_lazy("booked the visits of a file"),
        "restriction.set": gettext_lazy("restricted the record"),
        "restriction.changed": gettext_lazy("changed who may open the record"),
        "restriction.lifted": gettext_lazy("lifted the restriction"),
        "restriction.opened": gettext_lazy("read who may open the record"),
        "restriction.found": gettext_lazy("came upon the restricted record"),
        "restriction.guessed": gettext_lazy("searched for a name and birth date of which the record has one"),
        "glass.broken": gettext_lazy("used emergency access to a restricted record"),
        "glass.seen": gettext_lazy("looked at who used emergency access to a restricted record"),
        "hold.set": gettext_lazy("put the record on legal hold"),
        "hold.lifted": gettext_lazy("lifted the legal hold"),
        "disclosure.recorded": gettext_lazy("recorded a disclosure"),
        "disclosure.corrected": gettext_lazy("corrected a disclosure"),
        "disclosure.opened": gettext_lazy("read the disclosures"),
        "paper.filed": gettext_lazy("filed a scanned document"),
        "paper.opened": gettext_lazy("opened a scanned document"),
        "paper.marked": gettext_lazy("marked a scanned document as the wrong one"),
        "allergy.noted": gettext_lazy("recorded an allergy"),
        "allergy.ended": gettext_lazy("ended an allergy"),
        "allergy.none": gettext_lazy("recorded that no allergies are known"),
        "medication.noted": gettext_lazy("recorded a medication"),
        "medication.ended": gettext_lazy("ended a medication"),
        "medication.none": gettext_lazy("recorded that no medications are taken"),
        "related.noted": gettext_lazy("recorded a guardian or emergency contact"),
        "related.ended": gettext_lazy("ended a guardian or emergency contact"),
        "coverage.noted": gettext_lazy("recorded insurance"),
        "coverage.ended": gettext_lazy("ended an insurance"),
        "notice.noted": gettext_lazy("recorded a notice of non-coverage"),
        "notice.ended": gettext_lazy("ended a notice of non-coverage"),
        "referral.noted": gettext_lazy("recorded a referral"),
        "duty.noted": gettext_lazy("recorded what state rules ask for"),
        "visit.booked": gettext_lazy("booked a visit"),
        "visit.recorded": gettext_lazy("recorded a visit that had taken place"),
        "visit.changed": gettext_lazy("changed a visit"),
        "visit.arrived": gettext_lazy("checked the patient in"),
        "visit.roomed": gettext_lazy("took the patient to a room"),
        "visit.left": gettext_lazy("checked the patient out"),
        "visit.cancelled": gettext_lazy("canceled a visit"),
        "visit.missed": gettext_lazy("marked a visit as a no-show"),
        "visit.taken_back": gettext_lazy("undid the last step of a visit"),
        "visit.moved": gettext_lazy("moved a visit to another therapist"),
        "episode.opened": gettext_lazy("opened an episode of care"),
        "episode.changed": gettext_lazy("changed an episode of care"),
        "episode.discharged": gettext_lazy("discharged the patient"),
        "condition.recorded": gettext_lazy("recorded a condition"),
        "condition.changed": gettext_lazy("changed a condition"),
        "condition.resolved": gettext_lazy("resolved a condition"),
        "condition.left_out": gettext_lazy(
            "did not record a condition whose code is excluded beside another"
        ),
        "screening.taken": gettext_lazy("recorded answers to health questions"),
        "screening.opened": gettext_lazy("read answers to health questions"),
        "screening.reviewed": gettext_lazy("reviewed answers to health questions"),
        "handover.started": gettext_lazy("handed the tablet over"),
        "handover.ended": gettext_lazy("took the tablet back"),
        "consent.given": gettext_lazy("took consent"),
        "consent.refused": gettext_lazy("recorded a refused consent"),
        "consent.withdrawn": gettext_lazy("recorded a withdrawn consent"),
        "consent.opened": gettext_lazy("read a consent"),
        "consent.copied": gettext_lazy("gave a copy of a consent"),
    }
)
