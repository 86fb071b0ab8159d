"""What a state's rules ask to be done for a patient, once it is done: notices, documents, improvement."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import clinic.models.base


class Migration(migrations.Migration):
    dependencies = [
        ("patients", "0024_an_own_question_reaches_sites"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="StateDuty",
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
                        choices=[
                            ("document", "Document about dry needling given to the patient"),
                            ("training", "Patient told in writing how the therapist is trained"),
                            ("notice", "Patient's doctor told of the treatment"),
                            ("improvement", "Measurable or functional improvement found"),
                            ("referred", "Patient referred to their doctor"),
                        ],
                        max_length=12,
                    ),
                ),
                ("done_on", models.DateField()),
                ("detail", models.CharField(blank=True, max_length=300)),
                ("noted_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                (
                    "noted_by_name",
                    clinic.models.base.NameThen(
                        blank=True, default="", editable=False, max_length=500, of="noted_by.display_name"
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
                        related_name="state_duties",
                        to="patients.patient",
                    ),
                ),
            ],
            options={"ordering": ["-done_on", "-pk"]},
        ),
    ]
