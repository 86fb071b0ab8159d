import django.utils.timezone
from django.db import migrations, models
from django.db.models import PROTECT


class Migration(migrations.Migration):
    dependencies = [("clinic", "0003_a_profile_says_what_stands_outside_a_course")]

    operations = [
        migrations.AlterField(
            model_name="practice",
            name="cosign_days",
            field=models.PositiveIntegerField(
                "co-sign within (days)", default=7, help_text="Later ones are shown to the clinical lead."
            ),
        ),
        migrations.AddField(
            model_name="practice",
            name="credential_reminder_days",
            field=models.PositiveIntegerField("remind of a credential's end (days before)", default=60),
        ),
        migrations.CreateModel(
            name="CredentialReminder",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("expires_on", models.DateField()),
                ("days", models.PositiveIntegerField()),
                ("sent_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "credential",
                    models.ForeignKey(on_delete=PROTECT, related_name="reminders", to="clinic.credential"),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=["credential", "expires_on", "days"], name="credential_reminder_is_sent_once"
                    )
                ],
            },
        ),
    ]
