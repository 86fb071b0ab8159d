"""When the hazards or the billing of a muscle were changed: drafts from before then ask once more."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("treatments", "0037_a_practice_has_muscles_of_its_own")]

    operations = [
        migrations.AddField(
            "muscle", "facts_changed_at", models.DateTimeField(blank=True, editable=False, null=True)
        ),
    ]
