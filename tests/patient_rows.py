"""The patients that each row belongs to by its foreign keys, and rows that belong to two."""

import re
from collections.abc import Iterator

from django.apps import apps
from django.db import models

from patients.models import Patient
from tests.form_submissions import Submission

# Foreign keys that point to another patient on purpose.
KEYS_BETWEEN_PATIENTS = {"merged_into", "survivor", "loser"}


def models_with_a_patient() -> dict[type[models.Model], list[models.ForeignKey]]:
    """Every model that belongs to a patient, with the foreign keys that lead there."""
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
    """All rows that belong to patients, read once."""

    def __init__(self):
        self.keys = models_with_a_patient()
        self.rows = {model: {row.pk: row for row in model._base_manager.all()} for model in self.keys}

    def patients_of(self, row: models.Model) -> set[int]:
        if isinstance(row, Patient):
            return {row.pk}
        found = set()
        for key in self.keys[type(row)]:
            target = self.rows[key.related_model].get(getattr(row, key.attname))
            found |= self.patients_of(target) if target is not None else set()
        return found

    def astray(self) -> list[str]:
        """Rows whose keys lead to more than one patient."""
        rows = (row for rows in self.rows.values() for row in rows.values())
        return sorted(repr(row) for row in rows if len(self.patients_of(row)) > 1)

    def named(self, value: str, patient: int) -> Iterator[tuple[type[models.Model], models.Model]]:
        """Rows of that patient that this value may identify: by primary key, `key` or reference."""
        for model, rows in self.rows.items():
            for row in rows.values():
                if value in identifiers_of(row) and self.patients_of(row) == {patient}:
                    yield model, row

    def other(self, model: type[models.Model], patient: int) -> models.Model | None:
        """The newest row of somebody else."""
        others = [row for row in self.rows[model].values() if self.patients_of(row).isdisjoint({patient})]
        return others[-1] if others else None


def identifiers_of(row: models.Model) -> list[str]:
    """The values by which a form may identify the row."""
    return [str(name) for name in (row.pk, getattr(row, "key", None), getattr(row, "ref", None)) if name]


def with_swapped_values(rows_now: PatientRows, submission: Submission) -> Iterator[tuple[dict, models.Model]]:
    """Variants of the submission with one value of another patient, and the row that the value identifies."""
    patient = patient_in_path(rows_now, submission.path)
    if patient is None:
        return
    for name, posted in submission.data.items():
        if name in submission.typed:
            continue
        values = posted if isinstance(posted, list | tuple) else [posted]
        for other_row, mine, other_value in counterparts(rows_now, patient, values):
            yield (
                {**submission.data, name: [other_value if value == mine else value for value in values]},
                other_row,
            )
        number = re.search(r"-(\d+)$", name)
        for other_row, _, other_value in counterparts(rows_now, patient, [number[1]] if number else []):
            rest = {key: value for key, value in submission.data.items() if key != name}
            yield {**rest, f"{name[: number.start(1)]}{other_value}": posted}, other_row


def counterparts(
    rows_now: PatientRows, patient: int, values: list[str]
) -> Iterator[tuple[models.Model, str, str]]:
    """(the other patient's row, the original value, the value that replaces it), each once."""
    found = {}
    for value in values:
        for model, row in rows_now.named(str(value), patient):
            other_row = rows_now.other(model, patient)
            if other_row is not None:
                other_value = identifiers_of(other_row)[identifiers_of(row).index(str(value))]
                found.setdefault((value, other_value), (other_row, value, other_value))
    yield from found.values()


def patient_in_path(rows_now: PatientRows, path: str) -> int | None:
    """The patient that a path is about, by the first reference in it."""
    for part in path.split("/"):
        for rows in rows_now.rows.values():
            for row in rows.values():
                if len(part) > 6 and part == getattr(row, "ref", None):
                    return next(iter(rows_now.patients_of(row)), None)
    return None
