"""The disclosure log. It locks: every column is here from its first day."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

_PURPOSES = [
    ("patient", "The patient asked for it"),
    ("authorised", "The patient allowed it in writing"),
    ("treatment", "For treatment elsewhere"),
    ("payment", "For payment"),
    ("operations", "For the practice's own work"),
    ("law", "A law requires it"),
    ("health", "Public health or oversight"),
    ("court", "A court or its officer"),
    ("other", "Another reason"),
]
_WAYS = [
    ("hand", "On paper, by hand"),
    ("post", "On paper, by post"),
    ("electronic", "As a file"),
    ("fax", "By fax"),
    ("spoken", "Spoken"),
]


class Migration(migrations.Migration):
    dependencies = [
        ("patients", "0004_retention_is_reckoned_when_asked"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Disclosure",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("given_on", models.DateField()),
                ("recipient", models.CharField(max_length=200)),
                ("recipient_address", models.CharField(blank=True, max_length=300)),
                ("what", models.TextField(max_length=1000)),
                ("purpose", models.CharField(choices=_PURPOSES, max_length=12)),
                ("purpose_words", models.TextField(blank=True, max_length=1000)),
                ("way", models.CharField(choices=_WAYS, max_length=12)),
                (
                    "corrects",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="corrected_by",
                        to="patients.disclosure",
                    ),
                ),
                (
                    "patient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="disclosures",
                        to="patients.patient",
                    ),
                ),
                ("recorded_at", models.DateTimeField(auto_now_add=True)),
                (
                    "recorded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-given_on", "-pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("purpose", "other"), _negated=True),
                            models.Q(("purpose_words", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="disclosure_for_another_reason_says_which",
                        violation_error_message="Say in a few words what it was given for.",
                    )
                ],
            },
        )
    ]
