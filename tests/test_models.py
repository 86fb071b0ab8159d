"""Rules for every table: complete when/who pairs, no leaking text, no cascading deletes."""

import re

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection, migrations, models
from django.db.migrations.loader import MigrationLoader
from django.db.models.constraints import BaseConstraint

FLOORS = ("clinic", "patients", "treatments")
ALL = [model for floor in FLOORS for model in apps.get_app_config(floor).get_models()]

# Nullable times without a user beside them, each with the reason.
CATALOGUE = "a row leaves its file; no person retires it"
LONE_INSTANTS = {
    "clinic.BodyRegion.retired_at": CATALOGUE,
    "clinic.Jurisdiction.retired_at": CATALOGUE,
    "clinic.Location.retired_at": "set in the administration, whose own journal says by whom",
    "clinic.Room.retired_at": "set in the administration, whose own journal says by whom",
    "clinic.User.one_time_password_used_at": "whoever typed it is not known to be that user yet",
    "clinic.FirstLink.ended_at": "used or replaced at the machine, whose event says by whom",
    "clinic.PatientLink.used_at": "the patient used it, who is no user",
    "patients.Condition.retired_at": CATALOGUE,
    "patients.ConditionName.retired_at": CATALOGUE,
    "patients.DiagnosisFamily.retired_at": CATALOGUE,
    "patients.ScreeningItem.retired_at": CATALOGUE,
    "patients.ConsentText.retired_at": "retired in the administration, whose event says by whom",
    "patients.Handover.finished_at": "the patient finished, who is no user",
    "patients.Intake.submitted_at": "the patient submitted, who is no user",
    "patients.NonCoverageNotice.given_at": "an instant of the world",
    "patients.PatientAccess.until_at": "the end of a grant, an instant of the world",
    "treatments.NeedlingSession.started_at": "an instant of the world",
    "treatments.NeedlingSession.ended_at": "an instant of the world",
    "treatments.NeedleSite.needle_in_at": "an instant of the world",
    "treatments.NeedleSite.needle_out_at": "an instant of the world",
    "treatments.FollowUp.sent_at": "the clock sends it",
    "treatments.ContactAttempt.again_at": "a time that was agreed on, an instant of the world",
    "treatments.AdverseEvent.onset_at": "an instant of the world",
    "treatments.Muscle.retired_at": CATALOGUE,
    "treatments.Muscle.facts_changed_at": "an update or the administration, whose own journal says by whom",
    "treatments.AdverseEventKind.retired_at": CATALOGUE,
    "treatments.AftercareAdvice.retired_at": CATALOGUE,
    "treatments.WarningSign.retired_at": CATALOGUE,
    "treatments.WarningSign.facts_changed_at": CATALOGUE,
    "treatments.WarningSignLevel.retired_at": CATALOGUE,
    "treatments.WarningSignLevel.facts_changed_at": CATALOGUE,
}
# When/who pairs of which only one part may be set, on purpose.
HALF_PAIRS = {
    "patients.ConsentText.published": "texts of the product's own file are published by nobody",
    "treatments.SorenessReport.reported": "a report by link has no user, and says so",
}
# Constraints that no form can violate, so that their messages would never be shown.
BY_KEY = "the client's own key; a second arrival gets the first answer"
BY_FILE = "the catalogue's own key"
WITHOUT_A_READER = {
    "call_again_has_its_time": "the form asks for the time",
    "room_name_is_unique_in_location": "the administration says it in words that name both fields",
    "formkey_is_used_once": BY_KEY,
    "jurisdiction_is_shipped_or_a_copy": "made by the program",
    "credential_reminder_is_sent_once": "the program asks which were sent before it sends one",
    "codeset_ends_after_it_begins": BY_FILE,
    "diagnosisfamily_variant_is_unique": BY_FILE,
    "consenttext_version_is_unique": BY_FILE,
    "suggestedmuscle_stands_once": BY_FILE,
    "patientcondition_onset_says_how_exact": "one text box gives both",
    "consent_is_given_or_refused": "two actions, each sets one",
    "paper_is_not_empty": "the form says what is wrong with the file",
    "paper_of_a_consent_is_a_consent": "the action says it in words of its own",
    "paper_of_an_insurance_is_its_card": "the action says it in words of its own",
    "part_of_a_paper_is_one": "the program counts the parts",
    "consent_names_the_patient": "filled from the patient as the row is written",
    "patient_is_not_merged_into_itself": "kept by the program",
    "patientkey_stands_once": "made by the program",
    "likely_pair_is_listed_once": "made by the program",
    "question_version_has_one_wording": "the action counts",
    "patient_has_one_open_episode": "the current one is found before one is opened",
    "visit_lasts_five_minutes_to_eight_hours": "the form says it at the field",
    "session_ends_in_one_way": "the lock is asked first",
    "followup_step_stands_once": "scheduling twice is scheduling once",
    "followup_closes_with_an_outcome": "closing needs an outcome",
    "original_pain_is_0_to_10": "the form offers 0 to 10 only",
    "soreness_says_who_reported": "kept by the program",
    "adverseevent_severity_is_0_to_3": "the form offers 0 to 3 only",
    "adverseevent_report_says_to_whom_and_when": "the form asks for both",
    "adverseevent_closes_with_a_note": "the form asks for it",
    "adverseevent_in_error_says_why": "the form asks for it",
    "adverseevent_ends_in_one_way": "a row lock comes first, and the second is told",
    "sharpsinjury_names_one_person": "the rule says it at the field",
    "sharpsinjury_correction_says_why": "the form asks for it",
    "sharpsinjury_holds_what_the_log_must": "the form asks for each",
    "aftercare_item_stands_once": "one box per item",
    "draftevent_arrives_once": BY_KEY,
    "presence_stands_once_per_page": BY_KEY,
    "heldform_stands_once_per_page": "the newer text takes the older one's place",
    "unkept_stands_once_per_writer": "the newer text takes the older one's place",
    "sessioncondition_stands_once": "the page offers the others only",
    "site_arrives_once": BY_KEY,
    "site_number_is_never_reused": "numbered by the program",
    "site_pain_is_0_to_10": "the form offers 0 to 10 only",
}
# Rows that are deleted together with their parent.
CASCADES = {
    "patients.PatientKey.patient": "search keys, made again from the patient",
    "treatments.SuggestedMuscle.condition": "catalogue, made again from its file",
    "treatments.SuggestedMuscle.muscle": "catalogue, made again from its file",
}
# Columns that a row's str or repr may contain: codes, references, places and catalog names.
PRINTABLE = {
    "clinic.AuditEvent.code",
    "clinic.CatalogueFile.name",
    "clinic.FormKey.action",
    "clinic.Jurisdiction.name",
    "clinic.Location.name",
    "clinic.Room.name",
    "clinic.User.username",
    "patients.Condition.name",
    "patients.ConditionName.name",
    "patients.ConsentText.language",
    "patients.ConsentText.version",
    "patients.DiagnosisFamily.label",
    "patients.PatientKey.kind",
    "treatments.AdverseEventKind.name",
    "treatments.Muscle.name",
}


