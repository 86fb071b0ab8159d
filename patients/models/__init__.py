"""The first floor's tables."""

from patients.models.alerts import Allergy, Coverage, Medication, Referral, RelatedPerson
from patients.models.bringing_in import BroughtFile
from patients.models.conditions import Condition, ConditionName, DiagnosisFamily, PatientCondition
from patients.models.consent_texts import ConsentText
from patients.models.consents import Consent, ConsentCopy, ConsentWithdrawal
from patients.models.episodes import Episode
from patients.models.handovers import Handover, Intake
from patients.models.identity import PatientKey
from patients.models.merged import LikelyPair, MergeJournal
from patients.models.notices import NonCoverageNotice
from patients.models.papers import Paper, PaperMark, PaperPart
from patients.models.patients import Patient
from patients.models.restrictions import PatientAccess
from patients.models.retention import Disclosure
from patients.models.screenings import Level, Screening, ScreeningItem
from patients.models.state_duties import StateDuty
from patients.models.visits import StampWithdrawal, Visit
from patients.models.wordings import QuestionWording

__all__ = [
    "Allergy",
    "BroughtFile",
    "Condition",
    "ConditionName",
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
    "LikelyPair",
    "Medication",
    "MergeJournal",
    "NonCoverageNotice",
    "Paper",
    "PaperMark",
    "PaperPart",
    "Patient",
    "PatientAccess",
    "PatientCondition",
    "PatientKey",
    "QuestionWording",
    "Referral",
    "RelatedPerson",
    "Screening",
    "ScreeningItem",
    "StampWithdrawal",
    "StateDuty",
    "Visit",
]
