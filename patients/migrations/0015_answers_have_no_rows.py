"""The table of answers goes: they stand in their questionnaires."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("patients", "0014_answers_move_into_their_screening")]

    operations = [migrations.DeleteModel("ScreeningAnswer")]
