"""Addresses of the first floor."""

app_name = "patients"

urlpatterns: list = []
