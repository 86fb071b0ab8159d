"""A phone number that reaches somebody else is marked until it is corrected."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

_WHOLE = models.Q(
    models.Q(("phone_wrong_at__isnull", False), ("phone_wrong_by__isnull", False)),
    models.Q(("phone_wrong_at__isnull", True), ("phone_wrong_by__isnull", True)),
    _connector="OR",
)


class Migration(migrations.Migration):
    dependencies = [
        ("patients", "0009_a_consent_says_who_signs_and_why"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField("patient", "phone_wrong_at", models.DateTimeField(blank=True, null=True)),
        migrations.AddField(
            "patient",
            "phone_wrong_by",
            models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddConstraint(
            "patient",
            models.CheckConstraint(
                condition=_WHOLE,
                name="patients_patient_phone_wrong_is_whole",
                violation_error_message="Who and when belong together for “phone wrong”.",
            ),
        ),
    ]
