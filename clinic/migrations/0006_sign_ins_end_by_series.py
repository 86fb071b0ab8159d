"""Open sign-ins of a person end by counting on, without a search through all sessions."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("clinic", "0005_a_short_password_needs_a_factor")]

    operations = [
        migrations.AddField(
            model_name="user",
            name="sign_in_series",
            field=models.PositiveIntegerField(
                default=0, editable=False, help_text="Sign-ins of an earlier series have ended."
            ),
        ),
    ]
