"""Numbers of the settings have limits in the database too."""

from importlib import import_module

from django.db import migrations, models
from django.db.models import F, Q
from django.db.models.functions import Right
from django.db.models.lookups import LessThan

# what the step before moved the rows to
TABLES = import_module("clinic.migrations.0034_settings_move_within_their_limits").TABLES


def within(table):
    condition = Q()
    for name, (low, high) in TABLES[table].items():
        condition &= Q(**{f"{name}__gte": low, f"{name}__lte": high})
    return migrations.AddConstraint(
        table,
        models.CheckConstraint(
            condition=condition,
            name=f"{table}_numbers_are_within_limits",
            violation_error_message="A number is beyond its limits.",
        ),
    )


class Migration(migrations.Migration):
    dependencies = [("clinic", "0034_settings_move_within_their_limits")]

    operations = [
        migrations.AlterField(
            "practice",
            "idle_lock_minutes",
            models.PositiveIntegerField(
                "page is hidden when untouched (minutes)",
                default=10,
                help_text="The same person goes on with their password or passkey.",
            ),
        ),
        migrations.AlterField(
            "practice",
            "one_time_password_hours",
            models.PositiveIntegerField(
                "one-time password ends after (hours)",
                default=24,
                help_text="It signs in once, and opens nothing but the page for an own password.",
            ),
        ),
        *map(within, TABLES),
        migrations.AddConstraint(
            "practice",
            models.CheckConstraint(
                condition=LessThan(F("followup_open_hours"), Right("followup_open_hours", 5)),
                name="practice_calls_from_morning_to_evening",
                violation_error_message="Calls begin before they end, on the same day.",
            ),
        ),
        migrations.AddConstraint(
            "practice",
            models.CheckConstraint(
                condition=~Q(name="") & ~Q(needle_stock="") & ~Q(followup_hours="") & ~Q(emergency_number=""),
                name="practice_settings_are_not_blank",
                violation_error_message="Name, needles, follow-up and the emergency number are needed.",
            ),
        ),
    ]
