"""Banners and lists name a warning sign in a few words; the file of the catalogue brings them."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("treatments", "0024_only_what_a_page_uses_is_indexed")]

    operations = [
        migrations.AddField("warningsign", "short_name", models.CharField(blank=True, max_length=60)),
    ]
