import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("treatments", "0018_a_call_is_made_again_at_a_time"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="adverseevent",
            name="closing_note",
            field=models.TextField(blank=True, max_length=10000),
        ),
        migrations.AddField(
            model_name="adverseevent",
            name="reported_on",
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="adverseevent",
            name="reported_to",
            field=models.CharField(blank=True, max_length=120),
        ),
        migrations.AddField(
            model_name="adverseevent",
            name="withdrawn_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="adverseevent",
            name="withdrawn_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="adverseevent",
            name="withdrawn_reason",
            field=models.TextField(blank=True, max_length=10000),
        ),
        migrations.AlterField(
            model_name="adverseevent",
            name="outcome",
            field=models.CharField(
                choices=[
                    ("resolved", "Resolved"),
                    ("recovering", "Recovering"),
                    ("ongoing", "Ongoing"),
                    ("sequelae", "Lasting effects"),
                    ("fatal", "Patient died"),
                    ("unknown", "Not known"),
                ],
                default="unknown",
                max_length=10,
            ),
        ),
        migrations.AddIndex(
            model_name="adverseevent",
            index=models.Index(fields=["noted_at"], name="adverseevent_noted"),
        ),
        migrations.AddIndex(
            model_name="adverseevent",
            index=models.Index(
                condition=models.Q(("closed_at", None), ("withdrawn_at", None)),
                fields=["severity"],
                name="adverseevent_open",
            ),
        ),
        migrations.AddConstraint(
            model_name="adverseevent",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("withdrawn_at__isnull", False), ("withdrawn_by__isnull", False)),
                    models.Q(("withdrawn_at__isnull", True), ("withdrawn_by__isnull", True)),
                    _connector="OR",
                ),
                name="treatments_adverseevent_withdrawn_is_whole",
                violation_error_message="Who and when belong together for “entered in error”.",
            ),
        ),
        migrations.AddConstraint(
            model_name="adverseevent",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("reported_at", None), ("reported_on", None), ("reported_to", "")),
                    models.Q(
                        ("reported_at__isnull", False),
                        ("reported_on__isnull", False),
                        models.Q(("reported_to", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="adverseevent_report_says_to_whom_and_when",
            ),
        ),
        migrations.AddConstraint(
            model_name="adverseevent",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("closed_at", None), ("closing_note", "")),
                    models.Q(("closed_at__isnull", False), models.Q(("closing_note", ""), _negated=True)),
                    _connector="OR",
                ),
                name="adverseevent_closes_with_a_note",
            ),
        ),
        migrations.AddConstraint(
            model_name="adverseevent",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("withdrawn_at", None), ("withdrawn_reason", "")),
                    models.Q(
                        ("withdrawn_at__isnull", False), models.Q(("withdrawn_reason", ""), _negated=True)
                    ),
                    _connector="OR",
                ),
                name="adverseevent_in_error_says_why",
            ),
        ),
        migrations.AddConstraint(
            model_name="adverseevent",
            constraint=models.CheckConstraint(
                condition=models.Q(("closed_at", None), ("withdrawn_at", None), _connector="OR"),
                name="adverseevent_ends_in_one_way",
            ),
        ),
    ]
