"""Puts our door before Django's administration."""

from django.contrib.admin.apps import AdminConfig


class ClinicAdminConfig(AdminConfig):
    default_site = "clinic.administration.site.ClinicAdminSite"
