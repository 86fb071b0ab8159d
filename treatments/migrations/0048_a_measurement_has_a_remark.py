"""Free text beside what a measurement names from lists."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("treatments", "0047_strength_is_measured")]

    operations = [
        migrations.AddField(
            model_name="measurement",
            name="remark",
            field=models.CharField(blank=True, default="", max_length=200),
        ),
    ]
