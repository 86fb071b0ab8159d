from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("treatments", "0001_the_second_floor")]

    operations = [
        migrations.AddIndex(
            "needlingsession",
            models.Index(fields=["therapist", "-opened_at"], name="treatments__therapi_8111f3_idx"),
        ),
    ]
