"""A license, a last name, a no-show: labels, not columns; the database is not touched."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("clinic", "0020_a_practice_has_an_npi"),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="jurisdiction",
            options={
                "ordering": ["position", "code"],
                "verbose_name": "state rules",
                "verbose_name_plural": "state rules",
            },
        ),
        migrations.AlterField(
            model_name="credential",
            name="kind",
            field=models.CharField(
                choices=[
                    ("licence", "License"),
                    ("hours", "Hours of instruction before needling"),
                    ("didactic", "Hours of needling theory"),
                    ("course", "Needling course with practice"),
                    ("exam", "Competency examination"),
                    ("supervised", "Supervised treatment sessions"),
                ],
                max_length=20,
            ),
        ),
        migrations.AlterField(
            model_name="jurisdiction",
            name="min_licence_months",
            field=models.PositiveIntegerField(blank=True, null=True, verbose_name="months of license"),
        ),
        migrations.AlterField(
            model_name="practice",
            name="screening_months",
            field=models.PositiveIntegerField(
                default=12,
                help_text="After that they are asked again.",
                verbose_name="health questions last (months)",
            ),
        ),
        migrations.AlterField(
            model_name="user",
            name="first_name",
            field=models.CharField(max_length=100, verbose_name="first name"),
        ),
        migrations.AlterField(
            model_name="user",
            name="last_name",
            field=models.CharField(max_length=100, verbose_name="last name"),
        ),
        migrations.AlterField(
            model_name="user",
            name="password_needs_factor",
            field=models.BooleanField(
                default=False,
                editable=False,
                help_text="It is short, and holds with two-step verification only.",
            ),
        ),
        migrations.AlterField(
            model_name="credential",
            name="jurisdiction",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                to="clinic.jurisdiction",
                verbose_name="state rules",
            ),
        ),
        migrations.AlterField(
            model_name="practice",
            name="jurisdiction",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                to="clinic.jurisdiction",
                verbose_name="state rules",
            ),
        ),
    ]
