"""What PostgreSQL's own catalogue says about what surrounds the locks."""

from collections.abc import Iterator
from dataclasses import dataclass

from clinic.audit.verification import Fault
from clinic.locks.triggers import PG_SCHEMA, PREFIX

# Settings with which a lock does not fire, a name means something else or a role is another one.
WATCHED = ("session_replication_role", "search_path", "transform_null_equals", "row_security", "role")
# A search path that names only these puts nothing before the record.
HARMLESS_SCHEMAS = {"$user", "public", "pg_catalog"}
SOMEBODY = "somebody put it there"
# SQL: the table `c` is in the schema of the record.
OURS = f"c.relnamespace = {PG_SCHEMA}"


@dataclass(frozen=True)
class Question:
    """A query for what should not be there; each row fills the words of a fault."""

    sql: str
    where: str
    kind: str
    description: str


def _same_names(catalogue: str, prefix: str) -> str:
    """SQL: what is found by name beside one of PostgreSQL's own, and belongs to no extension."""
    name, schema = f"{prefix}name", f"{prefix}namespace"
    return f"""
        SELECT DISTINCT n.nspname, o.{name} FROM {catalogue} o JOIN pg_namespace n ON n.oid = o.{schema}
        WHERE n.nspname = ANY (current_schemas(FALSE)) AND n.nspname <> 'pg_catalog'
        AND EXISTS (SELECT FROM {catalogue} b
            WHERE b.{name} = o.{name} AND b.{schema} = 'pg_catalog'::regnamespace)
        AND NOT EXISTS (SELECT FROM pg_depend d
            WHERE d.classid = '{catalogue}'::regclass AND d.objid = o.oid AND d.deptype = 'e')"""


QUESTIONS = [
    Question(
        f"""
        SELECT r.rulename, c.relname FROM pg_rewrite r JOIN pg_class c ON c.oid = r.ev_class
        WHERE {OURS} AND NOT (r.rulename = '_RETURN' AND c.relkind IN ('v', 'm'))""",
        "rule {} on {}",
        "foreign",
        f"rewrites what is asked of the table: {SOMEBODY}",
    ),
    Question(
        f"""
        SELECT c.relname FROM pg_class c WHERE {OURS}
        AND (c.relrowsecurity OR EXISTS (SELECT FROM pg_policy p WHERE p.polrelid = c.oid))""",
        "row security on {}",
        "foreign",
        f"can hide rows from whoever reads: {SOMEBODY}",
    ),
    Question(
        f"""
        SELECT DISTINCT c.relname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
        WHERE {OURS} AND t.tgisinternal AND t.tgconstraint <> 0 AND t.tgenabled NOT IN ('O', 'A')""",
        "references of {}",
        "altered",
        "are not checked any more: somebody switched that off",
    ),
    Question(
        f"SELECT c.relname FROM pg_class c WHERE {OURS} AND c.relpersistence = 'u' AND c.relkind = 'r'",
        "table {}",
        "altered",
        "is not logged any more: a crash of the server would empty it",
    ),
    Question(
        f"""
        SELECT DISTINCT f.proname, pg_get_userbyid(f.proowner) FROM pg_proc f
        JOIN pg_trigger t ON t.tgfoid = f.oid JOIN pg_class c ON c.oid = t.tgrelid
        WHERE {OURS} AND starts_with(f.proname, '{PREFIX}') AND f.proowner <> c.relowner""",
        "lock {}",
        "altered",
        "belongs to {1}, who does not own its table and can replace what it does",
    ),
    Question(
        "SELECT evtname FROM pg_event_trigger WHERE evtevent = 'login'",
        "trigger {} at signing in",
        "foreign",
        f"runs in each connection before anything else: {SOMEBODY}",
    ),
    Question(
        f"""
        SELECT o.relname, n.nspname FROM pg_class o JOIN pg_namespace n ON n.oid = o.relnamespace
        JOIN pg_class c ON c.relname = o.relname AND {OURS} AND c.oid <> o.oid
        WHERE (n.nspname ~ '^pg_temp_' OR n.nspname = ANY (current_schemas(FALSE)))
        AND o.relkind IN ('r', 'v', 'm', 'f', 'p')""",
        "table {} of the schema {}",
        "shadowed",
        f"has the name of one of the record and may be read in its place: {SOMEBODY}",
    ),
    Question(
        _same_names("pg_proc", "pro"),
        "function {}.{}",
        "shadowed",
        f"has the name of one of PostgreSQL's own and may be called in its place: {SOMEBODY}",
    ),
    Question(
        _same_names("pg_operator", "opr"),
        "operator {}.{}",
        "shadowed",
        f"has the name of one of PostgreSQL's own and may be used in its place: {SOMEBODY}",
    ),
]


