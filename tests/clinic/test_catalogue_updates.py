"""An update of the product over rows that the practice added or retired, in every catalogue."""

import csv
import datetime as dt

import pytest
from django.apps import apps
from django.db import models
from django.utils import timezone

from clinic import catalogues
from clinic.catalogues import table_sync
from clinic.models.own_rows import NAMESPACE
from treatments.models import Muscle

pytestmark = pytest.mark.django_db
CATALOGUES = {each.model: each for each in table_sync._REGISTRY}
APPROVED = {"own": True, "approved_by": "Dr. H. Oduya", "approved_on": dt.date(2026, 11, 2)}
CHANGED = "named anew by a later release"


def has(model: type[models.Model], name: str) -> bool:
    return name in {field.name for field in model._meta.fields}


def own_row(catalogue) -> models.Model:
    """A row of the practice, made as a copy of a shipped one."""
    model = apps.get_model(catalogue.model)
    row = model.objects.order_by("pk").last()
    if has(model, "based_on"):
        row.based_on_id = row.pk
    row.pk, row._state.adding = None, True
    if has(model, "own"):
        vars(row).update(APPROVED)
    if has(model, "code"):
        row.code = f"{NAMESPACE}row"
    elif has(model, "variant"):
        row.variant = f"{NAMESPACE}row"
    elif not has(model, "own"):
        row.muscle = own_row(CATALOGUES["treatments.Muscle"])
    row.save(force_insert=True)
    return row


def newer(catalogue, tmp_path, change) -> None:
    """The file of a later release: its rows are those of today after `change`."""
    rows = catalogues.read(catalogue.path)
    path = tmp_path / catalogue.path.parent.parent.name / "catalogues" / catalogue.path.name
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(change(rows))
    object.__setattr__(catalogue, "path", path)


@pytest.fixture(params=sorted(CATALOGUES))
def catalogue(request):
    each = CATALOGUES[request.param]
    shipped = each.path
    yield each
    object.__setattr__(each, "path", shipped)


@pytest.fixture
def muscles():
    each = CATALOGUES["treatments.Muscle"]
    shipped = each.path
    yield each
    object.__setattr__(each, "path", shipped)


def update(catalogue, tmp_path, change) -> None:
    newer(catalogue, tmp_path, change)
    catalogues.sync(catalogue.model.partition(".")[0])


def key_column(catalogue) -> str:
    """The column in which a new row differs from the one that it is copied of."""
    return next(name for name in ("code", "variant", "name", "muscle") if name in catalogue.key)


def values(row: models.Model) -> dict:
    return type(row).objects.filter(pk=row.pk).values().get()


def of_file(catalogue, row: dict) -> models.QuerySet:
    model = apps.get_model(catalogue.model)
    names = {name: row[name] for name in catalogue.key if name in row}
    found = {f"{name}__code" if model._meta.get_field(name).is_relation else name: text
             for name, text in names.items()}  # fmt: skip
    return catalogues.shipped(model).filter(**found)


def test_an_update_adds_changes_and_retires_shipped_rows_and_leaves_the_practices_own(catalogue, tmp_path):
    own = own_row(catalogue)
    before, model = values(own), type(own)
    here = catalogues.read(catalogue.path)
    first, last, column = here[0], here[-1], key_column(catalogue)
    added = {**here[1], column: "so" if column == "muscle" else "a-later-row"}

    update(catalogue, tmp_path, lambda rows: [{**rows[0], "source": CHANGED}, *rows[1:-1], added])

    assert values(own) == before
    assert of_file(catalogue, first).get().source == CHANGED
    assert of_file(catalogue, added).exists()
    gone = of_file(catalogue, last)
    if has(model, "retired_at"):
        assert gone.get().retired_at is not None
    else:
        assert not gone.exists()

    update(catalogue, tmp_path, lambda rows: [*rows[:-1], last])

    assert values(own) == before
    returned = of_file(catalogue, last).get()
    assert not has(model, "retired_at") or returned.retired_at is None


def test_what_the_practice_retired_stays_retired_through_every_update(catalogue, tmp_path, admin):
    model = apps.get_model(catalogue.model)
    if not has(model, "retired_here_at"):
        return
    here = catalogues.read(catalogue.path)
    row, now = of_file(catalogue, here[-1]), timezone.now()
    row.update(retired_at=now, retired_here_at=now, retired_here_by=admin,
               retired_here_reason="Not done here.", retired_here_approver="Dr. H. Oduya")  # fmt: skip

    update(catalogue, tmp_path, lambda rows: [{**rows[0], "source": CHANGED}, *rows[1:]])
    assert row.get().retired_at == now
    update(catalogue, tmp_path, lambda rows: rows[:-1])
    update(catalogue, tmp_path, lambda rows: [*rows, here[-1]])

    assert row.get().retired_at == now


def test_a_file_that_uses_the_practices_codes_is_refused(catalogue, tmp_path):
    column = key_column(catalogue)
    if column in ("name", "muscle"):
        return

    with pytest.raises(ValueError, match="own-late"):
        update(catalogue, tmp_path, lambda rows: [*rows, {**rows[0], column: "own-late"}])


def test_a_name_that_the_practice_had_before_the_file_stands_in_both(tmp_path):
    each = CATALOGUES["patients.ConditionName"]
    shipped = each.path
    own = own_row(each)
    type(own).objects.filter(pk=own.pk).update(name="crick", source="said at the desk")
    named = {"condition": own.condition.code, "name": "crick", "proposed_variant": "", "source": CHANGED}

    try:
        update(each, tmp_path, lambda rows: [*rows, named])
    finally:
        object.__setattr__(each, "path", shipped)

    own.refresh_from_db()
    assert own.source == "said at the desk"
    assert of_file(each, named).get().source == CHANGED


@pytest.mark.parametrize(("column", "value", "is_stamped"), [
    ("hazards", "lung", True), ("billing_key", "other", True), ("heads", "long; short", True),
    ("members", "Adductor longus; Adductor brevis", True), ("note", "Kinder words.", False),
])  # fmt: skip
def test_an_update_of_hazards_or_counting_is_stamped(muscles, tmp_path, column, value, is_stamped):
    here = catalogues.read(muscles.path)

    update(muscles, tmp_path, lambda rows: [{**rows[0], column: value}, *rows[1:]])

    stamped = set(Muscle.objects.exclude(facts_changed_at=None).values_list("code", flat=True))
    assert stamped == ({here[0]["code"]} if is_stamped else set())


@pytest.mark.parametrize(("model", "column", "value", "is_stamped"), [
    ("WarningSign", "question", "Are you out of breath?", True), ("WarningSign", "position", "5", False),
    ("WarningSignLevel", "urgency", "1", True), ("WarningSignLevel", "until_hours", "96", True),
    ("WarningSignLevel", "place", "lung", True), ("WarningSignLevel", "source", "another report", True),
    ("WarningSignLevel", "position", "5", False),
])  # fmt: skip
def test_an_update_of_what_a_lead_decides_about_is_stamped(tmp_path, model, column, value, is_stamped):
    each = CATALOGUES[f"treatments.{model}"]
    shipped = each.path
    here = catalogues.read(each.path)
    try:
        update(each, tmp_path, lambda rows: [{**rows[0], column: value}, *rows[1:]])
    finally:
        object.__setattr__(each, "path", shipped)

    table = apps.get_model(each.model)
    stamped = set(table.objects.exclude(facts_changed_at=None).values_list("code", flat=True))
    assert stamped == ({here[0]["code"]} if is_stamped else set())
