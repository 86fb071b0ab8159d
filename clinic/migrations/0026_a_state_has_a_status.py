"""A state allows needling, is silent, bars it or allows it later; and what was found stands beside it."""

from django.db import migrations, models

STATUSES = [
    ("allowed", "Allowed"),
    ("silent", "The law is silent"),
    ("barred", "Not permitted"),
    ("later", "Allowed later"),
]
KINDS = [
    ("law", "Text of the law or rule, in a stored copy"),
    ("board", "The board or authority, in a stored copy"),
    ("summary", "Summaries by others"),
]
TEXTS = ("consent_contents", "training_kinds", "registration", "searched_in")


def forth(apps, schema_editor):
    states = apps.get_model("clinic", "Jurisdiction").objects
    states.filter(allowed=True).update(status="allowed")
    states.filter(allowed=False).update(status="barred")


def back(apps, schema_editor):
    states = apps.get_model("clinic", "Jurisdiction").objects
    states.filter(status="allowed").update(allowed=True)
    states.filter(status__in=("barred", "later")).update(allowed=False)


class Migration(migrations.Migration):
    dependencies = [("clinic", "0023_code_sets_have_years")]

    operations = [
        migrations.AddField(
            "jurisdiction",
            "status",
            models.CharField(choices=STATUSES, default="silent", max_length=10),
        ),
        migrations.RunPython(forth, back),
        migrations.RemoveField("jurisdiction", "allowed"),
        *(
            migrations.AddField("jurisdiction", name, models.TextField(blank=True, default=""))
            for name in TEXTS
        ),
        migrations.AddField(
            "jurisdiction",
            "source_kind",
            models.CharField(blank=True, choices=KINDS, default="", max_length=10),
        ),
    ]
