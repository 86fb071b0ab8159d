"""Wiring of the first floor: catalogues after migrate, confinement, and sentences of audit events."""

from pathlib import Path

from django.db import connection
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy

from clinic import audit, catalogues
from clinic.web import confinement
from patients.actions import consent_texts, wordings
from patients.models import ConsentText, QuestionWording, ScreeningItem
from patients.rules import handovers

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
                CATALOGUES / "condition_names.csv", "patients.ConditionName", key=("condition", "name")
            ),
            catalogues.Catalogue(CATALOGUES / "screening_items.csv", "patients.ScreeningItem"),
        ]
    )
    confinement.CONFINEMENTS["handover"] = confinement.Confinement(handovers.SESSION_KEY, "patients:handover")
    confinement.PATIENT_LINKS["intake"] = "/i/"
    post_migrate.connect(after_migrate, sender=app, dispatch_uid="patients.setup")


def after_migrate(sender, **kwargs):
    catalogues.sync("patients")
    if all(catalogues.has_all_columns(model) for model in (ScreeningItem, QuestionWording)):
        wordings.publish(ScreeningItem.objects, catalogue=QuestionWording.Catalogue.HEALTH)
    if ConsentText._meta.db_table in connection.introspection.table_names():
        consent_texts.publish_file(CATALOGUES / "consent_texts.csv")


audit.register(
    {
        "patient.registered": gettext_lazy("registered the patient"),
        "patient.changed": gettext_lazy("changed the details"),
        "patient.phone_marked": gettext_lazy("marked whether the phone number is wrong"),
        "patient.opened": gettext_lazy("opened the record"),
        "patient.found": gettext_lazy("searched for a patient"),
        "patient.printed": gettext_lazy("printed the record"),
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
        "referral.noted": gettext_lazy("recorded a referral"),
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
