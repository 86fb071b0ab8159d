from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    """Few sessions are supervised; counting them does not walk through all the others."""

    dependencies = [("treatments", "0006_a_reason_keeps_what_was_asked")]

    operations = [
        migrations.AddIndex(
            model_name="needlingsession",
            index=models.Index(
                fields=["therapist", "jurisdiction"],
                name="session_supervised",
                condition=Q(supervisor__isnull=False),
            ),
        )
    ]
