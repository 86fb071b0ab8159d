"""A license, a last name, a no-show: labels, not columns; the database is not touched."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("patients", "0019_the_words_of_a_us_clinic"),
        ("treatments", "0025_a_warning_sign_has_a_short_name"),
    ]

    operations = [
        migrations.AlterField(
            model_name="measurement",
            name="kind",
            field=models.CharField(
                choices=[
                    ("rom", "Range of motion"),
                    ("tone", "Muscle tone"),
                    ("ppt", "Pressure pain threshold"),
                ],
                max_length=5,
            ),
        ),
        migrations.AlterField(
            model_name="needlesite",
            name="haemostasis",
            field=models.CharField(blank=True, max_length=120, verbose_name="hemostasis"),
        ),
        migrations.AlterField(
            model_name="needlingsession",
            name="screening",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="patients.screening",
                verbose_name="health questions",
            ),
        ),
        migrations.AlterField(
            model_name="needlingsession",
            name="visit_screening",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="patients.screening",
                verbose_name="health update",
            ),
        ),
        migrations.AlterField(
            model_name="sorenessreport",
            name="course",
            field=models.CharField(
                blank=True,
                choices=[("better", "Better"), ("same", "The same"), ("worse", "Worse")],
                max_length=6,
                verbose_name="compared with before",
            ),
        ),
        migrations.AlterField(
            model_name="needlingsession",
            name="jurisdiction",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                to="clinic.jurisdiction",
                verbose_name="state rules",
            ),
        ),
    ]
