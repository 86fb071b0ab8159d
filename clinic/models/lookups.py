"""Lookups that every model's columns have."""

from django.db.models import IntegerField
from django.db.models.lookups import In

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
