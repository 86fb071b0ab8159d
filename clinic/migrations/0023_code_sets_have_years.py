"""Sets of diagnosis codes with the days between which they are in force."""

import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("clinic", "0022_an_npi_is_a_credential")]

    operations = [
        migrations.CreateModel(
            name="CodeSet",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("fiscal_year", models.PositiveIntegerField()),
                ("release", models.CharField(max_length=80)),
                ("valid_from", models.DateField(unique=True)),
                ("valid_to", models.DateField()),
                ("is_excerpt", models.BooleanField(default=False)),
                ("records", models.PositiveIntegerField()),
                ("source", models.TextField()),
                ("digest", models.CharField(max_length=64)),
                ("codes", models.BinaryField()),
                ("loaded_at", models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                "verbose_name": "code set",
                "ordering": ["-valid_from"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(valid_to__gt=models.F("valid_from")),
                        name="codeset_ends_after_it_begins",
                    )
                ],
            },
        ),
    ]
