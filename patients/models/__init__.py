"""The first floor's tables."""

from patients.models.access import PatientAccess
from patients.models.condition import Condition, DiagnosisFamily, PatientCondition
from patients.models.consent import Consent, ConsentCopy, ConsentText, ConsentWithdrawal, Handover, Intake
from patients.models.disclosure import Disclosure
from patients.models.patient import (
    Allergy,
    Coverage,
    Medication,
    MergeJournal,
    Patient,
    PatientKey,
    Referral,
    RelatedPerson,
)
from patients.models.screening import Level, Screening, ScreeningAnswer, ScreeningItem
from patients.models.visit import Episode, StampWithdrawal, Visit

__all__ = [
    "Allergy",
    "Condition",
    "Consent",
    "ConsentCopy",
    "ConsentText",
    "ConsentWithdrawal",
    "Coverage",
    "DiagnosisFamily",
    "Disclosure",
    "Episode",
    "Handover",
    "Intake",
    "Level",
    "Medication",
    "MergeJournal",
    "Patient",
    "PatientAccess",
    "PatientCondition",
    "PatientKey",
    "Referral",
    "RelatedPerson",
    "Screening",
    "ScreeningAnswer",
    "ScreeningItem",
    "StampWithdrawal",
    "Visit",
]
