"""Whether a password is too short to stand alone. Those of before were 15 characters at least."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("clinic", "0001_the_ground_floor")]

    operations = [
        migrations.AddField(
            model_name="user",
            name="password_needs_factor",
            field=models.BooleanField(
                default=False, editable=False, help_text="It is short, and holds beside a second factor only."
            ),
        ),
    ]
