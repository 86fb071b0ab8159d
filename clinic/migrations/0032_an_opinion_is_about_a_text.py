"""What counsel said is about the state's rules as they stood: a digest of them beside it.

Of what was recorded before, nobody knows; blank is no text of today, and a lead confirms it.
"""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("clinic", "0031_days_of_direct_access_are_business_days")]

    operations = [
        migrations.AddField(
            model_name="counselopinion",
            name="text_digest",
            field=models.CharField(blank=True, default="", max_length=64),
        ),
    ]
