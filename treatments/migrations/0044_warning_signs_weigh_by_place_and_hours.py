"""How urgent a warning sign is depends on what was needled and on the hours since, and a lead approves it."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import clinic.models.base

URGENCIES = [
    (1, "Therapist calls today"),
    (2, "Be seen today"),
    (3, "Emergency room today"),
    (4, "911 now"),
]
PLACES = [("lung", "Over the lung"), ("spine", "Neck or beside the spine")]


class Migration(migrations.Migration):
    dependencies = [
        ("treatments", "0043_a_code_has_modifiers"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveField("warningsign", "call_emergency"),
        migrations.CreateModel(
            name="WarningSignLevel",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.CharField(max_length=60, unique=True)),
                ("position", models.PositiveIntegerField(default=0)),
                ("source", models.TextField()),
                ("retired_at", models.DateTimeField(blank=True, null=True)),
                ("place", models.CharField(blank=True, choices=PLACES, default="", max_length=5)),
                (
                    "until_hours",
                    models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="up to hours after"),
                ),
                ("urgency", models.PositiveSmallIntegerField(choices=URGENCIES)),
                (
                    "sign",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="levels",
                        to="treatments.warningsign",
                    ),
                ),
            ],
            options={"ordering": ["position", "code"], "abstract": False},
        ),
        migrations.CreateModel(
            name="LevelDecision",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("urgency", models.PositiveSmallIntegerField(choices=URGENCIES)),
                ("reason", models.TextField(blank=True, max_length=10000)),
                ("decided_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "decided_by_name",
                    clinic.models.base.NameThen(
                        blank=True, default="", editable=False, max_length=500, of="decided_by.display_name"
                    ),
                ),
                (
                    "decided_by",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "level",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="decisions",
                        to="treatments.warningsignlevel",
                    ),
                ),
            ],
            options={"ordering": ["-pk"]},
        ),
    ]
