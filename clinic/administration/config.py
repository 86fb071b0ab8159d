"""Makes the clinic's admin site the default one."""

from django.contrib.admin.apps import AdminConfig


class ClinicAdminConfig(AdminConfig):
    default_site = "clinic.administration.site.ClinicAdminSite"
