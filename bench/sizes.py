"""What the record takes, table by table, and what each byte is for."""

from dataclasses import dataclass

from django.db import connection

# The size to which a smaller database is projected.
PATIENTS = 100_000
# A table with a smaller part of all is summed up with the others.
LEAST = 0.005
PURPOSES = {
    "clinic_auditevent": "who did or saw what, two MACs of the chain, and a MAC of each row written",
    "treatments_seal": "each signed note as it was signed, compressed, and the digest of its text",
    "treatments_sorenessreport": "what patients answered when they were called",
    "treatments_needlingsession": "the session: times, people, consent, count, note, plan, code",
    "treatments_needlesite": "each needled site with muscle, depth, technique and reaction",
    "treatments_aftercare": "the advice given, in the words in which it was given",
    "treatments_measurement": "what was measured before and after",
    "treatments_sessioncondition": "what was treated, with its code and the pain before and after",
    "treatments_followup": "the calls that are due and how they ended",
    "treatments_contactattempt": "each attempt to reach somebody",
    "patients_screening": "each set of health questions with its answers, its rules and its review",
    "patients_patientkey": "the keys under which a patient is found, typing slips included",
    "patients_visit": "each visit and who took which step when",
    "patients_consent": "each consent: its statements, answers and signature",
    "patients_consentcopy": "to whom a copy of a consent was given",
    "patients_patient": "the patient",
    "patients_patientcondition": "the conditions of a course of treatment",
    "patients_episode": "the course of treatment",
    "patients_relatedperson": "whom to call",
    "patients_coverage": "who pays",
}
POSTGRESQL = """
    SELECT relname, pg_table_size(oid), pg_indexes_size(oid)
    FROM pg_class WHERE relkind = 'r' AND relnamespace = current_schema()::regnamespace
"""
SQLITE = """
    SELECT m.tbl_name, sum(CASE m.type WHEN 'table' THEN s.pgsize ELSE 0 END),
        sum(CASE m.type WHEN 'index' THEN s.pgsize ELSE 0 END)
    FROM dbstat s JOIN sqlite_master m ON m.name = s.name GROUP BY m.tbl_name
"""


@dataclass(frozen=True)
class TableSize:
    """`own` are the bytes of the table and what is stored out of its line, `indexes` those of its indexes."""

    name: str
    rows: int
    own: int
    indexes: int

    @property
    def all(self) -> int:
        return self.own + self.indexes


def read() -> list[TableSize]:
    """The largest first. What the engine needs for itself is not among them."""
    with connection.cursor() as cursor:
        cursor.execute(POSTGRESQL if connection.vendor == "postgresql" else SQLITE)
        sizes = cursor.fetchall()
        found = [TableSize(name, _count(cursor, name), own, indexes) for name, own, indexes in sizes]
    return sorted(found, key=lambda table: table.all, reverse=True)


def _count(cursor, table: str) -> int:
    cursor.execute(f'SELECT count(*) FROM "{table}"')
    return cursor.fetchone()[0]


def section(tables: list[TableSize], *, engine: str) -> str:
    rows = {table.name: table.rows for table in tables}
    patients, everything = rows["patients_patient"], sum(table.all for table in tables)
    large = [table for table in tables if table.all >= everything * LEAST]
    rest = everything - sum(table.all for table in large)
    head = (
        f"A demo on {engine} with {patients:,} patients and {rows['treatments_needlingsession']:,} sessions. "
        f"The last number is what it takes at {PATIENTS:,} patients, by what it takes here for each."
    )
    lines = [
        f"{head}\n",
        "| table | rows | bytes of a row | of its indexes | all, MB | MB then | what for |",
        "|---|---:|---:|---:|---:|---:|---|",
        *(_line(table, patients) for table in large),
        f"| {len(tables) - len(large)} others | | | | {_megabytes(rest)} | {_megabytes(rest, patients)} | |",
        f"| all | | | | {_megabytes(everything)} | {_megabytes(everything, patients)} | |",
    ]
    return "\n".join(lines) + "\n"


def _line(table: TableSize, patients: int) -> str:
    count = max(table.rows, 1)
    cells = (
        f"`{table.name}`",
        f"{table.rows:,}",
        f"{table.own / count:.0f}",
        f"{table.indexes / count:.0f}",
        _megabytes(table.all),
        _megabytes(table.all, patients),
        PURPOSES.get(table.name, ""),
    )
    return f"| {' | '.join(cells)} |"


def _megabytes(size: int, patients: int = PATIENTS) -> str:
    return f"{size / 1_000_000 * PATIENTS / patients:,.1f}"
