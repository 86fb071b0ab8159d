"""The ground floor as a Django app."""

from importlib import import_module

from django.apps import AppConfig


class ClinicConfig(AppConfig):
    name = "clinic"

    def ready(self):
        # What is wired here needs the models, and those load after this module.
        import_module("clinic.wiring").wire(self)
