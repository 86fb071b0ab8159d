"""The administration's door: the same sign-in as everywhere, for who holds the role of administrator."""

from allauth.account.decorators import secure_admin_login
from django.contrib import admin

from clinic.access import Permission, may


class ClinicAdminSite(admin.AdminSite):
    site_header = "Filiform administration"
    site_title = "Filiform administration"
    index_title = "Set-up"

    def has_permission(self, request):
        return request.user.is_authenticated and may(request.user, Permission.ADMIN_ENTER)


ClinicAdminSite.login = secure_admin_login(ClinicAdminSite.login)
