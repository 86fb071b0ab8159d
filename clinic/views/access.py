"""The table of roles and permissions in the administration."""

from django.contrib import admin
from django.shortcuts import render
from django.utils.translation import gettext as _

from clinic import access
from clinic.access import Permission, requires
from clinic.models import Role


@requires(Permission.ADMIN_ENTER)
def permission_table(request):
    """Read-only: roles are granted under “Users”."""
    rows = [
        {"act": permission.label, "held": [permission in access.GRANTS[role] for role in Role]}
        for permission in Permission
    ]
    context = {
        **admin.site.each_context(request),
        "title": _("Roles and permissions"),
        "roles": Role.labels,
        "rows": rows,
        "objects": access.OBJECTS,
    }
    return render(request, "admin/who_may.html", context)
