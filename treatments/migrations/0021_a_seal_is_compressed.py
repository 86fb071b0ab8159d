"""A seal took more than anything else: its text is compressed, its digest and the co-signature's are bytes."""

from django.db import migrations

from clinic.locks.converting import ConvertColumn
from clinic.models.columns import HexField
from treatments.models.signing import SealText


class Migration(migrations.Migration):
    dependencies = [("treatments", "0020_injuries_of_staff_have_a_log")]

    operations = [
        ConvertColumn("seal", "text", SealText()),
        ConvertColumn("seal", "digest", HexField()),
        ConvertColumn("cosignature", "digest", HexField()),
    ]
