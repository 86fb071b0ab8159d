"""The link by which the first administrator of a practice chooses a password."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from clinic.models import columns


class Migration(migrations.Migration):
    dependencies = [("clinic", "0032_an_opinion_is_about_a_text")]

    operations = [
        migrations.CreateModel(
            name="FirstLink",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("digest", columns.HexField(unique=True)),
                ("made_at", models.DateTimeField(auto_now_add=True)),
                ("expires_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                (
                    "user",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={"abstract": False},
        ),
    ]
