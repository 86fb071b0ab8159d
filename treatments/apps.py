"""The second floor as a Django app."""

from importlib import import_module

from django.apps import AppConfig


class TreatmentsConfig(AppConfig):
    name = "treatments"

    def ready(self):
        # What is wired here needs the models, and those load after this module.
        import_module("treatments.wiring").wire(self)
