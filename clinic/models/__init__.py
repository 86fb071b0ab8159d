"""The ground floor's tables."""

from clinic.models.accounts import Role, RoleGrant, User
from clinic.models.all_states import CounselOpinion
from clinic.models.audit import AuditEvent
from clinic.models.base import (
    MAX_TEXT,
    CatalogueRow,
    ConditionSide,
    LockedOnce,
    NeverDeleted,
    Side,
    WrittenOnce,
    paired,
)
from clinic.models.catalogues import BodyRegion, CatalogueFile, Jurisdiction
from clinic.models.code_sets import CodeSet
from clinic.models.credentials import Credential, CredentialReminder
from clinic.models.first_start import FirstLink
from clinic.models.form_keys import FormKey
from clinic.models.held_forms import HeldForm
from clinic.models.patient_links import PatientLink
from clinic.models.practice import Location, Practice, Room

__all__ = [
    "MAX_TEXT",
    "AuditEvent",
    "BodyRegion",
    "CatalogueFile",
    "CatalogueRow",
    "CodeSet",
    "ConditionSide",
    "CounselOpinion",
    "Credential",
    "CredentialReminder",
    "FirstLink",
    "FormKey",
    "HeldForm",
    "Jurisdiction",
    "Location",
    "LockedOnce",
    "NeverDeleted",
    "PatientLink",
    "Practice",
    "Role",
    "RoleGrant",
    "Room",
    "Side",
    "User",
    "WrittenOnce",
    "paired",
]
