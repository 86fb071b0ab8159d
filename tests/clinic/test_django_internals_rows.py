"""Displays of choices and unsaved instances are what Django makes, with and without the shortcuts."""

import contextlib
import datetime as dt

import pytest
from django.apps import apps
from django.db import models

from clinic.django_internals import displays, instances
from clinic.models import Location
from clinic.models.base import NeverDeleted
from patients.models import Patient, Visit
from tests import unknown_django


@pytest.fixture(params=["tested", "unknown"])
def release(request):
    with unknown_django.unknown_release() if request.param == "unknown" else contextlib.nullcontext():
        yield


def with_choices() -> list[models.Field]:
    ours = [model for model in apps.get_models() if issubclass(model, NeverDeleted)]
    return [field for model in ours for field in model._meta.concrete_fields if field.choices]


@pytest.mark.usefixtures("release")
def test_a_display_is_what_django_displays():
    fields = with_choices()
    assert len(fields) > 20
    for field in fields:
        for value in (*(code for code, _ in field.flatchoices), None, "", "never offered", 10**6):
            row = field.model(**{field.attname: value})
            shown, plain = (
                getattr(row, f"get_{field.name}_display")(),
                models.Model._get_FIELD_display(row, field),
            )
            assert (shown, type(shown)) == (plain, type(plain))


def test_displays_are_the_shortcut_and_not_djangos_own(monkeypatch):
    field = with_choices()[0]
    monkeypatch.setattr(displays, "_labels", lambda field: {})

    code, label = field.flatchoices[0]
    assert getattr(field.model(**{field.attname: code}), f"get_{field.name}_display")() == code != label


@pytest.mark.usefixtures("release")
def test_an_unsaved_instance_is_what_its_model_makes():
    patient, location = Patient(pk=7, family_name="Marlow"), Location(pk=3)
    blank = vars(Visit())
    columns = {field.attname: blank[field.attname] for field in Visit._meta.concrete_fields}
    columns |= {"patient_id": 7, "location_id": 3, "booked_for": dt.datetime(2026, 3, 10, tzinfo=dt.UTC)}
    plain = Visit(**columns)
    plain.patient, plain.location = patient, location

    made = instances.unsaved_instance(Visit, columns, {"patient": patient, "location": location})

    assert state_of(made) == state_of(plain)
    assert made.patient is patient
    assert state_of(instances.unsaved_instance(Visit, columns, {})) == state_of(Visit(**columns)), (
        "nothing is shared"
    )


def state_of(row) -> tuple:
    values = {name: value for name, value in vars(row).items() if name != "_state"}
    return type(row), values, row._state.adding, row._state.fields_cache
