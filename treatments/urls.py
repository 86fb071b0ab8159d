"""Addresses of the second floor."""

from django.urls import path

from treatments.views import record

app_name = "treatments"

urlpatterns = [
    path("patients/<ref:ref>/", record.record, name="record"),
]
