"""An answer that says stop is filed before every question was asked."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("patients", "0010_a_wrong_number_is_marked")]

    operations = [
        migrations.AddField("screening", "not_asked", models.JSONField(blank=True, default=list)),
    ]