def label(model, name: str = "") -> str:
    return f"{model._meta.app_label}.{model.__name__}" + (f".{name}" if name else "")


def constraints() -> list[tuple[type, BaseConstraint]]:
    return [(model, constraint) for model in ALL for constraint in model._meta.constraints]


def halves(model) -> dict[str, tuple]:
    """{name: (`<name>_at` or None, `<name>_by` or None)} of a model's nullable columns."""
    columns = {field.name: field for field in model._meta.fields if field.null}
    names = {name[:-3] for name in columns if name.endswith(("_at", "_by"))}
    return {name: (columns.get(f"{name}_at"), columns.get(f"{name}_by")) for name in names}


@pytest.mark.parametrize("model", ALL, ids=label)
def test_who_and_when_stand_together(model):
    names = {constraint.name for constraint in model._meta.constraints}
    pairs = {name for name, (at, by) in halves(model).items() if at is not None and by is not None}

    bare = {
        name
        for name in pairs
        if f"{model._meta.app_label}_{model._meta.model_name}_{name}_is_whole" not in names
    }

    assert {label(model, name) for name in bare} <= HALF_PAIRS.keys()


def test_an_instant_without_anybody_is_listed_with_its_reason():
    alone = {
        label(model, f"{name}_at")
        for model in ALL
        for name, (at, by) in halves(model).items()
        if at is not None and by is None
    }

    assert alone == LONE_INSTANTS.keys()


