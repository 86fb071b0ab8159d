"""Lay words, abbreviations and misspellings by which a condition is found: rows of a catalogue file."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("patients", "0019_the_words_of_a_us_clinic"),
    ]

    operations = [
        migrations.CreateModel(
            name="ConditionName",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=80)),
                ("proposed_variant", models.CharField(blank=True, max_length=60)),
                ("source", models.TextField()),
                ("retired_at", models.DateTimeField(blank=True, null=True)),
                (
                    "condition",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="names",
                        to="patients.condition",
                    ),
                ),
            ],
            options={
                "ordering": ["condition", "name"],
                "constraints": [
                    models.UniqueConstraint(fields=("condition", "name"), name="conditionname_stands_once")
                ],
            },
        ),
    ]
