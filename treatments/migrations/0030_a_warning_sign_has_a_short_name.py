"""Banners and lists name a warning sign in a few words; the file of the catalogue brings them."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("treatments", "0020_injuries_of_staff_have_a_log")]

    operations = [
        migrations.AddField("warningsign", "short_name", models.CharField(blank=True, max_length=60)),
    ]
