"""When an update changed a warning sign or its level: what a lead decided before is decided anew."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("treatments", "0049_no_page_asks_for_a_level_by_like")]

    operations = [
        migrations.AddField(
            model, "facts_changed_at", models.DateTimeField(blank=True, editable=False, null=True)
        )
        for model in ("warningsign", "warningsignlevel")
    ]
