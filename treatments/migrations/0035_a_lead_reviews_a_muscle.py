"""Who reviewed what the catalogue says of a muscle, and on which day."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import Q

WHOLE = Q(reviewed_at__isnull=False, reviewed_on__isnull=False) & ~Q(reviewed_content="")
NONE = Q(reviewed_at=None, reviewed_on=None, reviewed_content="")
BOTH = Q(reviewed_at__isnull=False, reviewed_by__isnull=False)
NEITHER = Q(reviewed_at__isnull=True, reviewed_by__isnull=True)


class Migration(migrations.Migration):
    dependencies = [
        ("treatments", "0034_a_hazard_and_a_depth_have_a_source"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            "muscle", "reviewed_on", models.DateField(blank=True, null=True, verbose_name="reviewed on")
        ),
        migrations.AddField("muscle", "reviewed_at", models.DateTimeField(blank=True, null=True)),
        migrations.AddField(
            "muscle",
            "reviewed_by",
            models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField("muscle", "reviewed_content", models.CharField(blank=True, max_length=64)),
        migrations.AddConstraint(
            "muscle",
            models.CheckConstraint(
                condition=BOTH | NEITHER,
                name="treatments_muscle_reviewed_is_whole",
                violation_error_message="Who and when belong together for “reviewed”.",
            ),
        ),
        migrations.AddConstraint(
            "muscle",
            models.CheckConstraint(
                condition=NONE | WHOLE,
                name="muscle_review_says_what_and_when",
                violation_error_message="A review needs its day.",
            ),
        ),
    ]
