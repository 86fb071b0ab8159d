"""PostgreSQL has a second index over each unique text, for LIKE, by which no page asks."""

from django.db import migrations

from clinic.locks.fewer_indexes import NoLikeIndex


class Migration(migrations.Migration):
    dependencies = [("clinic", "0017_the_audit_is_found_by_shorter_indexes")]

    operations = [
        NoLikeIndex("clinic_bodyregion", "code", "clinic_bodyregion_code_5f8af093_like"),
        NoLikeIndex("clinic_cataloguefile", "name", "clinic_cataloguefile_name_d584b5af_like"),
        NoLikeIndex("clinic_jurisdiction", "code", "clinic_jurisdiction_code_ddc089ee_like"),
        NoLikeIndex("clinic_location", "code", "clinic_location_code_3c024749_like"),
        NoLikeIndex("clinic_user", "username", "clinic_user_username_6cb0a809_like"),
    ]
