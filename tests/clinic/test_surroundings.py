"""`verify_record` names what was put around the locks, or taken from around them, on both engines."""

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError, connection

from clinic.audit import verification
from clinic.locks import surroundings
from tests import database_roles

pytestmark = pytest.mark.django_db
IS_POSTGRESQL = connection.vendor == "postgresql"
SITES, LOCK = "treatments_needlesite", "filiform_lock_treatments_needlesite"
NOTHING = "RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'"
ROLE = "{role}"

# (statements, what is named, its kind)
ON_BOTH = {
    "a table is gone": (["DROP TABLE treatments_seal"], "table treatments_seal", "missing"),
    "a view stands where a table was": (
        ["ALTER TABLE treatments_seal RENAME TO seals", "CREATE VIEW treatments_seal AS SELECT * FROM seals"],
        "table treatments_seal",
        "replaced",
    ),
    "an index of uniqueness is gone": (
        ["DROP INDEX patient_has_one_open_episode"],
        "index patient_has_one_open_episode on patients_episode",
        "missing",
    ),
    "an index of uniqueness holds less": (
        [
            "DROP INDEX patient_has_one_open_episode",
            "CREATE UNIQUE INDEX patient_has_one_open_episode ON patients_episode (patient_id) "
            "WHERE discharged_at IS NULL AND id < 5",
        ],
        "index patient_has_one_open_episode on patients_episode",
        "missing",
    ),
    "an index is not unique any more": (
        [
            "DROP INDEX patient_has_one_open_episode",
            "CREATE INDEX patient_has_one_open_episode ON patients_episode (patient_id) "
            "WHERE discharged_at IS NULL",
        ],
        "index patient_has_one_open_episode on patients_episode",
        "missing",
    ),
}
ON_SQLITE = {
    "a trigger of somebody else": (
        [f"CREATE TRIGGER other AFTER UPDATE ON {SITES} BEGIN SELECT 1; END"],
        f"trigger other on {SITES}",
        "foreign",
    ),
    "a trigger in the place of a view": (
        [
            "CREATE VIEW sites AS SELECT * FROM treatments_needlesite",
            "CREATE TRIGGER other INSTEAD OF UPDATE ON sites BEGIN SELECT 1; END",
        ],
        "trigger other on sites",
        "foreign",
    ),
    "a table without its uniqueness": (
        [
            "ALTER TABLE treatments_followup RENAME TO former",
            "CREATE TABLE treatments_followup AS SELECT * FROM former",
        ],
        "index of ref on treatments_followup",
        "missing",
    ),
}
ON_POSTGRESQL = {
    "a trigger of somebody else": (
        [
            f"CREATE FUNCTION other() {NOTHING}",
            f"CREATE TRIGGER other BEFORE UPDATE ON {SITES} FOR EACH ROW EXECUTE FUNCTION other()",
        ],
        f"trigger other on {SITES}",
        "foreign",
    ),
    "a trigger on a table that is no model's": (
        [
            f"CREATE FUNCTION other() {NOTHING}",
            "CREATE TRIGGER other BEFORE UPDATE ON clinic_cache FOR EACH ROW EXECUTE FUNCTION other()",
        ],
        "trigger other on clinic_cache",
        "foreign",
    ),
    "a trigger that says it is PostgreSQL's own": (
        [
            f"CREATE FUNCTION other() {NOTHING}",
            f"CREATE TRIGGER other BEFORE UPDATE ON {SITES} FOR EACH ROW EXECUTE FUNCTION other()",
            "UPDATE pg_trigger SET tgisinternal = TRUE WHERE tgname = 'other'",
        ],
        f"trigger other on {SITES}",
        "foreign",
    ),
    "a lock of another table's name": (
        [
            f"CREATE FUNCTION other() {NOTHING}",
            f"CREATE TRIGGER {LOCK}_update BEFORE UPDATE ON clinic_room EXECUTE FUNCTION other()",
        ],
        f"trigger {LOCK}_update on clinic_room",
        "foreign",
    ),
    "references are not checked": (
        ["ALTER TABLE treatments_seal DISABLE TRIGGER ALL"],
        "references of treatments_seal",
        "altered",
    ),
    "a rule": (
        [f"CREATE RULE other AS ON UPDATE TO {SITES} DO INSTEAD NOTHING"],
        f"rule other on {SITES}",
        "foreign",
    ),
    "row security": (
        [f"ALTER TABLE {SITES} ENABLE ROW LEVEL SECURITY"],
        f"row security on {SITES}",
        "foreign",
    ),
    "a policy that is not in force yet": (
        [f"CREATE POLICY other ON {SITES} USING (FALSE)"],
        f"row security on {SITES}",
        "foreign",
    ),
    "an index of uniqueness is not valid": (
        ["UPDATE pg_index SET indisvalid = FALSE WHERE indexrelid = 'site_arrives_once'::regclass"],
        f"index site_arrives_once on {SITES}",
        "missing",
    ),
    "the uniqueness of a reference is gone": (
        ["ALTER TABLE treatments_followup DROP CONSTRAINT treatments_followup_ref_key"],
        "index of ref on treatments_followup",
        "missing",
    ),
    "the uniqueness of a set is gone": (
        [f"ALTER TABLE {SITES} DROP CONSTRAINT site_number_is_never_reused"],
        f"index site_number_is_never_reused on {SITES}",
        "missing",
    ),
    "a table with a child": (
        ["CREATE TABLE child () INHERITS (treatments_seal)"],
        "table treatments_seal",
        "replaced",
    ),
    "a table in parts": (
        [
            "ALTER TABLE treatments_seal RENAME TO seals",
            "CREATE TABLE treatments_seal (LIKE seals) PARTITION BY HASH (session_id)",
        ],
        "table treatments_seal",
        "replaced",
    ),
    "a table that a crash empties": (
        ["ALTER TABLE clinic_formkey SET UNLOGGED"],
        "table clinic_formkey",
        "altered",
    ),
    "a lock in other hands": (
        [f"CREATE ROLE {ROLE}", f"ALTER FUNCTION {LOCK}() OWNER TO {ROLE}"],
        f"lock {LOCK}",
        "altered",
    ),
    "a setting of the database": (
        ["ALTER DATABASE {database} SET session_replication_role = replica"],
        "setting session_replication_role of the database {database}",
        "foreign",
    ),
    "a setting of a role": (
        [f"CREATE ROLE {ROLE}", f"ALTER ROLE {ROLE} SET session_replication_role = replica"],
        f"setting session_replication_role of the role {ROLE}",
        "foreign",
    ),
    "a setting of a role in this database": (
        [f"CREATE ROLE {ROLE}", f"ALTER ROLE {ROLE} IN DATABASE {{database}} SET transform_null_equals = on"],
        f"setting transform_null_equals of the role {ROLE}",
        "foreign",
    ),
    "another schema first, for a role": (
        [f"CREATE ROLE {ROLE}", f"ALTER ROLE {ROLE} SET search_path = evil, public"],
        f"setting search_path of the role {ROLE}",
        "foreign",
    ),
    "a role that becomes another": (
        [f"CREATE ROLE {ROLE}", f"ALTER ROLE {ROLE} SET role = {ROLE}"],
        f"setting role of the role {ROLE}",
        "foreign",
    ),
    "a setting of this very connection": (
        ["SET LOCAL session_replication_role = replica"],
        "setting session_replication_role of this connection",
        "foreign",
    ),
    "a catalogue of somebody's own": (
        [
            "CREATE SCHEMA evil",
            f"ALTER TABLE {SITES} DISABLE TRIGGER {LOCK}_update",
            "CREATE VIEW evil.pg_trigger AS SELECT * FROM pg_catalog.pg_trigger WHERE FALSE",
            "SET LOCAL search_path = public, evil, pg_catalog",
        ],
        "search path of this connection",
        "foreign",
    ),
    "a table of the same name is temporary": (
        [f"CREATE TEMP TABLE {SITES} (id bigint)"],
        f"table {SITES} of the schema pg_temp",
        "shadowed",
    ),
    "a table of the same name stands first": (
        [
            "CREATE SCHEMA evil",
            f"CREATE TABLE evil.{SITES} (id bigint)",
            "SET LOCAL search_path = public, evil",
        ],
        f"table {SITES} of the schema evil",
        "shadowed",
    ),
    "a function with the name of a built-in one": (
        ["CREATE FUNCTION upper(varchar) RETURNS text LANGUAGE sql AS 'SELECT $1::text'"],
        "function public.upper",
        "shadowed",
    ),
    "an operator with the name of a built-in one": (
        [
            "CREATE FUNCTION never(varchar, varchar) RETURNS boolean LANGUAGE sql AS 'SELECT FALSE'",
            "CREATE OPERATOR = (LEFTARG = varchar, RIGHTARG = varchar, FUNCTION = never)",
        ],
        "operator public.=",
        "shadowed",
    ),
}  # fmt: skip
CASES = {**ON_BOTH, **(ON_POSTGRESQL if IS_POSTGRESQL else ON_SQLITE)}


