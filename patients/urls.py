"""Addresses of the first floor."""

from django.urls import path

from patients.views import conditions, episodes

app_name = "patients"

urlpatterns = [
    path("patients/<ref:ref>/conditions/add/", conditions.add, name="condition-add"),
    path("patients/<ref:ref>/conditions/<int:pk>/edit/", conditions.edit, name="condition-edit"),
    path("patients/<ref:ref>/conditions/<int:pk>/resolve/", conditions.resolve, name="condition-resolve"),
    path("patients/<ref:ref>/episode/", episodes.episode, name="episode"),
    path("patients/<ref:ref>/discharge/", episodes.discharge, name="discharge"),
]
