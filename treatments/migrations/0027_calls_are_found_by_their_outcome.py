"""The report on patients who were not reached asks for the calls of some days that were given up."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("treatments", "0026_the_words_of_a_us_clinic")]

    operations = [
        migrations.AddIndex("followup", models.Index(fields=["outcome", "due_at"], name="followup_outcome")),
    ]
