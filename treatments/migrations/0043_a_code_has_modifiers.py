"""A signed note keeps the modifiers that Medicare's notices made of its code, and why."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("treatments", "0038_drafts_ask_again_about_a_muscle")]

    operations = [
        migrations.AddField(
            model_name="needlingsession",
            name="billing_modifiers",
            field=models.CharField(blank=True, max_length=10),
        ),
        migrations.AddField(
            model_name="needlingsession",
            name="billing_modifiers_reason",
            field=models.CharField(blank=True, max_length=300),
        ),
    ]
