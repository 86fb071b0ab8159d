"""The words of questions stand once, in rows that answers name by their version."""

import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("clinic", "0019_only_what_a_page_uses_is_indexed"),
        ("patients", "0011_a_stop_waits_for_no_other_answer"),
    ]

    operations = [
        migrations.CreateModel(
            name="QuestionWording",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "catalogue",
                    models.CharField(
                        choices=[("health", "Health questions"), ("warning_sign", "Warning signs")],
                        max_length=12,
                    ),
                ),
                ("code", models.CharField(max_length=60)),
                ("version", models.PositiveSmallIntegerField()),
                ("text", models.TextField()),
                ("made_at", models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                "ordering": ["catalogue", "code", "version"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("catalogue", "code", "version"), name="question_version_has_one_wording"
                    )
                ],
            },
        ),
    ]
