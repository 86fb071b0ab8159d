"""PostgreSQL has a second index over each unique text, for LIKE, by which no page asks."""

from django.db import migrations

from clinic.locks.fewer_indexes import NoLikeIndex


class Migration(migrations.Migration):
    dependencies = [("patients", "0016_digests_are_kept_as_bytes")]

    operations = [
        NoLikeIndex("patients_condition", "code", "patients_condition_code_79f39e83_like"),
        NoLikeIndex("patients_patient", "external_id", "patients_patient_external_id_57f63860_like"),
        NoLikeIndex("patients_patient", "name_key", "patients_patient_name_key_6ec9f336_like"),
        NoLikeIndex("patients_patient", "phone_key", "patients_patient_phone_key_871c7dc0_like"),
        NoLikeIndex("patients_patient", "ref", "patients_patient_ref_447e7526_like"),
        NoLikeIndex("patients_screeningitem", "code", "patients_screeningitem_code_251093e7_like"),
        NoLikeIndex("patients_visit", "ref", "patients_visit_ref_5a07d076_like"),
    ]
