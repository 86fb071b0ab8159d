"""A session on a day after the newest code set uses that set, and says when it ended."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("treatments", "0030_a_condition_may_be_on_both_sides")]

    operations = [
        migrations.AddField("sessioncondition", "code_set_ended_on", models.DateField(blank=True, null=True))
    ]
