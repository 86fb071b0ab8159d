"""The pages of this floor in the administration; Django finds them here."""

from patients.admin import catalogues, consent_texts
from patients.admin.records import OfPatient, answers_in

__all__ = ["OfPatient", "answers_in", "catalogues", "consent_texts"]
