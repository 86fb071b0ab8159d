"""Whoever opened a restricted record in need, and the clinical lead who looked at it."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

_WHOLE = models.Q(
    models.Q(("seen_at__isnull", False), ("seen_by__isnull", False)),
    models.Q(("seen_at__isnull", True), ("seen_by__isnull", True)),
    _connector="OR",
)


class Migration(migrations.Migration):
    dependencies = [
        ("patients", "0002_a_patient_may_work_here"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField("patientaccess", "is_glass", models.BooleanField(default=False)),
        migrations.AddField("patientaccess", "seen_at", models.DateTimeField(blank=True, null=True)),
        migrations.AddField(
            "patientaccess",
            "seen_by",
            models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddIndex(
            "patientaccess",
            models.Index(
                condition=models.Q(("is_glass", True), ("seen_at", None)),
                fields=["given_at"],
                name="glass_unseen",
            ),
        ),
        migrations.AddConstraint(
            "patientaccess",
            models.CheckConstraint(
                condition=_WHOLE,
                name="patients_patientaccess_seen_is_whole",
                violation_error_message="Who and when belong together for “seen”.",
            ),
        ),
    ]