def here(text: str) -> str:
    names = {"database": connection.settings_dict["NAME"], "role": database_roles.name_of("watched")}
    return text.format(**names)


def run(statements: list[str]) -> None:
    if IS_POSTGRESQL:
        connection.check_constraints()
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(here(statement))


def found() -> list[verification.Fault]:
    return list(surroundings.CHECK.faults(verification.ignore_progress))


def test_nothing_is_wrong_around_untouched_locks(db):
    assert found() == []


@pytest.mark.parametrize("case", CASES)
def test_what_was_put_around_the_locks_is_named(case):
    statements, where, kind = CASES[case]

    run(statements)

    named = [fault for fault in found() if fault.where.startswith(here(where))]
    assert {fault.kind for fault in named} == {kind}
    assert all(fault.description[0].islower() for fault in named)


def test_each_of_them_fails_the_run_and_is_printed(capsys):
    statements, where, kind = CASES["a trigger of somebody else"]
    run(statements)

    with pytest.raises(CommandError):
        call_command("verify_record")

    printed = capsys.readouterr()
    assert f"{where} " in printed.err
    assert f"[{kind}]" in printed.err
    assert "What surrounds the locks:" in printed.out


@pytest.mark.postgres
@pytest.mark.parametrize(
    "statement",
    [
        f"ALTER ROLE {ROLE} SET statement_timeout = '30s'",
        f'ALTER ROLE {ROLE} SET search_path = "$user", public',
        "ALTER DATABASE {database} SET timezone = 'UTC'",
        "CREATE VIEW report AS SELECT 1",
        "CREATE FUNCTION practice_own() RETURNS int LANGUAGE sql AS 'SELECT 1'",
    ],
)
def test_what_a_practice_may_set_up_is_no_fault(statement):
    run([f"CREATE ROLE {ROLE}", statement])

    assert found() == []


def test_a_part_that_cannot_be_read_is_a_fault_and_the_others_go_on(capsys, monkeypatch, db):
    def gone():
        raise OperationalError("no such table: clinic_auditevent\nLINE 1: ...")

    broken = verification.RecordCheck("Audit chain", "events", gone, verification.chain_faults)
    monkeypatch.setitem(verification.CHECKS, "chain", broken)

    with pytest.raises(CommandError):
        call_command("verify_record")

    printed = capsys.readouterr()
    assert "Audit chain could not be read: no such table: clinic_auditevent. [unreadable]" in printed.err
    assert "Locks: " in printed.out
