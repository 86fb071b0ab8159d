"""The demo practice as a Django app: a command and no models. Nothing in the product imports it."""

from django.apps import AppConfig


class DemoConfig(AppConfig):
    name = "demo"
