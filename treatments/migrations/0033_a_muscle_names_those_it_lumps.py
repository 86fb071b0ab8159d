"""A row that stands for several muscles names them, so that a site can say which it was."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("treatments", "0032_notes_under_an_expired_set_are_found")]

    operations = [
        migrations.AddField("muscle", "members", models.CharField(blank=True, max_length=300)),
    ]
