"""A license, a last name, a no-show: labels, not columns; the database is not touched."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("clinic", "0021_the_words_of_a_us_clinic"),
        ("patients", "0018_only_what_a_page_uses_is_indexed"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="screening",
            options={
                "ordering": ["-taken_at", "-pk"],
                "verbose_name": "answers to health questions",
                "verbose_name_plural": "answers to health questions",
            },
        ),
        migrations.AlterModelOptions(
            name="screeningitem",
            options={"ordering": ["position", "code"], "verbose_name": "health question"},
        ),
        migrations.AlterField(
            model_name="consent",
            name="screening",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                to="patients.screening",
                verbose_name="health questions",
            ),
        ),
        migrations.AlterField(
            model_name="disclosure",
            name="way",
            field=models.CharField(
                choices=[
                    ("hand", "On paper, by hand"),
                    ("post", "On paper, by mail"),
                    ("electronic", "As a file"),
                    ("fax", "By fax"),
                    ("spoken", "Spoken"),
                ],
                max_length=12,
            ),
        ),
        migrations.AlterField(
            model_name="patient",
            name="family_name",
            field=models.CharField(blank=True, max_length=100, verbose_name="last name"),
        ),
        migrations.AlterField(
            model_name="patient",
            name="given_name",
            field=models.CharField(blank=True, max_length=100, verbose_name="first name"),
        ),
        migrations.AlterField(
            model_name="patientcondition",
            name="cause",
            field=models.CharField(
                choices=[
                    ("unknown", "Not known"),
                    ("gradual", "Came on gradually"),
                    ("sport", "Sport"),
                    ("work", "Work"),
                    ("accident", "Accident"),
                    ("surgery", "After surgery"),
                ],
                default="unknown",
                max_length=10,
            ),
        ),
        migrations.AlterField(
            model_name="screening",
            name="kind",
            field=models.CharField(
                choices=[("intake", "Health questions"), ("visit", "Health update")], max_length=10
            ),
        ),
        migrations.AlterField(
            model_name="screeningitem",
            name="kind",
            field=models.CharField(
                choices=[("intake", "Health questions"), ("visit", "Health update")], max_length=10
            ),
        ),
        migrations.AlterConstraint(
            model_name="patient",
            name="patient_has_a_name",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("family_name", ""), _negated=True),
                    models.Q(("given_name", ""), _negated=True),
                    _connector="OR",
                ),
                name="patient_has_a_name",
                violation_error_message="Enter a last name or a first name.",
            ),
        ),
        migrations.AlterConstraint(
            model_name="visit",
            name="patients_visit_left_is_whole",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("left_at__isnull", False), ("left_by__isnull", False)),
                    models.Q(("left_at__isnull", True), ("left_by__isnull", True)),
                    _connector="OR",
                ),
                name="patients_visit_left_is_whole",
                violation_error_message="Who and when belong together for “completed”.",
            ),
        ),
        migrations.AlterConstraint(
            model_name="visit",
            name="patients_visit_cancelled_is_whole",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("cancelled_at__isnull", False), ("cancelled_by__isnull", False)),
                    models.Q(("cancelled_at__isnull", True), ("cancelled_by__isnull", True)),
                    _connector="OR",
                ),
                name="patients_visit_cancelled_is_whole",
                violation_error_message="Who and when belong together for “canceled”.",
            ),
        ),
        migrations.AlterConstraint(
            model_name="visit",
            name="visit_that_took_place_is_not_cancelled",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("cancelled_at", None), ("missed_at", None)),
                    ("arrived_at", None),
                    _connector="OR",
                ),
                name="visit_that_took_place_is_not_cancelled",
                violation_error_message="This patient has arrived: undo the check-in first.",
            ),
        ),
        migrations.AlterField(
            model_name="consenttext",
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
