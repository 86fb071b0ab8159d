from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("clinic", "0002_a_credential_ends_after_it_is_issued")]

    operations = [
        migrations.AddField(
            model_name="jurisdiction",
            name="outside_course",
            field=models.CharField(
                "a part of the body outside the courses",
                max_length=10,
                choices=[("caution", "Asks for a reason"), ("stop", "Refused")],
                default="caution",
            ),
        )
    ]
