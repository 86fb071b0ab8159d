"""Who supervises a draft, or co-signs a note, in whose place, and why."""

import clinic.models.base
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("treatments", "0052_reports_that_ask_for_a_call_are_found"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="SupervisorChange",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "supervisor_name",
                    clinic.models.base.NameThen(
                        blank=True, default="", editable=False, max_length=500, of="supervisor.display_name"
                    ),
                ),
                (
                    "instead_of_name",
                    clinic.models.base.NameThen(
                        blank=True, default="", editable=False, max_length=500, of="instead_of.display_name"
                    ),
                ),
                ("reason", models.TextField(max_length=10000)),
                ("changed_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "changed_by_name",
                    clinic.models.base.NameThen(
                        blank=True, default="", editable=False, max_length=500, of="changed_by.display_name"
                    ),
                ),
                (
                    "changed_by",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "instead_of",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "session",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="supervisor_changes",
                        to="treatments.needlingsession",
                    ),
                ),
                (
                    "supervisor",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True),
                        name="supervisor_change_says_why",
                        violation_error_message="Say why somebody else supervises.",
                    ),
                ],
            },
        ),
    ]
