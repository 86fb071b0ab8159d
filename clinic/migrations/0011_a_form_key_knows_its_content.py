"""Each used form key keeps a digest of the content that it came with."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("clinic", "0010_the_audit_is_searched_for_what_somebody_did")]

    operations = [
        migrations.AddField("formkey", "digest", models.CharField(blank=True, default="", max_length=64))
    ]
