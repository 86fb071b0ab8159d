from django.db import migrations, models
from django.db.models import F, Q


class Migration(migrations.Migration):
    """Hours of theory are a kind of their own; no credential ends before it began."""

    dependencies = [("clinic", "0001_the_ground_floor")]

    operations = [
        migrations.AlterField(
            model_name="credential",
            name="kind",
            field=models.CharField(
                max_length=20,
                choices=[
                    ("licence", "Licence"),
                    ("hours", "Hours of instruction before needling"),
                    ("didactic", "Hours of needling theory"),
                    ("course", "Needling course with practice"),
                    ("exam", "Competency examination"),
                    ("supervised", "Supervised treatment sessions"),
                ],
            ),
        ),
        migrations.AddConstraint(
            model_name="credential",
            constraint=models.CheckConstraint(
                condition=Q(issued_on=None) | Q(expires_on=None) | Q(expires_on__gte=F("issued_on")),
                name="credential_ends_after_it_is_issued",
                violation_error_message="A credential ends after it was issued. Check both days.",
            ),
        ),
    ]
