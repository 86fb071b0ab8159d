"""PostgreSQL has a second index over each unique text, for LIKE, by which no page asks."""

from django.db import migrations

from clinic.locks.fewer_indexes import NoLikeIndex


class Migration(migrations.Migration):
    dependencies = [("treatments", "0022_warning_signs_name_their_words")]

    operations = [
        NoLikeIndex("treatments_adverseeventkind", "code", "treatments_adverseeventkind_code_b886d0fc_like"),
        NoLikeIndex("treatments_aftercareadvice", "code", "treatments_aftercareadvice_code_858373ed_like"),
        NoLikeIndex("treatments_followup", "ref", "treatments_followup_ref_387e1270_like"),
        NoLikeIndex("treatments_muscle", "code", "treatments_muscle_code_84ffa64d_like"),
        NoLikeIndex("treatments_needlingsession", "ref", "treatments_needlingsession_ref_c2ee1288_like"),
        NoLikeIndex("treatments_warningsign", "code", "treatments_warningsign_code_307a702e_like"),
    ]
