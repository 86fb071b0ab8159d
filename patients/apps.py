"""The first floor as a Django app."""

from importlib import import_module

from django.apps import AppConfig


class PatientsConfig(AppConfig):
    name = "patients"

    def ready(self):
        # What is wired here needs the models, and those load after this module.
        import_module("patients.wiring").wire(self)
