"""A MAC is 32 bytes, not 64 digits; and its two unique indexes and their two for LIKE kept what the key keeps."""

from django.db import migrations, models

from clinic.locks.converting import ConvertColumn
from clinic.models.columns import HexField


class Migration(migrations.Migration):
    dependencies = [("clinic", "0014_a_one_time_password_works_once_and_ends")]

    operations = [
        migrations.AlterField("auditevent", "previous", models.CharField(max_length=64)),
        migrations.AlterField("auditevent", "mac", models.CharField(max_length=64)),
        ConvertColumn("auditevent", "previous", HexField()),
        ConvertColumn("auditevent", "mac", HexField()),
        ConvertColumn("auditevent", "request_id", HexField(blank=True)),
    ]
