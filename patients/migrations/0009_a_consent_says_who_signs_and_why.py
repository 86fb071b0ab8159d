"""A consent keeps who signs and why, where the name is not the one on record. Empty for earlier ones."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("patients", "0008_a_consent_names_the_patient")]

    operations = [
        migrations.AddField(
            "consent", "signer_note", models.TextField(blank=True, default="", max_length=500)
        )
    ]