def test_nobody_stands_without_an_instant():
    alone = {
        label(model, name)
        for model in ALL
        for name, (at, by) in halves(model).items()
        if by is not None and at is None
    }

    assert alone <= {"treatments.SorenessReport.reported"}


@pytest.mark.parametrize(
    ("model", "constraint"), constraints(), ids=lambda value: getattr(value, "name", None) or label(value)
)
def test_a_constraint_states_a_fact(model, constraint):
    assert re.fullmatch(r"[a-z][a-z0-9]*(_[a-z0-9]+){2,}", constraint.name), "a name of three words or more"
    assert not constraint.name.endswith(("_check", "_uniq", "_constraint")), "a fact, not a kind"


def test_a_constraint_that_somebody_can_meet_speaks_our_words():
    silent = {
        constraint.name
        for _, constraint in constraints()
        if constraint.violation_error_message == BaseConstraint.default_violation_error_message
    }

    assert silent == WITHOUT_A_READER.keys()


def test_names_of_constraints_are_told_apart():
    names = [constraint.name for _, constraint in constraints()]

    assert len(names) == len(set(names))


@pytest.mark.parametrize("model", ALL, ids=label)
def test_no_row_is_deleted_with_another(model):
    keys = [field for field in model._meta.local_fields if isinstance(field, models.ForeignKey)]

    loose = {label(model, key.name) for key in keys if key.remote_field.on_delete is not models.PROTECT}

    assert loose <= CASCADES.keys()


def canary(model, **others):
    """A row whose free texts are recognizable, and whose relations cannot be queried."""
    texts = {
        field.name: f"canary-{field.name}-"
        for field in model._meta.fields
        if isinstance(field, models.CharField | models.TextField) and not field.choices
    }
    return model(pk=7, **{**texts, **others}), texts


@pytest.mark.parametrize("model", ALL, ids=label)
def test_a_row_calls_itself_by_reference_only(model):
    row, texts = canary(model)

    printed = {label(model, name) for name, text in texts.items() if text in str(row) + repr(row)}

    by_code = {label(model, name) for name in ("ref", "code")}
    assert printed <= PRINTABLE | by_code


def test_the_canary_would_be_heard(monkeypatch):
    patient = apps.get_model("patients.Patient")
    monkeypatch.setattr(patient, "__str__", lambda self: self.family_name)

    row, texts = canary(patient)

    assert texts["family_name"] in repr(row)


@pytest.mark.django_db
def test_no_migration_is_missing():
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def our_migrations() -> list[migrations.Migration]:
    disk = MigrationLoader(None).disk_migrations
    return [migration for (app, _), migration in sorted(disk.items()) if app in FLOORS]


@pytest.mark.parametrize("migration", our_migrations(), ids=str)
def test_a_migration_can_go_back(migration):
    one_way = [operation.describe() for operation in migration.operations if not operation.reversible]

    assert one_way == []


@pytest.mark.parametrize("migration", our_migrations(), ids=str)
def test_a_migration_is_named_for_its_intent(migration):
    assert re.fullmatch(r"\d{4}(_[a-z0-9]+){3,}", migration.name)
    assert "_alter_" not in migration.name


@pytest.mark.django_db
def test_every_column_of_the_models_is_in_the_database():
    with connection.cursor() as cursor:
        for model in ALL:
            there = {
                column.name
                for column in connection.introspection.get_table_description(cursor, model._meta.db_table)
            }
            assert {field.column for field in model._meta.local_fields} <= there, label(model)
