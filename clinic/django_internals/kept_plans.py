"""Long statements that a PostgreSQL connection plans once and keeps, also behind a pooler.

Planning a page's large statement takes PostgreSQL several times as long as running it. `PREPARE` spares that,
but a pooler lends the server's connections transaction by transaction, and nobody knows what one of them has
kept. So a message says what it needs: where this connection has not kept the statement yet, it is kept, and
then it is executed by its name, all in one message, which a pooler never divides. That it was kept is noted
in a setting of the connection; the name is a digest of the statement, so that another release has others.

After five times PostgreSQL compares what one plan for all values may cost with plans of the values. Of a
search it thinks so badly of the first that it plans anew each time, which takes longer than the search. Such
a query says that one plan serves it.
"""

import datetime as dt
import hashlib
import uuid
from functools import cache, cached_property

# own choice, measured: some 800 letters cost as much to plan as to look whether they are kept, and from here
# on twice as much and more
LONG = 1_000
# source: PostgreSQL, PREPARE: a parameter of unknown type takes it from where it stands, as a text in quotes
TYPES = {
    int: "integer",
    str: "unknown",
    uuid.UUID: "uuid",
    dt.date: "date",
    dt.datetime: "timestamptz",
}
LISTS = {**TYPES, str: "text"}
KEEP = """DO $do_{name}$BEGIN
IF current_setting('filiform.{name}', true) IS DISTINCT FROM '1' THEN
BEGIN EXECUTE ${name}${prepare}${name}$; EXCEPTION WHEN duplicate_prepared_statement THEN NULL; END;
PERFORM set_config('filiform.{name}', '1', false);
END IF; END$do_{name}$; """
# until the end of the message, which is a transaction of its own
ONE_PLAN = "SET LOCAL plan_cache_mode = force_generic_plan; "


class Generation:
    """Part of every name: the next one has all statements kept anew."""

    number = 1


class KeptStatement(str):
    """SQL that reads as it is; a `KeepingCursor` has it kept. `places` are those of the changing values.

    With `one_plan` it is planned for no values in particular; within a transaction PostgreSQL decides.
    `first` is sent before it in the same message.
    """

    def __new__(cls, sql: str, params, places, *, one_plan: bool = False, first: str = ""):
        statement = super().__new__(cls, sql)
        statement.params, statement.places, statement.one_plan = tuple(params), sorted(places), one_plan
        # the names under which it is kept
        statement.first, statement.known = first, {}
        return statement

    def behind(self, first: str) -> "KeptStatement":
        """The same behind another statement, with which it is sent."""
        later = KeptStatement(str(self), self.params, self.places, one_plan=self.one_plan, first=first)
        later.known = self.known
        return later

    @cached_property
    def types(self) -> str:
        return ", ".join(_type_of(self.params[place]) for place in self.places)

    def message(self, cursor, params) -> str:
        """What is sent in its place."""
        values = ", ".join(cursor.quoted(params[place]) for place in self.places)
        name, keep = self._kept(cursor)
        if self.one_plan and cursor.connection.autocommit:
            keep = f"{ONE_PLAN}{keep}"
        return f"{self.first}{keep}EXECUTE {name}" + (f"({values})" if values else "")

    def _kept(self, cursor) -> tuple[str, str]:
        """Its name, and what keeps it where it is not kept yet."""
        if Generation.number not in self.known:
            self.known[Generation.number] = self._named(cursor)
        return self.known[Generation.number]

    def _named(self, cursor) -> tuple[str, str]:
        numbers = {place: f"${number}" for number, place in enumerate(self.places, start=1)}
        pieces = [numbers.get(place) or cursor.quoted(param) for place, param in enumerate(self.params)]
        body = f"({self.types}) AS {self % tuple(pieces)}" if self.places else f"AS {self % tuple(pieces)}"
        digest = hashlib.sha256(f"{Generation.number} {body}".encode()).hexdigest()[:24]
        name = f"kept_{digest}"
        return name, KEEP.format(name=name, prepare=f"PREPARE {name} {body}")


def _type_of(param) -> str:
    return f"{LISTS[type(param[0])]}[]" if isinstance(param, list) else TYPES[type(param)]


@cache
def cursor_of(driver) -> type:
    """The driver's cursor, which sends a `KeptStatement` by its name. SQLite has no need of the driver."""
    extensions, errors = driver.extensions, driver.errors
    outdated = (errors.FeatureNotSupported, errors.InvalidSqlStatementName)

    class KeepingCursor(extensions.cursor):
        asked: tuple | None = None

        def execute(self, query, vars=None):
            self.asked = None
            if not isinstance(query, KeptStatement):
                return super().execute(query, vars)
            self.asked = query, vars
            try:
                return super().execute(query.message(self, vars))
            except outdated:
                Generation.number += 1
                if self.connection.info.transaction_status != extensions.TRANSACTION_STATUS_IDLE:
                    raise
                return super().execute(str(query), vars)

        @property
        def query(self):
            """What was asked, for who reads what a page asks."""
            if self.asked is None:
                return super().query
            statement, values = self.asked
            return f"{statement.first}{self.written(statement, values)}".encode()

        def written(self, query: str, values: tuple) -> str:
            """A statement with its values in it, as it would be sent."""
            return query % tuple(map(self.quoted, values))

        def quoted(self, value) -> str:
            """A value as the driver writes it into a statement."""
            adapted = extensions.adapt(value)
            if hasattr(adapted, "prepare"):
                adapted.prepare(self.connection)
            return adapted.getquoted().decode()

    return KeepingCursor


def attach(connection) -> None:
    """From now on long statements are kept. Called at each connecting."""
    if connection.vendor == "postgresql":
        connection.connection.cursor_factory = cursor_of(connection.Database)


def kept(connection, sql: str, params, places, *, one_plan: bool) -> str:
    """The SQL of a prepared query with values in these places, for this engine."""
    if connection.vendor != "postgresql" or len(sql) < LONG or not places:
        return sql
    return KeptStatement(sql, params, places, one_plan=one_plan)
