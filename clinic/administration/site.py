"""The admin site: the product's own sign-in, for people with the role of administrator."""

from django.contrib import admin
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import redirect
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy

from clinic import audit
from clinic.access import Permission, may
from clinic.administration import sections


class ClinicAdminSite(admin.AdminSite):
    site_header = gettext_lazy("Filiform administration")
    site_title = gettext_lazy("Filiform administration")
    index_title = gettext_lazy("Administration")
    site_url = "/"

    def has_permission(self, request):
        return request.user.is_authenticated and may(request.user, Permission.ADMIN_ENTER)

    @method_decorator(login_not_required)
    def login(self, request, extra_context=None):
        """Redirect to the product's sign-in, whose limits and second factors apply here too."""
        if request.user.is_authenticated:
            if self.has_permission(request):
                return self.index(request)
            audit.look("access.refused", None, by=request.user, reason="admin_enter")
            raise PermissionDenied(Permission.ADMIN_ENTER)
        return redirect_to_login(request.GET.get("next") or request.path)

    def get_app_list(self, request, app_label=None):
        """By what somebody comes for, not by the parts of the program."""
        shown = [table for app in self._build_app_dict(request).values() for table in app["models"]]
        tables = sorted(shown, key=lambda table: self._registry[table["model"]].menu_name)
        return sections.grouped((self._registry[table["model"]], table) for table in tables)

    def app_index(self, request, app_label, extra_context=None):
        """Django's page of one part of the program; the groups stand on the first page."""
        return redirect("admin:index")

    def get_urls(self):
        """Without the way that redirects to any row of any table by its key."""
        return [entry for entry in super().get_urls() if getattr(entry, "name", "") != "view_on_site"]

    def autocomplete_view(self, request):
        """No field of these forms searches; Django's view fails for fields that it does not expect."""
        raise Http404

    def password_change(self, request, extra_context=None):
        """Redirect to the product's page, with its validators and audit event."""
        return redirect("account_change_password")
