from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("treatments", "0009_a_request_to_amend_is_answered")]

    operations = [
        migrations.AddIndex(
            model_name="addendum",
            index=models.Index(fields=["kind", "session"], name="addendum_of_a_kind"),
        ),
    ]
