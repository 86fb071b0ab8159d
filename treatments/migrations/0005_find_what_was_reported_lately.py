from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("treatments", "0004_find_what_a_therapist_did_last")]

    operations = [
        migrations.AddIndex(
            "sorenessreport",
            models.Index(fields=["reported_at"], name="treatments__reporte_a7c284_idx"),
        ),
    ]
