"""What an export of the whole practice holds, and what it leaves out with the reason.

A table or column is exported unless it is named here, so that a new one is not forgotten; one that looks
like a secret is refused by `tests/treatments/test_exported_files.py` until it is.
"""

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.db import models

APPS = ("clinic", "patients", "treatments")
LEFT_OUT = {
    "clinic_cataloguefile": "what the product last read of its own files",
    "clinic_firstlink": "links that open an account",
    "clinic_formkey": "presses of buttons, forgotten after days",
    "clinic_heldform": "what a page holds until it is sent: not part of the record",
    "clinic_user_groups": "not used: what people may do stands in clinic_rolegrant",
    "clinic_user_user_permissions": "not used: what people may do stands in clinic_rolegrant",
    "patients_broughtfile": "files of another system that wait to be brought in: not part of the record",
    "patients_likelypair": "pairs to look at, made of the record by manage.py find_duplicates",
    "patients_patientkey": "search keys, made of the patient's own columns",
    "treatments_draftpresence": "who has a draft open just now",
    "treatments_unkeptentry": "what is typed and not saved yet: not part of the record",
}
COLUMNS_LEFT_OUT = {
    "clinic_auditevent.key_id": "only the audit key checks the chain: manage.py verify_record does",
    "clinic_auditevent.mac": "only the audit key checks the chain: manage.py verify_record does",
    "clinic_auditevent.previous": "only the audit key checks the chain: manage.py verify_record does",
    "clinic_auditevent.rows": "only the audit key checks the chain: manage.py verify_record does",
    "clinic_codeset.codes": "the publisher's file, packed",
    "clinic_patientlink.digest": "opens a patient's page to who finds the token",
    "clinic_user.is_staff": "state of the sign-in",
    "clinic_user.is_superuser": "state of the sign-in",
    "clinic_user.last_login": "state of the sign-in",
    "clinic_user.one_time_password_at": "state of the sign-in",
    "clinic_user.one_time_password_by_id": "state of the sign-in",
    "clinic_user.one_time_password_used_at": "state of the sign-in",
    "clinic_user.password": "a digest that passwords can be guessed against",
    "clinic_user.password_needs_factor": "tells how long the password is",
    "clinic_user.sign_in_series": "state of the sign-in",
    "patients_patient.name_key": "search key, made of the patient's own columns",
    "patients_patient.phone_key": "search key, made of the patient's own columns",
}
PATIENT = "patients_patient"
# Events say in a text, not by a foreign key, whom they are about.
EVENTS = "clinic_auditevent"


def all_models() -> dict[str, type[models.Model]]:
    """{table: model} of the three apps."""
    every = apps.get_models(include_auto_created=True)
    return {model._meta.db_table: model for model in every if model._meta.app_label in APPS}


def exported() -> dict[str, type[models.Model]]:
    return {table: model for table, model in sorted(all_models().items()) if table not in LEFT_OUT}


def columns(model: type[models.Model]) -> list[Any]:
    table = model._meta.db_table
    return [
        field
        for field in model._meta.local_concrete_fields
        if not field.generated and f"{table}.{field.column}" not in COLUMNS_LEFT_OUT
    ]


def paths_to_patient(model: type[models.Model]) -> list[str]:
    """Every shortest way over foreign keys to a patient, as lookups; none where a row is about nobody."""
    if model._meta.db_table == PATIENT:
        return ["pk", "merged_into"]
    ways = [("", model)]
    seen = {model}
    while ways:
        ways = [step for prefix, standing in ways for step in _steps(prefix, standing)]
        if found := [path for path, model in ways if model._meta.db_table == PATIENT]:
            return found
        ways = [(f"{path}__", model) for path, model in ways if model not in seen]
        seen |= {model for _, model in ways}
    return []


def _steps(prefix: str, model: type[models.Model]) -> Iterator[tuple[str, type[models.Model]]]:
    fields: Any = model._meta.local_concrete_fields
    for field in fields:
        # a member of staff may be a patient; what they did is not about them
        if field.is_relation and field.related_model._meta.db_table != "clinic_user":
            yield f"{prefix}{field.name}", field.related_model
