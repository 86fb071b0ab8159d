"""The key stood at the end of each index of the audit, where SQLite adds it anyway and PostgreSQL needs none."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("clinic", "0016_a_link_is_known_by_bytes")]

    operations = [
        migrations.RemoveIndex("auditevent", name="clinic_audi_patient_353298_idx"),
        migrations.RemoveIndex("auditevent", name="clinic_audi_object__cc36f5_idx"),
        migrations.RemoveIndex("auditevent", name="clinic_audi_actor_i_30b7ae_idx"),
        migrations.RemoveIndex("auditevent", name="clinic_audi_code_7d3480_idx"),
        migrations.RemoveIndex("auditevent", name="clinic_audi_actor_i_3b9f3b_idx"),
        migrations.RemoveIndex("auditevent", name="clinic_audi_at_f29f7a_idx"),
        migrations.RemoveIndex("auditevent", name="clinic_audi_request_f93705_idx"),
        migrations.AddIndex("auditevent", models.Index(fields=["patient_ref"], name="audit_of_a_patient")),
        migrations.AddIndex("auditevent", models.Index(fields=["object_ref"], name="audit_of_an_object")),
        migrations.AddIndex(
            "auditevent", models.Index(fields=["actor", "code", "at"], name="audit_of_a_code_by_a_person")
        ),
        migrations.AddIndex("auditevent", models.Index(fields=["code", "at"], name="audit_of_a_code")),
        migrations.AddIndex("auditevent", models.Index(fields=["actor", "at"], name="audit_by_a_person")),
        migrations.AddIndex("auditevent", models.Index(fields=["at"], name="audit_by_time")),
        migrations.AddIndex("auditevent", models.Index(fields=["request_id"], name="audit_of_a_request")),
    ]
