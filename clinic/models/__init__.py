"""The ground floor's tables."""

from clinic.models.base import MAX_TEXT, CatalogueRow, LockedOnce, NeverDeleted, Side, WrittenOnce, paired
from clinic.models.catalogue import BodyRegion, CatalogueFile, Jurisdiction
from clinic.models.place import Location, Practice, Room
from clinic.models.staff import Credential, CredentialReminder, Role, RoleGrant, User
from clinic.models.trail import AuditEvent, FormKey, PatientLink

__all__ = [
    "MAX_TEXT",
    "AuditEvent",
    "BodyRegion",
    "CatalogueFile",
    "CatalogueRow",
    "Credential",
    "CredentialReminder",
    "FormKey",
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
