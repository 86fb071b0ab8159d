"""Whose is a row: the patient to whom its foreign keys lead, and rows that lead to two."""

import re
from collections.abc import Iterator

from django.apps import apps
from django.db import models

from patients.models import Patient
from tests.form_submissions import Submission

# These lead to another patient on purpose.
KEYS_BETWEEN_PATIENTS = {"merged_into", "survivor", "loser"}


def models_with_a_patient() -> dict[type[models.Model], list[models.ForeignKey]]:
    """Every model that has a patient, with the keys that lead there."""
    found: dict[type[models.Model], list[models.ForeignKey]] = {Patient: []}
    known = 0
    every = [
        m for floor in ("clinic", "patients", "treatments") for m in apps.get_app_config(floor).get_models()
    ]
    while known != len(found):
        known = len(found)
        for model in every:
            keys = [
                field
                for field in model._meta.local_concrete_fields
                if field.remote_field
                and field.related_model in found
                and field.name not in KEYS_BETWEEN_PATIENTS
            ]
            if keys and model is not Patient:
                found[model] = keys
    return found


class PatientRows:
    """The patients of all rows as they are now."""

    def __init__(self):
        self.keys = models_with_a_patient()
        self.rows = {model: {row.pk: row for row in model._base_manager.all()} for model in self.keys}

    def patients_of(self, row: models.Model) -> set[int]:
        if isinstance(row, Patient):
            return {row.pk}
        found = set()
        for key in self.keys[type(row)]:
            there = self.rows[key.related_model].get(getattr(row, key.attname))
            found |= self.patients_of(there) if there is not None else set()
        return found

    def astray(self) -> list[str]:
        """Rows whose keys lead to more than one patient."""
        rows = (row for rows in self.rows.values() for row in rows.values())
        return sorted(repr(row) for row in rows if len(self.patients_of(row)) > 1)

    def named(self, value: str, patient: int) -> Iterator[tuple[type[models.Model], models.Model]]:
        """Rows of that patient that a field with this value may mean: by key, by reference or by number."""
        for model, rows in self.rows.items():
            for row in rows.values():
                if value in identifiers_of(row) and self.patients_of(row) == {patient}:
                    yield model, row

    def other(self, model: type[models.Model], patient: int) -> models.Model | None:
        """The newest row of somebody else."""
        others = [row for row in self.rows[model].values() if self.patients_of(row).isdisjoint({patient})]
        return others[-1] if others else None


def identifiers_of(row: models.Model) -> list[str]:
    """What a form may call it."""
    return [str(name) for name in (row.pk, getattr(row, "key", None), getattr(row, "ref", None)) if name]


def with_swapped_values(standing: PatientRows, sending: Submission) -> Iterator[tuple[dict, models.Model]]:
    """The sending with one value, or the number in one field's name, of another patient; and whose it is."""
    patient = patient_in_path(standing, sending.path)
    if patient is None:
        return
    for name, said in sending.data.items():
        if name in sending.typed:
            continue
        values = said if isinstance(said, list | tuple) else [said]
        for theirs, mine, again in counterparts(standing, patient, values):
            yield {**sending.data, name: [again if value == mine else value for value in values]}, theirs
        number = re.search(r"-(\d+)$", name)
        for theirs, _, again in counterparts(standing, patient, [number[1]] if number else []):
            rest = {key: value for key, value in sending.data.items() if key != name}
            yield {**rest, f"{name[: number.start(1)]}{again}": said}, theirs


def counterparts(
    standing: PatientRows, patient: int, values: list[str]
) -> Iterator[tuple[models.Model, str, str]]:
    """(somebody else's row, the value that stood for mine, the one that stands for theirs), each once."""
    found = {}
    for value in values:
        for model, row in standing.named(str(value), patient):
            theirs = standing.other(model, patient)
            if theirs is not None:
                again = identifiers_of(theirs)[identifiers_of(row).index(str(value))]
                found.setdefault((value, again), (theirs, value, again))
    yield from found.values()


def patient_in_path(standing: PatientRows, path: str) -> int | None:
    """The patient whom an address is about: by the first reference in it."""
    for part in path.split("/"):
        for rows in standing.rows.values():
            for row in rows.values():
                if len(part) > 6 and part == getattr(row, "ref", None):
                    return next(iter(standing.patients_of(row)), None)
    return None
