import django.db.models.functions.text
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("treatments", "0001_the_second_floor")]

    operations = [
        migrations.AddIndex(
            model_name="needlesite",
            index=models.Index(
                django.db.models.functions.text.Upper("lot"),
                condition=models.Q(("lot", ""), _negated=True),
                name="site_lot",
            ),
        ),
    ]
