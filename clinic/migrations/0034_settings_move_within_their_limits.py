"""Numbers of the settings that lie beyond their limits are set to the nearest, so that the limits can hold."""

import re

from django.db import migrations

PRACTICE = {
    "screening_months": (1, 24), "consent_months": (1, 60), "call_attempts": (1, 10),
    "soreness_high_first": (1, 10), "soreness_high_later": (1, 10), "meaningful_change": (1, 10),
    "sign_reauth_minutes": (0, 720), "idle_lock_minutes": (1, 60), "one_time_password_hours": (1, 168),
    "visit_minutes": (5, 480), "unsigned_nag_hours": (1, 720), "unsigned_lead_hours": (1, 720),
    "cosign_days": (1, 90), "credential_reminder_days": (1, 365), "retention_years": (1, 100),
    "retention_minor_age": (18, 40),
}  # fmt: skip
CREDENTIAL = {"hours": (1, 5000), "sessions": (1, 5000)}
STATE_RULES = {
    "max_dwell_seconds": (0, 7200), "hours_prerequisite": (1, 5000), "hours_didactic": (1, 5000),
    "hours_practicum": (1, 5000), "hours_total": (1, 5000), "supervised_sessions": (1, 5000),
    "min_licence_months": (1, 600), "direct_access_notice_days": (1, 366),
    "no_improvement_visits": (1, 366), "no_improvement_days": (1, 366), "adverse_event_report_days": (1, 366),
}  # fmt: skip
TABLES = {"practice": PRACTICE, "credential": CREDENTIAL, "jurisdiction": STATE_RULES}
TEXTS = {"name": "Our practice", "needle_stock": "0.25x30,0.30x40,0.30x50,0.30x60", "followup_hours": "24,72",
         "emergency_number": "911"}  # fmt: skip
HOURS = re.compile(r"(?:[01]\d|2[0-3]):[0-5]\d-(?:[01]\d|2[0-3]):[0-5]\d")


def move_within(apps, schema_editor):
    for table, limits in TABLES.items():
        rows = apps.get_model("clinic", table).objects
        for name, (low, high) in limits.items():
            rows.filter(**{f"{name}__lt": low}).update(**{name: low})
            rows.filter(**{f"{name}__gt": high}).update(**{name: high})
    practice = apps.get_model("clinic", "practice").objects
    for name, usual in TEXTS.items():
        practice.filter(**{name: ""}).update(**{name: usual})
    for pk, hours in practice.values_list("pk", "followup_open_hours"):
        if not HOURS.fullmatch(hours) or hours[:5] >= hours[-5:]:
            practice.filter(pk=pk).update(followup_open_hours="08:00-20:00")


class Migration(migrations.Migration):
    dependencies = [("clinic", "0033_an_owner_comes_in_by_a_link")]

    operations = [migrations.RunPython(move_within, migrations.RunPython.noop)]
