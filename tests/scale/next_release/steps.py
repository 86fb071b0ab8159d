"""What the next release migrates: locked tables and locked rows, for which all locks used to come off."""

import time

from django.db import migrations, models

from clinic.locks.rewriting import change_locked_rows

WHY = "The next release stores it otherwise."
# Long enough for people to write, and for somebody to attack, in its middle.
SECONDS = 1


def stored_anew(apps, schema_editor) -> dict[str, int]:
    sessions = apps.get_model("treatments", "NeedlingSession").objects.exclude(signed_at=None)
    # as they are, so that their seals hold: a lock refuses every update
    changed = sessions.update(billing_reason=models.F("billing_reason"))
    time.sleep(SECONDS)
    return {"treatments_needlingsession": changed}


def after(leaf: str) -> dict[str, migrations.Migration]:
    """{name: migration} behind the last one of the treatments."""
    found = {}
    for name, operations in STEPS.items():
        attributes = {"dependencies": [("treatments", leaf)], "operations": operations}
        found[name] = type("Migration", (migrations.Migration,), attributes)(name, "treatments")
        leaf = name
    return found


STEPS = {
    "9998_a_session_says_more": [
        migrations.AddField("needlingsession", "next_note", models.TextField(null=True)),
        migrations.AddIndex(
            "needlesite", models.Index(fields=["session", "depth_mm"], name="site_by_depth_of_a_drill")
        ),
    ],
    "9999_signed_notes_are_stored_anew": [change_locked_rows(WHY, stored_anew, stored_anew)],
}
