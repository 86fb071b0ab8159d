"""The digests of a consent's text and of the rules behind the health questions are 32 bytes, not 64 digits."""

from django.db import migrations

from clinic.locks.converting import ConvertColumn
from clinic.models.columns import HexField


class Migration(migrations.Migration):
    dependencies = [("patients", "0015_answers_have_no_rows")]

    operations = [
        ConvertColumn("consent", "text_digest", HexField(blank=True)),
        ConvertColumn("screening", "rule_version", HexField()),
    ]
