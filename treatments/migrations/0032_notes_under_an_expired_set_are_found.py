"""A lead sees how many notes carry a code of a set that had ended."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("treatments", "0031_a_session_says_that_its_code_set_had_ended")]

    operations = [
        migrations.AddIndex(
            model_name="sessioncondition",
            index=models.Index(
                condition=models.Q(("code_set_ended_on__isnull", False)),
                fields=["code_set_ended_on"],
                name="sessioncondition_expired_set",
            ),
        )
    ]
