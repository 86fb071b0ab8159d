"""The day until which a record is kept follows from the last encounter: a stored one could only be wrong."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("patients", "0003_broken_glass_is_seen_by_a_lead")]

    operations = [migrations.RemoveField("patient", "retention_until")]
