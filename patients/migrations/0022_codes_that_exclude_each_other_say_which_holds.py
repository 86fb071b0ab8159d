"""Where two codes exclude each other and both hold, the condition keeps the other code and the reason."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("patients", "0021_a_condition_may_be_on_both_sides")]

    operations = [
        migrations.AddField(
            model_name="patientcondition",
            name="excluded_codes",
            field=models.CharField(blank=True, default="", max_length=200),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="patientcondition",
            name="exclusion_reason",
            field=models.TextField(blank=True, default="", max_length=500),
            preserve_default=False,
        ),
    ]
