"""Clinical rows are never deleted: not singly, by queryset, by cascade or in the admin."""

import re

import pytest
from django.apps import apps
from django.contrib import admin
from django.db import IntegrityError, connection, models, transaction
from django.db.models import ProtectedError
from django.test import Client

from clinic.administration.base import CatalogueAdmin, ReadOnlyAdmin
from clinic.models.base import NeverDeleted
from clinic.values import errors
from patients.models import Condition, ConditionName, DiagnosisFamily, ScreeningItem
from tests import admin_pages, locked_records

# the suite creates no test database without it
pytestmark = pytest.mark.django_db
REFUSED = (IntegrityError, errors.RecordLocked, ProtectedError)
PERMANENT = [model for model in apps.get_models() if issubclass(model, NeverDeleted)]
# Models of the upper apps whose rows may be deleted, each with the reason.
DELETABLE = {
    "patients.LikelyPair": "pairs to look at, found anew by find_duplicates",
    "patients.PatientKey": "search keys, made again from the patient",
    "treatments.DraftPresence": "says that a page is open, and goes with the page",
    "treatments.UnkeptEntry": "begun and not kept: goes when it is kept or emptied",
    "treatments.SuggestedMuscle": "catalogue, made again from its file",
    "treatments.Muscle_regions": "catalogue, made again from its file",
}
# What an administrator may change there: texts and limits of the practice.
WRITABLE = {"patients.ConsentText", "treatments.Muscle"}
# Catalogues to which the practice adds rows of its own; of a shipped row only the retirement is written.
WITH_OWN_ROWS = [Condition, ConditionName, DiagnosisFamily, ScreeningItem]
READABLE = [
    model
    for model in admin.site._registry
    if model._meta.app_label in ("patients", "treatments") and model._meta.label not in WRITABLE
]


def label(model) -> str:
    return model._meta.label


@pytest.fixture(scope="module")
def records(django_db_setup, django_db_blocker):
    """A row of every model whose rows must stay, and of the models in the admin."""
    with django_db_blocker.unblock(), transaction.atomic():
        made = locked_records.LockedRecords()
        for model in PERMANENT:
            made.locked.setdefault(model, model._base_manager.first() or made.made(model))
        yield made
        transaction.set_rollback(True)


def raw(sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql)
    connection.check_constraints()


def ways(row: models.Model):
    """Every way to delete the row and its parents."""
    rows, table = type(row)._base_manager.filter(pk=row.pk), row._meta.db_table
    yield row.delete
    yield rows.delete
    yield lambda: rows._raw_delete(rows.db)
    yield lambda: raw(f'DELETE FROM "{table}"')
    for field in row._meta.concrete_fields:
        above = getattr(row, field.name) if field.remote_field else None
        if above is not None:
            yield type(above)._base_manager.filter(pk=above.pk).delete
            yield lambda above=above: models.Model.delete(above)
    if connection.vendor == "postgresql":
        connection.check_constraints()
        yield lambda: raw(f'TRUNCATE "{table}" CASCADE')


@pytest.mark.parametrize("model", PERMANENT, ids=label)
def test_a_clinical_row_stays(records, model):
    there = model._base_manager.count()
    assert there

    for number, act in enumerate(ways(records.fresh(model))):
        with transaction.atomic():
            with pytest.raises(REFUSED), transaction.atomic():
                act()
            assert model._base_manager.count() == there, number
            transaction.set_rollback(True)


def test_every_model_of_the_upper_floors_stays_or_says_why_not():
    floors = [apps.get_app_config(floor) for floor in ("patients", "treatments")]
    models_ = [model for floor in floors for model in floor.get_models(include_auto_created=True)]

    loose = {label(model) for model in models_ if not issubclass(model, NeverDeleted)}

    assert loose == DELETABLE.keys()


def everything() -> dict[str, list]:
    """All rows of the upper apps."""
    models_ = [
        model
        for floor in ("patients", "treatments")
        for model in apps.get_app_config(floor).get_models(include_auto_created=True)
    ]
    return {label(model): list(model._base_manager.order_by("pk").values_list()) for model in models_}


@pytest.fixture(scope="module")
def administrator(records) -> Client:
    client = Client()
    client.force_login(records.admin)
    return client


def typed(row: models.Model) -> dict:
    """Form values for every column, with a changed value in each text column."""
    sent = {field.name: field.value_from_object(row) or "" for field in row._meta.concrete_fields}
    text_fields = models.CharField | models.TextField
    plain = {field.name: "changed" for field in row._meta.concrete_fields if isinstance(field, text_fields)}
    return {**sent, **plain, "_save": "Save"}


@pytest.mark.parametrize("model", READABLE, ids=label)
def test_the_administrator_writes_nothing_clinical(records, administrator, model):
    """Posts a full form to each admin page and action of the model."""
    row = records.locked.get(model) or model._base_manager.first() or records.row(model)
    listed = admin_pages.list_address(model)
    pages = [f"{admin_pages.row_address(row)}{page}/" for page in ("change", "delete", "history")]
    before = everything()

    answers = [administrator.post(page, {**typed(row), "post": "yes"}) for page in pages]
    answers.append(administrator.post(f"{listed}add/", typed(row)))
    for action in ("delete_selected", *named_actions()):
        picked = {"action": action, "_selected_action": [row.pk], "post": "yes", "index": 0}
        answers.append(administrator.post(listed, picked))

    refused_at_fields = {422} if model in WITH_OWN_ROWS else set()
    assert {answer.status_code for answer in answers} <= {200, 302, 403, 404, 405} | refused_at_fields
    assert everything() == before


def named_actions() -> set[str]:
    return {name for of in admin.site._registry.values() for name in of.actions or ()}


def test_the_administration_of_a_clinical_table_offers_no_action():
    registered = {model: of for model, of in admin.site._registry.items() if model in READABLE}
    clinical = [of for model, of in registered.items() if not isinstance(of, CatalogueAdmin)]

    assert len(clinical) > 10
    assert all(isinstance(of, ReadOnlyAdmin) and not of.actions and not of.inlines for of in clinical)


def test_there_is_no_form_on_a_clinical_row(records, administrator):
    for model in READABLE:
        if issubclass(model, NeverDeleted) and model not in WITH_OWN_ROWS:
            page = administrator.get(f"{admin_pages.row_address(records.row(model))}change/").content.decode()
            assert not re.search(r'name="_(save|continue|addanother)"', page), label(model)
