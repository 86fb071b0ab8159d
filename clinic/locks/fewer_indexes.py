"""Migrations that drop the indexes that Django adds to a column unasked, and no page uses.

`AlterField` would write each table of SQLite anew, once for every column.
"""

from collections.abc import Iterator

from django.db.migrations.operations.base import Operation
from django.db.models import Field, Index, Model


class NoIndex(Operation):
    """`db_index=False` for columns of one app, {model: names}."""

    reversible, reduces_to_sql = True, True

    def __init__(self, **columns: list[str]):
        self.columns = columns

    def deconstruct(self):
        return type(self).__name__, [], self.columns

    def state_forwards(self, app_label, state):
        for model, names in self.columns.items():
            fields = state.models[app_label, model].fields
            for name in names:
                fields[name] = fields[name].clone()
                fields[name].db_index = False
        # rendered anew, all at once
        vars(state).pop("apps", None)

    def database_forwards(self, app_label, schema_editor, from_state, to_state):
        connection = schema_editor.connection
        for field in self._fields(app_label, from_state):
            with connection.cursor() as cursor:
                found = connection.introspection.get_constraints(cursor, field.model._meta.db_table)
            for name in _indexes_of(field, found):
                schema_editor.execute(f'DROP INDEX "{name}"')

    def database_backwards(self, app_label, schema_editor, from_state, to_state):
        for field in self._fields(app_label, to_state):
            index = Index(fields=[field.name])
            index.set_name_with_model(field.model)
            schema_editor.add_index(field.model, index)

    def _fields(self, app_label: str, state) -> Iterator[Field]:
        for name, fields in self.columns.items():
            model: type[Model] = state.apps.get_model(app_label, name)
            yield from (model._meta.get_field(field) for field in fields)

    def describe(self):
        return f"Drop the indexes of {', '.join(self.columns)} that no page uses"


def _indexes_of(field: Field, found: dict[str, dict]) -> list[str]:
    """Those over this column alone that its model does not ask for by name."""
    named = {index.name for index in field.model._meta.indexes}
    return [
        name
        for name, one in found.items()
        if one["index"] and not one["unique"] and one["columns"] == [field.column] and name not in named
    ]


class NoLikeIndex(Operation):
    """Drops the index for LIKE that Django adds to an indexed text column on PostgreSQL."""

    reversible, reduces_to_sql = True, True

    def __init__(self, table: str, column: str, index: str):
        self.table, self.column, self.index = table, column, index

    def deconstruct(self):
        return type(self).__name__, [self.table, self.column, self.index], {}

    def state_forwards(self, app_label, state):
        """The column stays as it is."""

    def database_forwards(self, app_label, schema_editor, from_state, to_state):
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(f'DROP INDEX IF EXISTS "{self.index}"')

    def database_backwards(self, app_label, schema_editor, from_state, to_state):
        if schema_editor.connection.vendor == "postgresql":
            kind = f'("{self.column}" varchar_pattern_ops)'
            schema_editor.execute(f'CREATE INDEX "{self.index}" ON "{self.table}" {kind}')

    def describe(self):
        return f"Drop the index for LIKE of {self.table}.{self.column}"
