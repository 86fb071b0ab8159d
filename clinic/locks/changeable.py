"""What of the record may change after it is written, with the reason: each table that no lock keeps whole.

The tables of `clinic.audit.rows.UNCOVERED` are no part of the record. Whatever changes here has an event.
"""

from collections.abc import Iterator

from clinic.audit import rows
from clinic.locks.specification import LockSpecification, lock_specification_of

OF_AN_UPDATE = "an update of Filiform brings its wording; what leaves the file is retired"
OR_OF_THE_PRACTICE = f"{OF_AN_UPDATE}; the practice adds rows of its own, changes those and retires others"
# {table: what may change in it, and why}
TABLES = {
    "clinic_user": "names, credentials, passwords and access change while somebody works here",
    "clinic_rolegrant": "a role ends by its last day; the days are corrected",
    "clinic_credential": "a license is renewed and a wrong number corrected; its end is a day",
    "clinic_credential_regions": "the parts of the body that a course covered are corrected",
    "clinic_practice": "settings of the practice, one row",
    "clinic_location": "name, phone and address of a place change",
    "clinic_room": "rooms are renamed and put in another order",
    "clinic_bodyregion": OF_AN_UPDATE,
    "clinic_jurisdiction": "an update of Filiform brings its rules; the practice has counsel check them",
    "clinic_codeset": "a file of the publisher brings a set, or takes the place of the one for its days",
    "clinic_cataloguefile": "says which edition of each file was read last",
    "account_emailaddress": "belongs to the library that signs people in; nobody signs in by email",
    "account_emailconfirmation": "belongs to the library that signs people in; none is sent",
    "auth_group": "Django's own; access comes from grants, no group gives any",
    "auth_group_permissions": "Django's own; access comes from grants, no group gives any",
    "clinic_user_groups": "Django's own; access comes from grants, no group gives any",
    "clinic_user_user_permissions": "Django's own; access comes from grants, no permission gives any",
    "mfa_authenticator": "people add and remove passkeys and apps; used codes are struck",
    "patients_patient": "names, phone and address change; the record is restricted, held or merged",
    "patients_patientkey": "search keys, made again from the patient",
    "patients_visit": "a visit is booked, moved and taken through its steps; each step can be taken back",
    "patients_condition": OR_OF_THE_PRACTICE,
    "patients_conditionname": OR_OF_THE_PRACTICE,
    "patients_diagnosisfamily": (
        "each October brings new diagnosis codes; former ones are retired; the practice adds its own"
    ),
    "patients_screeningitem": OR_OF_THE_PRACTICE,
    "treatments_muscle": "the practice sets limits of depth, adds and retires; an update brings the rest",
    "treatments_muscle_regions": "an update of Filiform brings them; those of its own muscles the practice",
    "treatments_suggestedmuscle": "an update of Filiform brings them, and takes its own away",
    "treatments_adverseeventkind": OF_AN_UPDATE,
    "treatments_aftercareadvice": OF_AN_UPDATE,
    "treatments_warningsign": OF_AN_UPDATE,
    "treatments_warningsignlevel": OF_AN_UPDATE,
}
# {(table, column): why it may change although the row is locked}
COLUMNS = {
    ("patients_consenttext", "retired_at"): "a text that nobody shall be shown any more is retired",
    ("patients_patientaccess", "until_at"): "an emergency access ends early when the restriction is lifted",
    ("treatments_followup", "assigned_to_id"): "a warning sign that waits moves to another therapist",
    ("treatments_followup", "attempts"): "a warning sign may be reported after the call was closed",
    ("treatments_followup", "claimed_at"): "whoever reports a warning sign is not calling any more",
    ("treatments_followup", "claimed_by_id"): "whoever reports a warning sign is not calling any more",
}
# {table: why its lock may be taken off again, with the columns that are cleared then}
REOPENED = {"treatments_followup": "corrected answers that ask for a talk open the call again"}


def lines() -> Iterator[str]:
    """A table in Markdown: every table of the record, when its rows lock, and what may change and why."""
    yield "| Table | Its rows | May change |"
    yield "|---|---|---|"
    for table, model in sorted(rows.covered_models().items()):
        yield f"| `{table}` | {_when(lock_specification_of(model))} | {_what(table)} |"


def _when(lock: LockSpecification | None) -> str:
    if lock is None:
        return "come and go"
    if lock.written_once:
        return "are written once"
    if lock.parent:
        return f"lock when their row of `{lock.parent}` is {_stamps(lock.parent_fields)}"
    if lock.lock_columns:
        return f"lock when they are {_stamps(lock.lock_columns)}"
    return "stay, and may change"


def _stamps(columns: tuple[str, ...]) -> str:
    return " or ".join(name.removesuffix("_at").replace("_", " ") for name in columns)


def _what(table: str) -> str:
    found = [TABLES[table]] if table in TABLES else []
    found += [f"`{column}`: {why}" for (of, column), why in COLUMNS.items() if of == table]
    found += [REOPENED[table]] if table in REOPENED else []
    return "; ".join(found)
