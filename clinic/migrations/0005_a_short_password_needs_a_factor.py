"""Whether a password is too short to stand alone. Those of before were 15 characters at least."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("clinic", "0004_people_are_reminded_of_credentials")]

    operations = [
        migrations.AddField(
            model_name="user",
            name="password_needs_factor",
            field=models.BooleanField(
                default=False, editable=False, help_text="It is short, and holds beside a second factor only."
            ),
        ),
    ]
