"""A call ends in more ways, one of them a time to call again."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("treatments", "0017_a_warning_sign_waits_for_no_other_answer")]

    operations = [
        migrations.AddField("contactattempt", "again_at", models.DateTimeField(blank=True, null=True)),
        migrations.AlterField(
            "contactattempt",
            "result",
            models.CharField(
                choices=[
                    ("spoke", "Spoke"),
                    ("voicemail", "Left a voicemail"),
                    ("no_answer", "No answer"),
                    ("someone_else", "Someone else answered"),
                    ("call_again", "Call again at"),
                    ("declined", "Declined"),
                    ("wrong_number", "Wrong number"),
                ],
                max_length=12,
            ),
        ),
        migrations.AddConstraint(
            "contactattempt",
            models.CheckConstraint(
                condition=models.Q(
                    models.Q(("result", "call_again"), _negated=True),
                    ("again_at__isnull", False),
                    _connector="OR",
                ),
                name="call_again_has_its_time",
            ),
        ),
    ]
