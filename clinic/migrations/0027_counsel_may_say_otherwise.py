"""A lead may record what counsel says of a state whose rules bar needling."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("clinic", "0026_a_state_has_a_status"),
    ]

    operations = [
        migrations.CreateModel(
            name="CounselOpinion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("counsel", models.CharField(max_length=200)),
                ("given_on", models.DateField()),
                ("opinion", models.TextField(max_length=10000)),
                ("reason", models.TextField(max_length=500)),
                ("document", models.CharField(max_length=200)),
                ("recorded_at", models.DateTimeField(blank=True, null=True)),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True)),
                ("withdrawn_reason", models.TextField(blank=True, default="", max_length=500)),
                (
                    "jurisdiction",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="opinions",
                        to="clinic.jurisdiction",
                        verbose_name="state rules",
                    ),
                ),
                (
                    "recorded_by",
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
                    "withdrawn_by",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "counsel opinion",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("recorded_at__isnull", False), ("recorded_by__isnull", False)),
                            models.Q(("recorded_at__isnull", True), ("recorded_by__isnull", True)),
                            _connector="OR",
                        ),
                        name="clinic_counselopinion_recorded_is_whole",
                        violation_error_message="Who and when belong together for “recorded”.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("withdrawn_at__isnull", False), ("withdrawn_by__isnull", False)),
                            models.Q(("withdrawn_at__isnull", True), ("withdrawn_by__isnull", True)),
                            _connector="OR",
                        ),
                        name="clinic_counselopinion_withdrawn_is_whole",
                        violation_error_message="Who and when belong together for “withdrawn”.",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("withdrawn_at", None)),
                        fields=("jurisdiction",),
                        name="one_counsel_opinion_stands",
                        violation_error_message=(
                            "Counsel’s word on this state stands already. A newer one ends it first."
                        ),
                    ),
                ],
            },
        ),
    ]
