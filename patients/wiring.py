"""Wiring of the first floor: catalogues after migrate, confinement, and sentences of audit events."""

from pathlib import Path

from django.db import connection
from django.db.models.signals import post_migrate

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
        "patient.registered": "registered the patient",
        "patient.changed": "changed the details",
        "patient.phone_marked": "marked whether the phone number is wrong",
        "patient.opened": "opened the record",
        "patient.found": "searched for a patient",
        "patient.printed": "printed the record",
        "restriction.set": "restricted the record",
        "restriction.changed": "changed who may open the record",
        "restriction.lifted": "lifted the restriction",
        "restriction.opened": "read who may open the record",
        "restriction.found": "came upon the restricted record",
        "restriction.guessed": "searched for a name and birth date of which the record has one",
        "glass.broken": "used emergency access to a restricted record",
        "glass.seen": "looked at who used emergency access to a restricted record",
        "hold.set": "put the record on legal hold",
        "hold.lifted": "lifted the legal hold",
        "disclosure.recorded": "recorded a disclosure",
        "disclosure.corrected": "corrected a disclosure",
        "disclosure.opened": "read the disclosures",
        "allergy.noted": "recorded an allergy",
        "allergy.ended": "ended an allergy",
        "allergy.none": "recorded that no allergies are known",
        "medication.noted": "recorded a medication",
        "medication.ended": "ended a medication",
        "medication.none": "recorded that no medications are taken",
        "related.noted": "recorded a guardian or emergency contact",
        "related.ended": "ended a guardian or emergency contact",
        "coverage.noted": "recorded insurance",
        "coverage.ended": "ended an insurance",
        "referral.noted": "recorded a referral",
        "visit.booked": "booked a visit",
        "visit.recorded": "recorded a visit that had taken place",
        "visit.changed": "changed a visit",
        "visit.arrived": "checked the patient in",
        "visit.roomed": "took the patient to a room",
        "visit.left": "checked the patient out",
        "visit.cancelled": "canceled a visit",
        "visit.missed": "marked a visit as a no-show",
        "visit.taken_back": "undid the last step of a visit",
        "visit.moved": "moved a visit to another therapist",
        "episode.opened": "opened an episode of care",
        "episode.changed": "changed an episode of care",
        "episode.discharged": "discharged the patient",
        "condition.recorded": "recorded a condition",
        "condition.changed": "changed a condition",
        "condition.resolved": "resolved a condition",
        "screening.taken": "recorded answers to health questions",
        "screening.opened": "read answers to health questions",
        "screening.reviewed": "reviewed answers to health questions",
        "handover.started": "handed the tablet over",
        "handover.ended": "took the tablet back",
        "consent.given": "took consent",
        "consent.refused": "recorded a refused consent",
        "consent.withdrawn": "recorded a withdrawn consent",
        "consent.opened": "read a consent",
        "consent.copied": "gave a copy of a consent",
    }
)
