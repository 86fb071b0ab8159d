"""The digest of a link is kept as bytes, which no index for LIKE stands over."""

from django.db import migrations, models

from clinic.locks.converting import ConvertColumn
from clinic.models.columns import HexField


class Migration(migrations.Migration):
    dependencies = [("clinic", "0015_the_chain_is_kept_as_bytes")]

    operations = [
        migrations.AlterField("patientlink", "digest", models.CharField(max_length=64)),
        ConvertColumn("patientlink", "digest", HexField()),
        migrations.AlterField("patientlink", "digest", HexField(unique=True)),
    ]
