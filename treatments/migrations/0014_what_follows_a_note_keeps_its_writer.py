"""What follows a note keeps the name of whoever wrote it."""

import clinic.models.base
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("treatments", "0013_a_visit_may_be_without_needles"),
    ]

    operations = [
        migrations.AddField(
            model_name="addendum",
            name="written_by_name",
            field=clinic.models.base.NameThen(
                blank=True, default="", editable=False, max_length=500, of="written_by.display_name"
            ),
        ),
        migrations.AddField(
            model_name="amendmentanswer",
            name="answered_by_name",
            field=clinic.models.base.NameThen(
                blank=True, default="", editable=False, max_length=500, of="answered_by.display_name"
            ),
        ),
        migrations.AddField(
            model_name="cosignature",
            name="signed_by_name",
            field=clinic.models.base.NameThen(
                blank=True, default="", editable=False, max_length=500, of="signed_by.display_name"
            ),
        ),
        migrations.AddField(
            model_name="errormark",
            name="marked_by_name",
            field=clinic.models.base.NameThen(
                blank=True, default="", editable=False, max_length=500, of="marked_by.display_name"
            ),
        ),
    ]
