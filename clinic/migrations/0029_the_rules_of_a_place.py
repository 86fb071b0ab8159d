"""A place may stand under the rules of its own state, and states are chosen from a list."""

import django.db.models.deletion
from django.db import migrations, models

from clinic.values.states import STATES


class Migration(migrations.Migration):
    dependencies = [("clinic", "0027_counsel_may_say_otherwise")]

    operations = [
        migrations.AddField(
            model_name="location",
            name="jurisdiction",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                help_text="What holds for every session here. None chosen: those of the practice.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                to="clinic.jurisdiction",
                verbose_name="state rules",
            ),
        ),
        migrations.AlterField(
            model_name="location",
            name="state",
            field=models.CharField(blank=True, choices=STATES, max_length=2),
        ),
        migrations.AlterField(
            model_name="jurisdiction",
            name="state",
            field=models.CharField(blank=True, choices=STATES, max_length=2),
        ),
    ]
