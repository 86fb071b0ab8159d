from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("treatments", "0003_reasons_are_counted_by_their_day")]

    operations = [
        migrations.AddIndex(
            "needlingsession",
            models.Index(fields=["therapist", "-opened_at"], name="treatments__therapi_8111f3_idx"),
        ),
    ]
