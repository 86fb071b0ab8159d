"""A setting of the practice that would switch a rule off, or that nobody means, is refused at its field."""

import pytest
from django.contrib import admin as django_admin
from django.db import IntegrityError, models, transaction
from django.test import RequestFactory
from django.urls import reverse

from clinic.administration.compared_form import ComparedForm
from clinic.forms.fields import PhoneField
from clinic.models import Credential, Jurisdiction, Practice
from clinic.models.limits import PRACTICE
from clinic.rules import practice as rules
from tests import factories
from tests.form_client import FormClient
from tests.sources import settings

pytestmark = pytest.mark.django_db

ADDRESS = reverse("admin:clinic_practice_change", args=[1])


@pytest.fixture
def save(admin, signed_in):
    """save(name, value) -> the answer of the administration"""

    def send(name: str, value, address: str = ADDRESS) -> object:
        client = FormClient(signed_in(admin)).open(address)
        client.try_to_send(name, **{name: str(value)})
        return client.page

    return send


@pytest.mark.parametrize(
    ("name", "value"),
    [(name, value) for name, (low, high) in PRACTICE.items() for value in (low - 1, high + 1, 10**9, 10**30)],
)
def test_a_number_that_nobody_means_is_refused_at_its_field(save, name, value):
    page = save(name, value)

    form = page.context_data["adminform"].form
    low, high = PRACTICE[name]
    assert list(form.errors) == [name]
    assert form.errors[name] == [f"Enter a whole number from {low} to {high}."]
    assert form[name].value() == str(value)
    assert getattr(Practice.objects.get(), name) != value


@pytest.mark.parametrize(
    ("name", "value"), [(name, value) for name, limits in PRACTICE.items() for value in limits]
)
def test_the_limits_themselves_are_taken(save, name, value):
    Practice.objects.update(unsigned_nag_hours=1, unsigned_lead_hours=720)
    save(name, value)

    assert getattr(Practice.objects.get(), name) == value


def test_every_number_of_the_settings_has_limits():
    whole = {name for name, value in settings.with_numbers().items() if value.isdigit()}

    assert whole == PRACTICE.keys()
    assert all(
        low <= Practice._meta.get_field(name).default <= high for name, (low, high) in PRACTICE.items()
    )


@pytest.mark.parametrize(
    ("name", "value"),
    [("followup_hours", "soon"), ("followup_hours", "24,"), ("followup_hours", ""), ("followup_hours", "0"),
     ("followup_hours", "999999"), ("followup_hours", "1,2,3,4,5,6,7"), ("needle_stock", "thick"),
     ("needle_stock", "0.30"), ("needle_stock", "30x0.30"), ("needle_stock", "0.30x40,,0.30x50"),
     ("needle_stock", "0.25x30,banana"), ("needle_stock", "0.95x30"), ("needle_stock", "0.30x999"),
     ("followup_open_hours", "20:00-08:00"), ("followup_open_hours", "all day"), ("phone", "abc"),
     ("phone", "555-01"), ("emergency_number", "abc"), ("emergency_number", ""), ("npi", "123"),
     ("name", " "), ("emergency_words", "")],
)  # fmt: skip
def test_what_cannot_be_read_is_refused_at_its_field(save, name, value):
    page = save(name, value)

    form = page.context_data["adminform"].form
    assert page.status_code == 422
    assert list(form.errors) == [name]
    assert form[name].value() == value


def test_a_refusal_names_the_part_that_cannot_be_read(save):
    page = save("needle_stock", "0.25x30,banana")

    assert "“banana” is no needle." in page.context_data["adminform"].form.errors["needle_stock"][0]


@pytest.mark.parametrize(
    ("name", "typed", "stored"),
    [("needle_stock", "0.25 x 30; .3×40, 0.30X5, 0.25x30", "0.25x30,0.30x40,0.30x5"),
     ("followup_hours", "24;72", "24,72"), ("followup_hours", "72 24", "24,72"),
     ("followup_hours", "24 and 96", "24,96"), ("followup_open_hours", "9a to 5p", "09:00-17:00"),
     ("phone", "555.555.0100", "555.555.0100"), ("emergency_number", "112", "112")],
)  # fmt: skip
def test_a_list_is_typed_as_people_write_it(save, name, typed, stored):
    save(name, typed)

    assert getattr(Practice.objects.get(), name) == stored


