from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("clinic", "0001_the_ground_floor")]

    operations = [
        migrations.RemoveIndex("auditevent", name="clinic_audi_actor_i_d3d8ce_idx"),
        migrations.AddIndex(
            "auditevent",
            models.Index(fields=["actor", "code", "seq"], name="clinic_audi_actor_i_d37520_idx"),
        ),
    ]
