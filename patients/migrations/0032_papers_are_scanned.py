"""Scanned papers: their files in parts, the consent or insurance they belong to, marks of wrong ones."""

import clinic.models.base
import clinic.models.columns
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("patients", "0031_restricted_records_are_found_among_many"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Paper",
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
                            ("consent", "Consent on paper"),
                            ("card_front", "Insurance card, front"),
                            ("card_back", "Insurance card, back"),
                            ("identity", "Photo ID"),
                            ("referral", "Referral or prescription"),
                            ("clinical", "Clinical: report, letter, old chart, health questions"),
                            ("other", "Other, nothing clinical"),
                        ],
                        max_length=10,
                    ),
                ),
                ("title", models.CharField(max_length=120)),
                ("paper_on", models.DateField()),
                (
                    "media_type",
                    models.CharField(
                        choices=[("application/pdf", "PDF"), ("image/png", "PNG"), ("image/jpeg", "JPEG")],
                        max_length=20,
                    ),
                ),
                ("size", models.PositiveIntegerField()),
                ("digest", clinic.models.columns.HexField()),
                ("filed_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "filed_by_name",
                    clinic.models.base.NameThen(
                        blank=True, default="", editable=False, max_length=500, of="filed_by.display_name"
                    ),
                ),
                (
                    "consent",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="scans",
                        to="patients.consent",
                    ),
                ),
                (
                    "coverage",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="cards",
                        to="patients.coverage",
                    ),
                ),
                (
                    "filed_by",
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
                        related_name="papers",
                        to="patients.patient",
                    ),
                ),
            ],
            options={
                "ordering": ["-paper_on", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="PaperMark",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("reason", models.TextField(max_length=500)),
                ("marked_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "marked_by_name",
                    clinic.models.base.NameThen(
                        blank=True, default="", editable=False, max_length=500, of="marked_by.display_name"
                    ),
                ),
                (
                    "marked_by",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "paper",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="mark", to="patients.paper"
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="PaperPart",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveIntegerField()),
                ("content", clinic.models.columns.FileBytes()),
                (
                    "paper",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="parts",
                        to="patients.paper",
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="paper",
            constraint=models.CheckConstraint(
                condition=models.Q(("consent", None), ("kind", "consent"), _connector="OR"),
                name="paper_of_a_consent_is_a_consent",
            ),
        ),
        migrations.AddConstraint(
            model_name="paper",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("coverage", None), ("kind__in", ["card_front", "card_back"]), _connector="OR"
                ),
                name="paper_of_an_insurance_is_its_card",
            ),
        ),
        migrations.AddConstraint(
            model_name="paper",
            constraint=models.CheckConstraint(condition=models.Q(("size__gt", 0)), name="paper_is_not_empty"),
        ),
        migrations.AddConstraint(
            model_name="paperpart",
            constraint=models.UniqueConstraint(fields=("paper", "number"), name="part_of_a_paper_is_one"),
        ),
    ]
