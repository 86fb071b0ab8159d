"""A practice adds muscles of its own, and retires what it does not needle."""

from django.db import migrations

from clinic.migrations._rows_of_a_practice import columns, constraints


class Migration(migrations.Migration):
    dependencies = [("treatments", "0035_a_lead_reviews_a_muscle")]

    operations = [*columns("muscle"), *constraints("treatments", "muscle", "code")]
