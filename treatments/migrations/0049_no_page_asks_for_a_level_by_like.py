"""PostgreSQL has a second index over each unique text, for LIKE, by which no page asks."""

from django.db import migrations

from clinic.locks.fewer_indexes import NoLikeIndex


class Migration(migrations.Migration):
    dependencies = [("treatments", "0048_a_measurement_has_a_remark")]

    operations = [
        NoLikeIndex("treatments_warningsignlevel", "code", "treatments_warningsignlevel_code_03ad87f2_like"),
    ]
