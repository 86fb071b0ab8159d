"""The answers of one questionnaire get columns in its row."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("patients", "0012_questions_are_worded_once")]

    operations = [
        migrations.AddField(
            "screening",
            "concerns",
            models.JSONField(blank=True, default=list, verbose_name="answers of concern or not known"),
        ),
        migrations.AddField("screening", "other_answers", models.JSONField(blank=True, default=list)),
    ]
