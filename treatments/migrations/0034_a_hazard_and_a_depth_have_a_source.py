"""What each hazard and each depth of a muscle rests on; the file of the catalogue brings it."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("treatments", "0033_a_muscle_names_those_it_lumps")]

    operations = [
        migrations.AddField("muscle", "hazard_sources", models.JSONField(blank=True, default=list)),
        migrations.AddField("muscle", "depth_source", models.TextField(blank=True)),
    ]
