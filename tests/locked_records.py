"""One locked row of every table with a signed lock, built from the models, so that new ones are covered."""

import datetime as dt
import uuid

from django.db import IntegrityError, connection, models, transaction
from django.utils import timezone

from clinic import audit
from clinic.locks import specification, triggers
from clinic.models import Role
from tests import factories

# Values without a default that a constraint requires.
REQUIRED_VALUES = {
    "SorenessReport": {"now": 2, "triage": "expected"},
    "Addendum": {"kind": "addendum"},
    "SharpsInjury": {"injured_name": "Somebody"},
}
# Columns that a constraint requires beside the lock.
LOCKING_VALUES = {
    "AdverseEvent": {"closing_note": "Healed."},
    "FollowUp": {"outcome": "not_needed"},
}


def is_refused(act) -> bool:
    """Whether a lock refused what `act` wrote: nothing else that a database may refuse."""
    try:
        with transaction.atomic():
            act()
    except IntegrityError as error:
        return triggers.REFUSAL in str(error)
    return False


def locked_models() -> list[type[models.Model]]:
    """Every model with a signed lock, in a stable order."""
    models_ = models_by_table()
    return [models_[lock.table] for lock in specification.lock_specifications() if lock.locks_rows]


def models_by_table() -> dict[str, type[models.Model]]:
    return {model._meta.db_table: model for model in specification.apps.get_models(include_auto_created=True)}


def specification_of(model: type[models.Model]) -> specification.LockSpecification:
    return specification.lock_specification_of(model)


class LockedRecords:
    """Rows by model: `locked` ones, and `open` parents that a row could be moved to or from."""

    def __init__(self):
        self.by = factories.user("locksmith", Role.THERAPIST, Role.LEAD, profession="pt")
        self.admin = factories.user("administrator", Role.ADMIN)
        self.locked: dict[type[models.Model], models.Model] = {}
        self.open: dict[type[models.Model], models.Model] = {}
        for rows in (self.open, self.locked):
            self.begin(rows)
        for model in locked_models():
            self.row(model)
        self.lock()

    def begin(self, rows: dict) -> None:
        """A draft with its related rows, and an unreviewed screening."""
        patient = factories.patient(self.by)
        session = factories.session(patient, self.by)
        screening = factories.screening(patient, self.by, reviewed_at=None, reviewed_by=None)
        rows_made = (patient, session, session.episode, screening, session.consent, session.consent.text)
        for row in (*rows_made, factories.session_condition(session), factories.site(session)):
            rows[type(row)] = row

    def row(self, model: type[models.Model]) -> models.Model:
        if model not in self.locked:
            self.locked[model] = self.made(model)
        return self.locked[model]

    def made(self, model: type[models.Model]) -> models.Model:
        if model is specification.apps.get_model("clinic.AuditEvent"):
            return audit.record("user.signed_in", self.by, by=self.by)
        values = {
            field.name: self.value(field) for field in model._meta.concrete_fields if is_required(field)
        }
        return model.objects.create(**{**values, **REQUIRED_VALUES.get(model.__name__, {})})

    def value(self, field: models.Field):
        """A valid value for the column."""
        if field.remote_field:
            there = field.related_model
            if there is type(self.by):
                return self.by
            standing = self.locked.get(there) or there._base_manager.order_by("pk").first()
            return standing or self.row(there)
        if field.choices:
            return field.choices[0][0]
        if isinstance(field, models.BinaryField):
            return b"a file"
        return VALUES[field.get_internal_type()]()

    def lock(self) -> None:
        """Sets the first lock field of every parent, with the user beside it."""
        for model, row in self.locked.items():
            fields = getattr(model, "lock_fields", ())
            if fields and getattr(row, fields[0]) is None:
                by = fields[0].removesuffix("_at") + "_by"
                names = {field.name for field in model._meta.fields}
                model._base_manager.filter(pk=row.pk).update(
                    **{fields[0]: timezone.now()},
                    **({by: self.by} if by in names else {}),
                    **LOCKING_VALUES.get(model.__name__, {}),
                )
        triggers.install(connection)

    def fresh(self, model: type[models.Model]) -> models.Model:
        return model._base_manager.get(pk=self.locked[model].pk)


