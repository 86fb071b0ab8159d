from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("clinic", "0006_sign_ins_end_by_series")]

    operations = [
        migrations.RemoveIndex("auditevent", name="clinic_audi_actor_i_d3d8ce_idx"),
        migrations.AddIndex(
            "auditevent",
            models.Index(fields=["actor", "code", "seq"], name="clinic_audi_actor_i_d37520_idx"),
        ),
    ]
