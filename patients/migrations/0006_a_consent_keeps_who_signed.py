"""A consent keeps who it was, and who took part, as they were called when it was signed."""

import clinic.models.base
from django.conf import settings
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("patients", "0005_what_was_given_to_whom"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="consent",
            name="given_by_name",
            field=clinic.models.base.NameThen(
                blank=True, default="", editable=False, max_length=500, of="given_by.display_name"
            ),
        ),
        migrations.AddField(
            model_name="consent",
            name="patient_born",
            field=clinic.models.base.DateThen(blank=True, editable=False, null=True, of="patient.born"),
        ),
        migrations.AddField(
            model_name="consent",
            name="patient_name",
            field=clinic.models.base.NameThen(
                blank=True, default="", editable=False, max_length=500, of="patient.listed_name"
            ),
        ),
        migrations.AddField(
            model_name="consent",
            name="refused_by_name",
            field=clinic.models.base.NameThen(
                blank=True, default="", editable=False, max_length=500, of="refused_by.display_name"
            ),
        ),
        migrations.AddField(
            model_name="consent",
            name="therapist_name",
            field=clinic.models.base.NameThen(
                blank=True, default="", editable=False, max_length=500, of="therapist.display_name"
            ),
        ),
        migrations.AddField(
            model_name="consent",
            name="witness_name",
            field=clinic.models.base.NameThen(
                blank=True, default="", editable=False, max_length=500, of="witness.display_name"
            ),
        ),
        migrations.AddField(
            model_name="consentcopy",
            name="given_by_name",
            field=clinic.models.base.NameThen(
                blank=True, default="", editable=False, max_length=500, of="given_by.display_name"
            ),
        ),
        migrations.AddField(
            model_name="consentwithdrawal",
            name="withdrawn_by_name",
            field=clinic.models.base.NameThen(
                blank=True, default="", editable=False, max_length=500, of="withdrawn_by.display_name"
            ),
        ),
    ]
