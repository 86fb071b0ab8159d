import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("clinic", "0010_the_audit_is_searched_for_what_somebody_did"),
        ("treatments", "0019_an_adverse_event_is_reported_and_closed"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="SharpsInjury",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("injured_name", models.CharField(blank=True, max_length=120)),
                ("occurred_at", models.DateTimeField(db_index=True)),
                ("area", models.CharField(max_length=120, verbose_name="department or work area")),
                ("device_type", models.CharField(max_length=120, verbose_name="type of device")),
                ("device_brand", models.CharField(max_length=120, verbose_name="brand of the device")),
                (
                    "contaminated",
                    models.CharField(
                        choices=[
                            ("yes", "Yes, it had been used on a person"),
                            ("no", "No, it was new"),
                            ("unknown", "Not known"),
                        ],
                        max_length=7,
                    ),
                ),
                ("how", models.TextField(max_length=10000, verbose_name="how it happened")),
                ("correction_reason", models.TextField(blank=True, max_length=10000)),
                ("noted_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "first_version",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="later_versions",
                        to="treatments.sharpsinjury",
                    ),
                ),
                (
                    "injured",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "location",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="clinic.location"
                    ),
                ),
                (
                    "noted_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "supersedes",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="superseded_by",
                        to="treatments.sharpsinjury",
                    ),
                ),
            ],
            options={
                "ordering": ["-occurred_at", "-pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("injured__isnull", False), ("injured_name", "")),
                            models.Q(("injured", None), models.Q(("injured_name", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="sharpsinjury_names_one_person",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("correction_reason", ""), ("first_version", None), ("supersedes", None)
                            ),
                            models.Q(
                                ("first_version__isnull", False),
                                ("supersedes__isnull", False),
                                models.Q(("correction_reason", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="sharpsinjury_correction_says_why",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("area", ""), _negated=True),
                            models.Q(("device_type", ""), _negated=True),
                            models.Q(("device_brand", ""), _negated=True),
                            models.Q(("how", ""), _negated=True),
                        ),
                        name="sharpsinjury_holds_what_the_log_must",
                    ),
                ],
            },
        ),
    ]
