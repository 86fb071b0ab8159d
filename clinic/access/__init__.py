"""Who may do what."""

from clinic.access.guard import requires
from clinic.access.permissions import GRANTS, OBJECTS, Permission, may, permissions_of

__all__ = ["GRANTS", "OBJECTS", "Permission", "may", "permissions_of", "requires"]
