from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("treatments", "0002_needles_are_found_by_their_lot")]

    operations = [
        migrations.AddIndex(
            model_name="override",
            index=models.Index(fields=["at"], name="override_newest"),
        ),
    ]
