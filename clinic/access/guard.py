"""The decorator of every view that checks its permission."""

from collections.abc import Callable
from functools import wraps

from django.core.exceptions import PermissionDenied

from clinic import audit
from clinic.access import permissions
from clinic.access.permissions import Permission


def requires(permission: Permission) -> Callable:
    """Refuse, and record the refusal, unless the signed-in user holds `permission`."""

    def decorate(view):
        @wraps(view)
        def guarded(request, *args, **kwargs):
            if not permissions.may(request.user, permission):
                audit.look("access.refused", None, by=request.user, reason=permission.name.lower())
                raise PermissionDenied(permission)
            return view(request, *args, **kwargs)

        guarded.permission = permission
        return guarded

    return decorate
