"""Base classes and fields that all models share."""

from functools import reduce
from operator import or_

from django.conf import settings
from django.db import models
from django.db.models import IntegerField, Q
from django.db.models.lookups import In
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy

from clinic.django_internals.displays import QuickDisplays
from clinic.values import errors
from clinic.values.words import Text

# The longest text in a field; forms show a message. Enough for any note, and still printable.
MAX_TEXT = 10_000


def paired(name: str, *, word: Text = "") -> models.CheckConstraint:
    """A constraint: `<name>_at` and `<name>_by` are both set or both empty. Goes into Meta.constraints."""
    both = Q(**{f"{name}_at__isnull": False, f"{name}_by__isnull": False})
    neither = Q(**{f"{name}_at__isnull": True, f"{name}_by__isnull": True})
    return models.CheckConstraint(
        condition=both | neither,
        name=f"%(app_label)s_%(class)s_{name}_is_whole",
        violation_error_message=format_lazy(
            gettext_lazy("Who and when belong together for “{name}”."), name=word or name.replace("_", " ")
        ),
    )


def stamp() -> models.DateTimeField:
    """The `_at` half of a pair."""
    return models.DateTimeField(null=True, blank=True)


def stamped_by() -> models.ForeignKey:
    """The `_by` half of a pair. No index: nobody looks for rows by it, and users are never deleted."""
    return models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
    )


def done_by() -> models.ForeignKey:
    """The user who made the row, where it is required. No index, as for the half of a pair."""
    return models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False
    )


class _Then:
    """A column that keeps what stood elsewhere when its row was written. Filled as `auto_now_add` is.

    `of` is the path from the row: “written_by.display_name”. Nothing on the path leaves it empty.
    """

    def __init__(self, *args, of: str = "", **kwargs):
        self.of = of
        super().__init__(*args, **{"blank": True, "editable": False, **kwargs})

    def deconstruct(self):
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, {**kwargs, "of": self.of}

    def pre_save(self, row, add):
        value = super().pre_save(row, add)
        if add and not value:
            value = reduce(_one_step, self.of.split("."), row) or self.get_default()
            setattr(row, self.attname, value)
        return value


def _one_step(found, name: str):
    return getattr(found, name, None)


class NameThen(_Then, models.CharField):
    """The name of somebody when the row was written."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **{"max_length": 500, "default": "", **kwargs})


class DateThen(_Then, models.DateField):
    """A date of somebody when the row was written."""


class Side(models.TextChoices):
    """The patient's own left and right, in a column of its own. Needles on both sides are two rows."""

    LEFT = "left", gettext_lazy("Left")
    RIGHT = "right", gettext_lazy("Right")
    MIDLINE = "midline", gettext_lazy("Midline")


class ConditionSide(models.TextChoices):
    """The side of a condition: both sides are one row where one diagnosis code says both."""

    LEFT = Side.LEFT.value, Side.LEFT.label
    RIGHT = Side.RIGHT.value, Side.RIGHT.label
    MIDLINE = Side.MIDLINE.value, Side.MIDLINE.label
    BOTH = "both", gettext_lazy("Both sides")


class CatalogueQuerySet(models.QuerySet):
    def current(self):
        return self.filter(retired_at=None)


class NeverDeleted(QuickDisplays):
    """A row that stays: it is voided, struck, resolved, withdrawn, retired or ended, but never deleted."""

    class Meta:
        abstract = True

    def delete(self, *args, **kwargs):
        raise errors.RecordLocked(f"{type(self).__name__} rows are never deleted.")


class CatalogueRow(NeverDeleted):
    """A row that ships in a CSV file: found by its code, retired when it leaves the file, never deleted."""

    code = models.CharField(max_length=60, unique=True)
    position = models.PositiveIntegerField(default=0)
    source = models.TextField()
    retired_at = models.DateTimeField(null=True, blank=True)

    objects = CatalogueQuerySet.as_manager()

    class Meta:
        abstract = True
        ordering = ["position", "code"]

    def __str__(self):
        return self.code


class WrittenOnce(NeverDeleted):
    """A row that never changes: corrections are rows of their own."""

    class Meta:
        abstract = True

    def save(self, *args, **kwargs):
        if not self._state.adding:
            raise errors.RecordLocked(f"{type(self).__name__} rows are written once.")
        super().save(*args, **kwargs)


class LockedOnce(NeverDeleted):
    """A row that may change until one of its `lock_fields` is set in the database.

    `never_locked` may change even then. `cleared_when_reopened` may only be cleared, together with the lock.
    The reason of either stands in `clinic.locks.changeable`.
    """

    lock_fields: tuple[str, ...] = ()
    never_locked: tuple[str, ...] = ()
    cleared_when_reopened: tuple[str, ...] = ()

    class Meta:
        abstract = True

    def save(self, *args, update_fields=None, **kwargs):
        may_change = update_fields is not None and set(update_fields) <= set(self.never_locked)
        if getattr(self, "_locked_when_read", False) and not may_change:
            raise errors.RecordLocked(f"{type(self).__name__} {self} is locked.")
        super().save(*args, update_fields=update_fields, **kwargs)

    @classmethod
    def from_db(cls, db, field_names, values):
        row = super().from_db(db, field_names, values)
        row._locked_when_read = any(row.__dict__.get(name) is not None for name in cls.lock_fields)
        return row


class LockedWith(NeverDeleted):
    """A row that is locked with its parent in `locked_with`: it cannot leave or enter a locked parent."""

    locked_with = ""

    class Meta:
        abstract = True

    def save(self, *args, **kwargs):
        self.refuse_when_locked()
        super().save(*args, **kwargs)

    def refuse_when_locked(self):
        """Checks the stored parent, and the parent that the row was read with."""
        field = self._meta.get_field(self.locked_with)
        parent, here = field.remote_field.model, getattr(self, field.attname)
        is_locked = reduce(or_, (Q(**{f"{name}__isnull": False}) for name in parent.lock_fields))
        if parent.objects.filter(is_locked, pk__in={here, getattr(self, "_read_in", here)}).exists():
            raise errors.RecordLocked(f"The {self.locked_with} of {type(self).__name__} {self.pk} is locked.")

    @classmethod
    def from_db(cls, db, field_names, values):
        row = super().from_db(db, field_names, values)
        parent = cls._meta.get_field(cls.locked_with).attname
        if parent in row.__dict__:
            row._read_in = row.__dict__[parent]
        return row


# What a database's widest integer holds.
SMALLEST, LARGEST = -(2**63), 2**63 - 1


@IntegerField.register_lookup
class WithinRangeIn(In):
    """`__in` on an integer column: a number that no column can hold is nobody's, as Django's `exact` has it.

    SQLite refuses to bind it, and whoever sent it was answered with a server error.
    """

    def get_prep_lookup(self):
        values = super().get_prep_lookup()
        if not self.rhs_is_direct_value():
            return values
        return [value for value in values if not isinstance(value, int) or SMALLEST <= value <= LARGEST]
