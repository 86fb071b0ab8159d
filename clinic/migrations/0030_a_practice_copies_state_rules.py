"""The practice's own copy of a state's rules: of which shipped row, and who approved it."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("clinic", "0029_the_rules_of_a_place")]

    operations = [
        migrations.AddField(
            model_name="jurisdiction",
            name="based_on",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="copies",
                to="clinic.jurisdiction",
                verbose_name="copied from",
            ),
        ),
        migrations.AddField(
            model_name="jurisdiction",
            name="approved_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="jurisdiction",
            name="approved_by",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddConstraint(
            model_name="jurisdiction",
            constraint=models.CheckConstraint(
                condition=Q(approved_at__isnull=False, approved_by__isnull=False)
                | Q(approved_at__isnull=True, approved_by__isnull=True),
                name="clinic_jurisdiction_approved_is_whole",
                violation_error_message="Who and when belong together for “approved”.",
            ),
        ),
        migrations.AddConstraint(
            model_name="jurisdiction",
            constraint=models.CheckConstraint(
                condition=Q(approved_at=None, based_on=None) & ~Q(code__startswith="own-")
                | Q(based_on__isnull=False, code__startswith="own-"),
                name="jurisdiction_is_shipped_or_a_copy",
            ),
        ),
    ]
