"""The first page of the call list reads the index of what is due in its order, and no more than that."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("treatments", "0050_a_level_says_when_it_was_changed")]

    operations = [
        migrations.RemoveIndex(model_name="followup", name="followup_open"),
        migrations.AddIndex(
            model_name="followup",
            index=models.Index(
                condition=models.Q(("closed_at", None)), fields=["due_at", "id"], name="followup_open"
            ),
        ),
    ]