def faults(cursor) -> Iterator[Fault]:
    yield from _search_order(cursor)
    for question in QUESTIONS:
        cursor.execute(question.sql)
        for row in sorted(cursor.fetchall()):
            yield Fault(question.where.format(*row), question.kind, question.description.format(*row))
    yield from _stored_settings(cursor)
    yield from _own_settings(cursor)


def _search_order(cursor) -> Iterator[Fault]:
    """A view named like a table of the catalogue would answer every question here as its author likes."""
    cursor.execute("SELECT pg_catalog.array_to_string(pg_catalog.current_schemas(TRUE), ',')")
    first = next(name for name in cursor.fetchone()[0].split(",") if not name.startswith("pg_temp"))
    if first != "pg_catalog":
        yield Fault(
            "search path of this connection",
            "foreign",
            f"names {first} before PostgreSQL's own catalogue, so that what is read here may be made up",
        )


def _stored_settings(cursor) -> Iterator[Fault]:
    """What ALTER DATABASE and ALTER ROLE make every new connection begin with."""
    cursor.execute(
        """
        SELECT d.datname, r.rolname, split_part(c, '=', 1), substr(c, strpos(c, '=') + 1), current_schema()
        FROM pg_db_role_setting s CROSS JOIN unnest(s.setconfig) c
        LEFT JOIN pg_database d ON d.oid = s.setdatabase LEFT JOIN pg_roles r ON r.oid = s.setrole
        WHERE s.setdatabase = 0 OR d.datname = current_database()"""
    )
    for database, role, name, value, schema in sorted(cursor.fetchall(), key=str):
        if name in WATCHED and not (name == "search_path" and _is_harmless(value, schema)):
            whose = f"the role {role}" if role else f"the database {database}"
            yield Fault(
                f"setting {name} of {whose}", "foreign", f"is {value} in each new connection: {SOMEBODY}"
            )


def _is_harmless(path: str, schema: str) -> bool:
    return {part.strip().strip('"') for part in path.split(",")} <= {*HARMLESS_SCHEMAS, schema}


def _own_settings(cursor) -> Iterator[Fault]:
    """What this connection runs with, wherever it comes from: the server's own file too."""
    cursor.execute(
        "SELECT name, setting FROM pg_settings WHERE setting <> boot_val "
        "AND name IN ('session_replication_role', 'transform_null_equals')"
    )
    for name, setting in cursor.fetchall():
        yield Fault(f"setting {name} of this connection", "foreign", f"is {setting}: locks may not hold")


def every_trigger(cursor) -> list[tuple[str, str]]:
    """(trigger, table) of all but those with which PostgreSQL itself keeps a constraint."""
    cursor.execute(
        f"""
        SELECT t.tgname, c.relname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
        WHERE {OURS} AND NOT (t.tgisinternal AND t.tgconstraint <> 0) ORDER BY t.tgname"""
    )
    return cursor.fetchall()


def tables(cursor) -> tuple[set[str], dict[str, str]]:
    """The names that can be read as tables; those of them that are no plain tables, with what they are."""
    cursor.execute(
        f"""
        SELECT c.relname, c.relkind <> 'r',
        EXISTS (SELECT FROM pg_inherits h WHERE c.oid IN (h.inhrelid, h.inhparent))
        FROM pg_class c WHERE {OURS} AND c.relkind IN ('r', 'v', 'm', 'f', 'p')"""
    )
    there, replaced = set(), {}
    for name, is_other, is_related in cursor.fetchall():
        there.add(name)
        if is_other:
            replaced[name] = "no plain table any more: a view, a foreign or a divided one stands in its place"
        elif is_related:
            replaced[name] = "not alone any more: it is read together with rows of another table"
    return there, replaced