def test_the_lead_is_not_told_before_the_therapist_is_reminded(save):
    page = save("unsigned_lead_hours", "12")

    assert list(page.context_data["adminform"].form.errors) == ["unsigned_lead_hours"]


# ---- the siblings: places, rooms, credentials, copies of state rules


def test_the_phone_of_a_place_is_read_as_that_of_the_practice(save):
    there = reverse("admin:clinic_location_change", args=[factories.location().pk])

    page = save("phone", "abc", there)

    assert list(page.context_data["adminform"].form.errors) == ["phone"]


@pytest.mark.parametrize(
    ("row", "name", "value"),
    [(Credential(kind="course"), "hours", 0), (Credential(kind="course"), "sessions", 10**6),
     (Jurisdiction(), "max_dwell_seconds", 10**6), (Jurisdiction(), "no_improvement_days", 0)],
)  # fmt: skip
def test_a_number_of_another_table_is_refused_at_its_field_too(row, name, value):
    setattr(row, name, value)

    with pytest.raises(Exception, match="Enter a whole number from") as refused:
        row.clean_fields(exclude={field.name for field in row._meta.fields} - {name})
    assert refused.value.message_dict.keys() == {name}


@pytest.mark.parametrize(
    ("name", "value"),
    [(name, value) for name, (low, high) in PRACTICE.items() for value in (low - 1, high + 1) if value >= 0]
    + [("followup_open_hours", "20:00-08:00"), ("needle_stock", ""), ("followup_hours", ""), ("name", "")],
)
def test_the_database_refuses_what_is_written_past_the_form(name, value):
    with pytest.raises(IntegrityError), transaction.atomic():
        Practice.objects.update(**{name: value})


# ---- every page


def administered_forms(user):
    """(model, form) of each page and each inner row that somebody may change."""
    request = RequestFactory().get("/admin/")
    request.user = user
    for model, page in django_admin.site._registry.items():
        row = model.objects.first()
        if not (page.has_add_permission(request) or page.has_change_permission(request, row)):
            continue
        yield model, page.get_form(request, row, change=row is not None)
        for inner in page.get_inline_instances(request, row):
            yield inner.model, inner.get_formset(request, row).form


def test_every_form_is_compared_with_what_was_saved_since(admin):
    forms = [form for _model, form in administered_forms(admin)]

    assert len(forms) > 8
    assert [form for form in forms if not issubclass(form, ComparedForm)] == []


def test_every_field_of_the_set_up_has_a_sentence(admin):
    missing = [
        f"{model.__name__}.{name}"
        for model, form in administered_forms(admin)
        if model._meta.app_label == "clinic" and model is not Jurisdiction
        for name, field in form.base_fields.items()
        if not field.help_text
    ]

    assert missing == []


def test_a_number_says_its_limits_and_an_example(admin):
    form = next(form for model, form in administered_forms(admin) if model is Practice)

    for name, (low, high) in PRACTICE.items():
        example = Practice._meta.get_field(name).default
        assert f"{low} to {high}, such as {example}." in str(form.base_fields[name].help_text), name


def test_every_phone_of_a_form_is_read_as_one(admin):
    phones = [
        form.base_fields["phone"] for _model, form in administered_forms(admin) if "phone" in form.base_fields
    ]

    assert len(phones) == 2
    assert all(isinstance(field, PhoneField) for field in phones)


def test_every_whole_number_that_is_entered_has_limits(admin):
    """Those of other tables are judged by rules of their own."""
    apart = {"Muscle", "DiagnosisFamily"}
    numbers = {
        (model, name)
        for model, form in administered_forms(admin)
        for name in form.base_fields
        if model.__name__ not in apart and isinstance(_column(model, name), models.IntegerField)
    }

    assert {(model, name) for model, name in numbers if name not in getattr(model, "limits", {})} == set()


def _column(model, name: str):
    return next((field for field in model._meta.fields if field.name == name), None)


def test_every_setting_can_be_read_again_as_it_is_stored():
    practice = Practice()

    assert rules.followup_hours(practice.followup_hours) == practice.followup_hours
    assert rules.needle_sizes(practice.needle_stock) == practice.needle_stock
