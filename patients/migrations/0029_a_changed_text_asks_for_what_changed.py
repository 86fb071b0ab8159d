"""Statements have names by which versions are compared; who agreed before agrees to the changed ones alone."""

import csv
from pathlib import Path

from django.db import migrations, models

FILE = Path(__file__).parents[1] / "catalogues" / "consent_texts.csv"


def name_shipped_statements(apps, schema_editor):
    """What the file names is named again where a database was taken back to before and comes forth."""
    texts = apps.get_model("patients", "ConsentText").objects.using(schema_editor.connection.alias)
    with FILE.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            parts = [part.partition(":") for part in row["statements"].split(";")]
            names = [name.strip() for name, _colon, _text in parts]
            said = [text.strip() for _name, _colon, text in parts]
            shipped = texts.filter(version=row["version"], language=row["language"], published_by=None)
            for text in shipped:
                if text.statements == said:
                    texts.filter(pk=text.pk).update(statement_names=names)


class Migration(migrations.Migration):
    dependencies = [("patients", "0028_an_insurance_has_no_notice")]

    operations = [
        migrations.AddField(
            model_name="consenttext",
            name="statement_names",
            field=models.JSONField(blank=True, default=list),
        ),
        migrations.RunPython(name_shipped_statements, migrations.RunPython.noop),
        migrations.AlterField(
            model_name="consent",
            name="kind",
            field=models.CharField(
                choices=[
                    ("initial", "Consent"),
                    ("top_up", "Added regions"),
                    ("update", "Changed statements"),
                ],
                default="initial",
                max_length=10,
            ),
        ),
    ]
