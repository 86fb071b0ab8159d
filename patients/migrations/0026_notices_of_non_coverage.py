"""A notice of non-coverage is a row of its own: what it says, what was chosen, for which treatment."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("patients", "0025_duties_of_state_rules_are_noted"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="NonCoverageNotice",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("voluntary", "Voluntary notice"), ("mandatory", "Mandatory notice")],
                        max_length=10,
                    ),
                ),
                ("form_expires_on", models.DateField(blank=True, null=True)),
                ("items", models.TextField(blank=True, max_length=500)),
                ("reason", models.TextField(blank=True, max_length=500)),
                (
                    "estimated_cost",
                    models.DecimalField(blank=True, decimal_places=2, max_digits=8, null=True),
                ),
                (
                    "option",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("1", "Option 1: wants it, bill Medicare"),
                            ("2", "Option 2: wants it, do not bill Medicare"),
                            ("3", "Option 3: does not want it"),
                        ],
                        max_length=1,
                    ),
                ),
                ("given_on", models.DateField()),
                ("given_at", models.DateTimeField(blank=True, null=True)),
                ("is_signed", models.BooleanField(default=False)),
                ("for_on", models.DateField()),
                ("until_on", models.DateField(blank=True, null=True)),
                ("noted_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                (
                    "ended_by",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "noted_by",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "patient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="noncoverage_notices",
                        to="patients.patient",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ended_at__isnull", False), ("ended_by__isnull", False)),
                            models.Q(("ended_at__isnull", True), ("ended_by__isnull", True)),
                            _connector="OR",
                        ),
                        name="patients_noncoveragenotice_ended_is_whole",
                        violation_error_message="Who and when belong together for “ended”.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("until_on", None), ("until_on__gte", models.F("for_on")), _connector="OR"
                        ),
                        name="notice_ends_after_it_begins",
                        violation_error_message="The last day is before the first one.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("until_on", None),
                            models.Q(
                                models.Q(("items", ""), _negated=True),
                                models.Q(("reason", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="notice_of_a_course_says_items_and_reason",
                        violation_error_message="Say what Medicare may not pay, and why.",
                    ),
                ],
            },
        ),
    ]