VALUES = {
    "CharField": lambda: "word",
    "TextField": lambda: "words",
    "BinaryField": lambda: "5f" * 32,
    "UUIDField": uuid.uuid4,
    "DateTimeField": timezone.now,
    "DateField": timezone.localdate,
    "PositiveIntegerField": lambda: 1,
    "PositiveSmallIntegerField": lambda: 1,
    "BigIntegerField": lambda: 1,
    "IntegerField": lambda: 1,
    "DecimalField": lambda: 1,
    "BooleanField": lambda: False,
    "JSONField": dict,
}


def is_required(field: models.Field) -> bool:
    """Whether a row cannot be created without a value for this column."""
    when = next(
        (f for f in field.model._meta.fields if f.name == f"{field.name.removesuffix('_by')}_at"), None
    )
    if field.name.endswith("_by") and when is not None and when.has_default():
        return True
    empty = field.null or field.has_default() or field.primary_key or getattr(field, "auto_now_add", False)
    return not empty and not (field.empty_strings_allowed and field.blank and not field.remote_field)


def locked_field(model: type[models.Model]) -> models.Field:
    """A locked column whose value can be changed without breaking a constraint."""
    free = getattr(model, "never_locked", ())
    plain = [
        field
        for field in model._meta.concrete_fields
        if field.get_internal_type() in CHANGED_VALUES
        and field.name not in free
        and not (field.unique or field.primary_key)
    ]
    return min(plain, key=lambda field: list(CHANGED_VALUES).index(field.get_internal_type()))


CHANGED_VALUES = {
    "TextField": lambda old: f"{old} changed",
    "CharField": lambda old: f"{old}x"[:5],
    "DateTimeField": lambda old: (old or timezone.now()) + dt.timedelta(hours=1),
    "JSONField": lambda old: {"changed": True},
    "BigIntegerField": lambda old: old + 1,
    # the last choice: most such columns hold texts
    "BinaryField": lambda old: bytes(old) + b"!",
}


def other_value(row: models.Model, field: models.Field):
    return CHANGED_VALUES[field.get_internal_type()](getattr(row, field.attname))


def copy_of(row: models.Model) -> models.Model:
    """A copy of the row with another key and other unique values."""
    again = type(row)(**{field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields})
    again.pk = None if is_numbered(row) else row.pk + 1000
    for field in row._meta.concrete_fields:
        kind = field.get_internal_type()
        if kind == "UUIDField":
            setattr(again, field.name, uuid.uuid4())
        elif field.unique and kind == "CharField":
            setattr(again, field.name, uuid.uuid4().hex[: field.max_length])
        elif field.name == "number":
            again.number += 1000
    return again


def sibling_of(row: models.Model) -> models.Model:
    """A copy with the same parent, whose relations that are unique within the parent point elsewhere."""
    again = copy_of(row)
    for field in relations_unique_with_parent(type(row)):
        setattr(again, field.attname, other_key(row, field))
    return again


def relations_unique_with_parent(model: type[models.Model]) -> list[models.Field]:
    """Relations that are unique within the parent, so that a copy needs other values for them."""
    with_parent = {
        name
        for unique in specification.lock_specification_of(model).unique
        if len(unique.columns) > 1
        for name in unique.columns
    }
    parent = getattr(model, "locked_with", "")
    relations = [field for field in model._meta.concrete_fields if field.remote_field]
    return [field for field in relations if field.column in with_parent and field.name != parent]


def other_key(row: models.Model, field: models.Field):
    others = field.related_model._base_manager.exclude(pk=getattr(row, field.attname))
    return others.order_by("pk").values_list("pk", flat=True)[0]


def is_numbered(row: models.Model) -> bool:
    return isinstance(row._meta.pk, models.AutoField)
