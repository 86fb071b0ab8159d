"""Clinical rows in the administration are reached by reference: no key and no detour leads to one."""

import re

import pytest
from django.contrib import admin
from django.contrib.contenttypes.models import ContentType
from django.test import Client
from django.urls import reverse

from clinic.administration.base import OnlyAdministrators
from clinic.administration.by_reference import FoundByReferenceAdmin
from clinic.models import AuditEvent, User
from patients.models import Patient, Screening
from tests import world
from treatments.models import NeedlingSession

pytestmark = pytest.mark.django_db

BY_REFERENCE = {
    model: page for model, page in admin.site._registry.items() if isinstance(page, FoundByReferenceAdmin)
}
DETOURS = ("change/", "", "history/", "delete/")


def folder(model) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")


@pytest.fixture
def administrator(practice) -> Client:
    return world.client_of(practice, "admin")


def rows_of(practice, model, state: str) -> list:
    """Rows of the patient in that state."""
    ref = practice.states[state]["patients"]["ref"]
    page = BY_REFERENCE[model]
    path = "patient_ref" if model is AuditEvent else f"{page.patient_path}ref"
    return list(model._base_manager.filter(**{path: ref}))


@pytest.mark.parametrize("model", BY_REFERENCE, ids=lambda model: model.__name__)
@pytest.mark.parametrize("detour", DETOURS)
def test_no_key_leads_to_a_row(administrator, model, detour):
    for key in (1, *model._base_manager.values_list("pk", flat=True)[:3]):
        answer = administrator.get(f"{folder(model)}{key}/{detour}?_to_field=id")

        assert answer.status_code == 404, key


@pytest.mark.parametrize("model", BY_REFERENCE, ids=lambda model: model.__name__)
def test_the_list_of_a_reference_leads_to_its_rows(practice, administrator, model):
    path = "patient_ref" if model is AuditEvent else f"{BY_REFERENCE[model].patient_path}ref"
    closed = {path: practice.states["restricted"]["patients"]["ref"]}
    for row in model._base_manager.exclude(**closed).exclude(**{path: ""})[:3]:
        address = BY_REFERENCE[model].url_of(row)
        ref = re.split("-|/", address.removeprefix(folder(model)))[0]

        assert f'href="{address}' in administrator.get(folder(model), {"q": ref}).text
        assert administrator.get(address).status_code == 200


@pytest.mark.parametrize("model", BY_REFERENCE, ids=lambda model: model.__name__)
def test_a_restricted_row_answers_as_one_that_never_was(practice, administrator, model):
    for row in rows_of(practice, model, "restricted"):
        address = BY_REFERENCE[model].url_of(row)
        ref = re.split("-|/", address.removeprefix(folder(model)))[0]

        answer = administrator.get(address)

        assert (answer.status_code, answer.url) == (302, reverse("admin:index"))
        listed = administrator.get(folder(model), {"q": ref}).context["cl"].result_list
        assert list(listed) == []


def test_a_row_of_one_record_is_not_reached_by_the_reference_of_another(practice, administrator):
    (row, *_), other = rows_of(practice, Screening, "draft"), practice.states["restricted"]["patients"]["ref"]

    answer = administrator.get(f"{folder(Screening)}{other}-{row.pk}/change/")

    assert answer.status_code == 302


def test_a_page_links_to_no_key(practice, administrator):
    session = NeedlingSession.objects.get(ref=practice.states["draft"]["sessions"]["ref"])

    page = administrator.get(BY_REFERENCE[NeedlingSession].url_of(session)).text

    clinical = "|".join(re.escape(folder(model)) for model in BY_REFERENCE)
    assert re.findall(rf'href="(?:{clinical})\d+/', page) == []


@pytest.mark.parametrize("state", ["draft", "restricted"])
def test_the_way_by_content_type_is_closed(practice, administrator, state):
    patient = Patient.objects.get(ref=practice.states[state]["patients"]["ref"])
    for model, key in ((Patient, patient.pk), (User, 1), (NeedlingSession, 1)):
        kind = ContentType.objects.get_for_model(model).pk

        answer = administrator.get(f"/admin/r/{kind}/{key}/")

        assert (answer.status_code, answer.headers.get("Location")) == (404, None)


def test_no_page_offers_to_view_a_row_elsewhere():
    pages = [*admin.site._registry.values()]
    inlines = [inline for page in pages for inline in page.inlines]

    assert all(issubclass(type(page), OnlyAdministrators) for page in pages)
    assert [page for page in [*pages, *inlines] if page.view_on_site] == []
