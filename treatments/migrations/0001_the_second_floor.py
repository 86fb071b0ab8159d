import clinic.values.references
import django.db.models.deletion
import django.utils.timezone
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("clinic", "0001_the_ground_floor"),
        ("clinic", "__first__"),
        ("patients", "0001_the_first_floor"),
    ]

    operations = [
        migrations.CreateModel(
            name="AdverseEventKind",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.CharField(max_length=60, unique=True)),
                ("position", models.PositiveIntegerField(default=0)),
                ("source", models.TextField()),
                ("retired_at", models.DateTimeField(blank=True, null=True)),
                ("name", models.CharField(max_length=120)),
                ("category", models.CharField(max_length=60)),
                ("usual_severity", models.PositiveIntegerField(default=1)),
                ("red_flag", models.BooleanField(default=False)),
                ("icd10", models.CharField(blank=True, max_length=12)),
                ("guidance", models.TextField(blank=True)),
            ],
            options={
                "ordering": ["position", "code"],
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="AftercareAdvice",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.CharField(max_length=60, unique=True)),
                ("position", models.PositiveIntegerField(default=0)),
                ("source", models.TextField()),
                ("retired_at", models.DateTimeField(blank=True, null=True)),
                ("text", models.TextField()),
                (
                    "kind",
                    models.CharField(
                        choices=[("do", "Do"), ("expect", "Expect"), ("call", "Call us")], max_length=10
                    ),
                ),
            ],
            options={
                "ordering": ["position", "code"],
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="WarningSign",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.CharField(max_length=60, unique=True)),
                ("position", models.PositiveIntegerField(default=0)),
                ("source", models.TextField()),
                ("retired_at", models.DateTimeField(blank=True, null=True)),
                ("question", models.TextField()),
                ("call_emergency", models.BooleanField(default=False)),
                (
                    "chest",
                    models.BooleanField(default=False, verbose_name="matters after sites over the lung"),
                ),
            ],
            options={
                "ordering": ["position", "code"],
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="FollowUp",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "ref",
                    models.CharField(
                        default=clinic.values.references.record_ref,
                        editable=False,
                        max_length=10,
                        unique=True,
                    ),
                ),
                ("step", models.PositiveIntegerField()),
                ("due_at", models.DateTimeField(db_index=True)),
                ("made_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("claimed_at", models.DateTimeField(blank=True, null=True)),
                ("sent_at", models.DateTimeField(blank=True, null=True)),
                ("attempts", models.PositiveIntegerField(default=0)),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("answered", "Answered"),
                            ("unreachable", "Not reached"),
                            ("declined", "Does not want calls"),
                            ("not_needed", "Not needed"),
                        ],
                        max_length=12,
                    ),
                ),
                ("outcome_reason", models.TextField(blank=True, max_length=10000)),
                ("closed_at", models.DateTimeField(blank=True, null=True)),
                (
                    "assigned_to",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "claimed_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "closed_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "link",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="clinic.patientlink",
                    ),
                ),
            ],
            options={
                "ordering": ["due_at", "pk"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("closed_at", None)), fields=["due_at"], name="followup_open"
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("claimed_at__isnull", False), ("claimed_by__isnull", False)),
                            models.Q(("claimed_at__isnull", True), ("claimed_by__isnull", True)),
                            _connector="OR",
                        ),
                        name="treatments_followup_claimed_is_whole",
                        violation_error_message="Who and when belong together for “claimed”.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("closed_at__isnull", False), ("closed_by__isnull", False)),
                            models.Q(("closed_at__isnull", True), ("closed_by__isnull", True)),
                            _connector="OR",
                        ),
                        name="treatments_followup_closed_is_whole",
                        violation_error_message="Who and when belong together for “closed”.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("closed_at", None), ("outcome", "")),
                            models.Q(("closed_at__isnull", False), models.Q(("outcome", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="followup_closes_with_an_outcome",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ContactAttempt",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "result",
                    models.CharField(
                        choices=[
                            ("spoke", "Spoke"),
                            ("voicemail", "Left a voicemail"),
                            ("no_answer", "No answer"),
                            ("wrong_number", "Wrong number"),
                        ],
                        max_length=12,
                    ),
                ),
                ("note", models.TextField(blank=True, max_length=10000)),
                ("made_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "made_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "followup",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="contacts",
                        to="treatments.followup",
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="Muscle",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.CharField(max_length=60, unique=True)),
                ("position", models.PositiveIntegerField(default=0)),
                ("source", models.TextField()),
                ("retired_at", models.DateTimeField(blank=True, null=True)),
                ("name", models.CharField(max_length=120)),
                ("group", models.CharField(max_length=40)),
                ("hazards", models.JSONField(blank=True, default=list)),
                (
                    "side_policy",
                    models.CharField(
                        choices=[("paired", "Left or right"), ("paired_midline", "Left, right or midline")],
                        default="paired",
                        max_length=20,
                    ),
                ),
                ("length_min_mm", models.PositiveIntegerField(blank=True, null=True)),
                ("length_max_mm", models.PositiveIntegerField(blank=True, null=True)),
                ("gauge_mm", models.DecimalField(blank=True, decimal_places=2, max_digits=3, null=True)),
                ("usual_depth_mm", models.PositiveIntegerField(blank=True, null=True)),
                ("depth_limit_mm", models.PositiveIntegerField(blank=True, null=True)),
                (
                    "limit_approved_by",
                    models.CharField(blank=True, max_length=120, verbose_name="limit approved by"),
                ),
                (
                    "limit_approved_on",
                    models.DateField(blank=True, null=True, verbose_name="limit approved on"),
                ),
                ("angle_note", models.TextField(blank=True)),
                (
                    "default_status",
                    models.CharField(
                        choices=[
                            ("usual", "Usual"),
                            ("advanced", "Advanced"),
                            ("not_recommended", "Not recommended"),
                            ("contraindicated", "Do not needle"),
                        ],
                        default="usual",
                        max_length=20,
                    ),
                ),
                ("billing_key", models.CharField(max_length=60)),
                ("heads", models.CharField(blank=True, max_length=200)),
                ("note", models.TextField(blank=True)),
                ("regions", models.ManyToManyField(related_name="muscles", to="clinic.bodyregion")),
            ],
            options={
                "ordering": ["position", "code"],
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="NeedlingSession",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "ref",
                    models.CharField(
                        default=clinic.values.references.record_ref,
                        editable=False,
                        max_length=10,
                        unique=True,
                    ),
                ),
                ("consent_confirmed_at", models.DateTimeField(blank=True, null=True)),
                (
                    "access",
                    models.CharField(
                        choices=[("direct", "Direct access"), ("referral", "Referral")],
                        default="direct",
                        max_length=10,
                    ),
                ),
                ("visit_number", models.PositiveIntegerField(default=1)),
                ("opened_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("started_at", models.DateTimeField(blank=True, db_index=True, null=True)),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                (
                    "position",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("prone", "Face down"),
                            ("supine", "Face up"),
                            ("side_left", "Lying on the left side"),
                            ("side_right", "Lying on the right side"),
                            ("seated", "Seated"),
                            ("other", "Other"),
                        ],
                        max_length=12,
                    ),
                ),
                (
                    "skin_prep",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("alcohol", "Alcohol wipe"),
                            ("chlorhexidine", "Chlorhexidine"),
                            ("soap", "Soap and water"),
                            ("none", "None"),
                        ],
                        max_length=15,
                    ),
                ),
                ("needles_opened", models.PositiveIntegerField(blank=True, null=True)),
                ("needles_unused", models.PositiveIntegerField(blank=True, null=True)),
                ("needles_out", models.PositiveIntegerField(blank=True, null=True)),
                ("needles_counted_at", models.DateTimeField(blank=True, null=True)),
                (
                    "tolerance",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("well", "Tolerated well, no adverse event"),
                            ("sore", "Sore during treatment"),
                            ("faint", "Dizzy or faint"),
                            ("stopped", "Stopped early"),
                            ("event", "Adverse event"),
                        ],
                        max_length=10,
                    ),
                ),
                ("tolerance_detail", models.TextField(blank=True, max_length=10000)),
                (
                    "other_care",
                    models.TextField(blank=True, max_length=10000, verbose_name="other treatment given"),
                ),
                ("note", models.TextField(blank=True, max_length=10000)),
                ("plan", models.TextField(blank=True, max_length=10000)),
                ("next_visit_on", models.DateField(blank=True, null=True)),
                ("billing_code", models.CharField(blank=True, max_length=5)),
                ("billing_reason", models.TextField(blank=True, max_length=1000)),
                ("billing_muscles", models.PositiveIntegerField(blank=True, null=True)),
                ("billing_override_reason", models.TextField(blank=True, max_length=1000)),
                ("identity_checked_at", models.DateTimeField(blank=True, null=True)),
                ("late_entry_reason", models.TextField(blank=True, max_length=10000)),
                ("signed_at", models.DateTimeField(blank=True, null=True)),
                ("voided_at", models.DateTimeField(blank=True, null=True)),
                ("closed_unsigned_at", models.DateTimeField(blank=True, null=True)),
                ("close_reason", models.TextField(blank=True, max_length=10000)),
                (
                    "closed_unsigned_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "consent",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="patients.consent",
                    ),
                ),
                (
                    "consent_confirmed_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "episode",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="sessions",
                        to="patients.episode",
                    ),
                ),
                (
                    "identity_checked_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "jurisdiction",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="clinic.jurisdiction"),
                ),
                (
                    "location",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="clinic.location"),
                ),
                (
                    "needles_counted_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "opened_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "patient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="sessions",
                        to="patients.patient",
                    ),
                ),
                (
                    "referral",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="patients.referral",
                    ),
                ),
                (
                    "screening",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="patients.screening",
                    ),
                ),
                (
                    "signed_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "supervisor",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="supervised_sessions",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "therapist",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="sessions",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "visit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="sessions",
                        to="patients.visit",
                    ),
                ),
                (
                    "visit_screening",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="patients.screening",
                    ),
                ),
                (
                    "voided_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-opened_at", "-pk"],
                "indexes": [
                    models.Index(fields=["patient", "-opened_at"], name="treatments__patient_5525ba_idx"),
                    models.Index(
                        condition=models.Q(
                            ("closed_unsigned_at", None), ("signed_at", None), ("voided_at", None)
                        ),
                        fields=["therapist", "opened_at"],
                        name="session_drafts",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("signed_at__isnull", False), ("signed_by__isnull", False)),
                            models.Q(("signed_at__isnull", True), ("signed_by__isnull", True)),
                            _connector="OR",
                        ),
                        name="treatments_needlingsession_signed_is_whole",
                        violation_error_message="Who and when belong together for “signature”.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("voided_at__isnull", False), ("voided_by__isnull", False)),
                            models.Q(("voided_at__isnull", True), ("voided_by__isnull", True)),
                            _connector="OR",
                        ),
                        name="treatments_needlingsession_voided_is_whole",
                        violation_error_message="Who and when belong together for “voided”.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("closed_unsigned_at__isnull", False), ("closed_unsigned_by__isnull", False)
                            ),
                            models.Q(
                                ("closed_unsigned_at__isnull", True), ("closed_unsigned_by__isnull", True)
                            ),
                            _connector="OR",
                        ),
                        name="treatments_needlingsession_closed_unsigned_is_whole",
                        violation_error_message="Who and when belong together for “closed unsigned”.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("identity_checked_at__isnull", False), ("identity_checked_by__isnull", False)
                            ),
                            models.Q(
                                ("identity_checked_at__isnull", True), ("identity_checked_by__isnull", True)
                            ),
                            _connector="OR",
                        ),
                        name="treatments_needlingsession_identity_checked_is_whole",
                        violation_error_message="Who and when belong together for “identity checked”.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("consent_confirmed_at__isnull", False),
                                ("consent_confirmed_by__isnull", False),
                            ),
                            models.Q(
                                ("consent_confirmed_at__isnull", True), ("consent_confirmed_by__isnull", True)
                            ),
                            _connector="OR",
                        ),
                        name="treatments_needlingsession_consent_confirmed_is_whole",
                        violation_error_message="Who and when belong together for “consent confirmed”.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("needles_counted_at__isnull", False), ("needles_counted_by__isnull", False)
                            ),
                            models.Q(
                                ("needles_counted_at__isnull", True), ("needles_counted_by__isnull", True)
                            ),
                            _connector="OR",
                        ),
                        name="treatments_needlingsession_needles_counted_is_whole",
                        violation_error_message="Who and when belong together for “needles counted”.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ended_at", None),
                            models.Q(
                                ("ended_at__gte", models.F("started_at")), ("started_at__isnull", False)
                            ),
                            _connector="OR",
                        ),
                        name="session_ends_after_it_starts",
                        violation_error_message="The session ends after it starts. Check both times.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("signed_at", None), ("voided_at", None)),
                            models.Q(("closed_unsigned_at", None), ("signed_at", None)),
                            models.Q(("closed_unsigned_at", None), ("voided_at", None)),
                            _connector="OR",
                        ),
                        name="session_ends_in_one_way",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("voided_at", None)),
                        fields=("visit", "therapist"),
                        name="session_stands_once_per_visit_and_therapist",
                        violation_error_message="You already have a session for this visit. Open that one.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="NeedleSite",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.UUIDField(default=uuid.uuid4)),
                ("number", models.PositiveIntegerField()),
                ("unlisted_name", models.CharField(blank=True, max_length=120)),
                ("sub_site", models.CharField(blank=True, max_length=120)),
                (
                    "side",
                    models.CharField(
                        choices=[("left", "Left"), ("right", "Right"), ("midline", "Midline")], max_length=8
                    ),
                ),
                (
                    "tissue",
                    models.CharField(
                        choices=[
                            ("muscle", "Muscle"),
                            ("trigger_point", "Trigger point"),
                            ("connective", "Connective tissue"),
                            ("fascia", "Fascia"),
                            ("skin", "Skin"),
                        ],
                        default="trigger_point",
                        max_length=15,
                    ),
                ),
                (
                    "technique",
                    models.CharField(
                        choices=[
                            ("in_out", "In and out"),
                            ("piston", "Pistoning"),
                            ("winding", "Winding"),
                            ("static", "Left in"),
                            ("fanning", "Fanning"),
                            ("periosteal", "Periosteal pecking"),
                            ("stimulated", "Left in with stimulation"),
                        ],
                        max_length=12,
                    ),
                ),
                ("brand", models.CharField(blank=True, max_length=60)),
                ("lot", models.CharField(blank=True, max_length=60)),
                ("needle_expires_on", models.DateField(blank=True, null=True)),
                ("gauge_mm", models.DecimalField(decimal_places=2, max_digits=3)),
                ("length_mm", models.PositiveIntegerField()),
                ("depth_mm", models.PositiveIntegerField(blank=True, null=True)),
                (
                    "depth_class",
                    models.CharField(
                        blank=True, choices=[("superficial", "Superficial"), ("deep", "Deep")], max_length=12
                    ),
                ),
                ("direction", models.CharField(blank=True, max_length=120)),
                ("needles", models.PositiveIntegerField()),
                ("insertions", models.PositiveIntegerField()),
                ("twitches", models.PositiveIntegerField(verbose_name="local twitch responses")),
                ("twitch_exhausted", models.BooleanField(blank=True, null=True)),
                ("manipulation_seconds", models.PositiveIntegerField(blank=True, null=True)),
                ("dwell_seconds", models.PositiveIntegerField(blank=True, null=True)),
                ("needle_in_at", models.DateTimeField(blank=True, null=True)),
                ("needle_out_at", models.DateTimeField(blank=True, null=True)),
                ("stimulation_device", models.CharField(blank=True, max_length=60)),
                (
                    "stimulation_hz",
                    models.DecimalField(blank=True, decimal_places=1, max_digits=6, null=True),
                ),
                ("stimulation_us", models.PositiveIntegerField(blank=True, null=True)),
                (
                    "stimulation_ma",
                    models.DecimalField(blank=True, decimal_places=2, max_digits=5, null=True),
                ),
                ("stimulation_seconds", models.PositiveIntegerField(blank=True, null=True)),
                ("taut_band", models.BooleanField(blank=True, null=True)),
                ("nodule", models.BooleanField(blank=True, null=True)),
                ("referral_reproduced", models.BooleanField(blank=True, null=True)),
                ("pain_during", models.PositiveSmallIntegerField(blank=True, null=True)),
                (
                    "bleeding",
                    models.CharField(
                        blank=True,
                        choices=[("none", "None"), ("spot", "A spot"), ("minute", "A minute or more")],
                        max_length=8,
                    ),
                ),
                ("haemostasis", models.CharField(blank=True, max_length=120)),
                ("tolerance", models.CharField(blank=True, max_length=200)),
                ("note", models.TextField(blank=True, max_length=10000)),
                ("added_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("struck_at", models.DateTimeField(blank=True, null=True)),
                (
                    "added_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "muscle",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="treatments.muscle",
                    ),
                ),
                (
                    "region",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="clinic.bodyregion",
                    ),
                ),
                (
                    "struck_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "session",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="sites",
                        to="treatments.needlingsession",
                    ),
                ),
            ],
            options={
                "ordering": ["number"],
                "indexes": [
                    models.Index(
                        condition=models.Q(
                            ("needle_in_at__isnull", False), ("needle_out_at", None), ("struck_at", None)
                        ),
                        fields=["needle_in_at"],
                        name="site_needle_is_in",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("struck_at__isnull", False), ("struck_by__isnull", False)),
                            models.Q(("struck_at__isnull", True), ("struck_by__isnull", True)),
                            _connector="OR",
                        ),
                        name="treatments_needlesite_struck_is_whole",
                        violation_error_message="Who and when belong together for “struck”.",
                    ),
                    models.UniqueConstraint(fields=("session", "key"), name="site_arrives_once"),
                    models.UniqueConstraint(fields=("session", "number"), name="site_number_is_never_reused"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("muscle__isnull", False), ("unlisted_name", "")),
                            models.Q(("muscle", None), models.Q(("unlisted_name", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="site_has_one_muscle",
                        violation_error_message="Choose a muscle from the list, or write its name; not both.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("side__in", ["left", "right", "midline"])),
                        name="site_has_a_side",
                        violation_error_message="Choose left, right or midline.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("gauge_mm__gte", "0.10"),
                            ("gauge_mm__lte", "0.90"),
                            ("length_mm__gte", 5),
                            ("length_mm__lte", 150),
                        ),
                        name="site_needle_exists",
                        violation_error_message="A filiform needle is 0.10 to 0.90 mm thick and 5 to 150 mm long.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("depth_mm", None), ("depth_mm__lte", models.F("length_mm")), _connector="OR"
                        ),
                        name="site_depth_is_within_the_needle",
                        violation_error_message="The depth cannot be more than the needle's length.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("insertions__gte", 1),
                            ("insertions__lte", 99),
                            ("needles__gte", 1),
                            ("needles__lte", 99),
                            ("twitches__lte", 99),
                        ),
                        name="site_counts_are_possible",
                        violation_error_message="Insertions and needles go from 1 to 99, twitches from 0 to 99.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("needle_out_at", None),
                            models.Q(
                                ("needle_in_at__isnull", False),
                                ("needle_out_at__gte", models.F("needle_in_at")),
                            ),
                            _connector="OR",
                        ),
                        name="site_needle_comes_out_after_it_goes_in",
                        violation_error_message="The needle comes out after it goes in. Check both times.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("dwell_seconds", None), ("dwell_seconds__lte", 14400), _connector="OR"
                        ),
                        name="site_dwell_is_under_four_hours",
                        violation_error_message="Needles stay in for less than four hours. Check the minutes.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("pain_during", None), ("pain_during__lte", 10), _connector="OR"),
                        name="site_pain_is_0_to_10",
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="followup",
            name="session",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="followups",
                to="treatments.needlingsession",
            ),
        ),
        migrations.CreateModel(
            name="ErrorMark",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("reason", models.TextField(max_length=10000)),
                ("marked_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "marked_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "session",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="error_mark",
                        to="treatments.needlingsession",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="DraftEvent",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("client_id", models.UUIDField()),
                ("seq", models.PositiveIntegerField()),
                ("field", models.CharField(max_length=60)),
                ("site_key", models.UUIDField(blank=True, null=True)),
                ("part", models.CharField(blank=True, max_length=40)),
                ("base_version", models.BigIntegerField(default=0)),
                ("old", models.JSONField(null=True)),
                ("new", models.JSONField(null=True)),
                (
                    "origin",
                    models.CharField(
                        choices=[
                            ("typed", "Typed"),
                            ("tapped", "Tapped"),
                            ("adopted", "Taken from an earlier session"),
                            ("proposed", "Proposed and confirmed"),
                            ("timer", "From the timer"),
                            ("patient", "From the patient"),
                        ],
                        default="typed",
                        max_length=10,
                    ),
                ),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "adopted_from",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="treatments.needlingsession",
                    ),
                ),
                (
                    "session",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="events",
                        to="treatments.needlingsession",
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
                "indexes": [
                    models.Index(
                        fields=["session", "field", "site_key", "part"], name="treatments__session_ca0253_idx"
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("session", "client_id", "seq"), name="draftevent_arrives_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="CoSignature",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("digest", models.CharField(max_length=64)),
                ("statement", models.TextField(blank=True, max_length=10000)),
                ("signed_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "signed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "session",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="cosignature",
                        to="treatments.needlingsession",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Aftercare",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("text", models.TextField()),
                ("handout_version", models.CharField(blank=True, max_length=40)),
                ("given_at", models.DateTimeField(blank=True, null=True)),
                (
                    "given_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "item",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="treatments.aftercareadvice",
                    ),
                ),
                (
                    "session",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="aftercare",
                        to="treatments.needlingsession",
                    ),
                ),
            ],
            options={
                "ordering": ["item__position", "pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("given_at__isnull", False), ("given_by__isnull", False)),
                            models.Q(("given_at__isnull", True), ("given_by__isnull", True)),
                            _connector="OR",
                        ),
                        name="treatments_aftercare_given_is_whole",
                        violation_error_message="Who and when belong together for “given”.",
                    ),
                    models.UniqueConstraint(fields=("session", "item"), name="aftercare_item_stands_once"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Addendum",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("addendum", "Addendum"),
                            ("late_entry", "Late entry"),
                            ("patient_request", "Patient's request to amend"),
                        ],
                        default="addendum",
                        max_length=16,
                    ),
                ),
                ("reason", models.CharField(max_length=300)),
                ("text", models.TextField(max_length=10000)),
                ("written_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "written_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "session",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="addenda",
                        to="treatments.needlingsession",
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "addenda",
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="OutcomeScore",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("instrument", models.CharField(max_length=20)),
                ("side", models.CharField(blank=True, max_length=8)),
                ("scored_on", models.DateField()),
                ("value", models.DecimalField(decimal_places=2, max_digits=6)),
                ("noted_at", models.DateTimeField(auto_now_add=True)),
                (
                    "condition",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="scores",
                        to="patients.patientcondition",
                    ),
                ),
                (
                    "episode",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="scores",
                        to="patients.episode",
                    ),
                ),
                (
                    "noted_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Override",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("rule", models.CharField(max_length=60)),
                ("reason", models.TextField(max_length=10000)),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "session",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="overrides",
                        to="treatments.needlingsession",
                    ),
                ),
                (
                    "site",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="overrides",
                        to="treatments.needlesite",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Seal",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("version", models.PositiveIntegerField()),
                ("text", models.TextField()),
                ("digest", models.CharField(max_length=64)),
                ("sealed_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "sealed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "session",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="seal",
                        to="treatments.needlingsession",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="SessionCondition",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=200)),
                (
                    "side",
                    models.CharField(
                        choices=[("left", "Left"), ("right", "Right"), ("midline", "Midline")], max_length=8
                    ),
                ),
                ("icd10", models.CharField(blank=True, max_length=10)),
                ("code_set_year", models.PositiveIntegerField(blank=True, null=True)),
                ("pain_before", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("pain_after", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("not_asked_before", models.CharField(blank=True, max_length=200)),
                ("not_asked_after", models.CharField(blank=True, max_length=200)),
                ("removed_at", models.DateTimeField(blank=True, null=True)),
                (
                    "patient_condition",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="patients.patientcondition",
                    ),
                ),
                (
                    "removed_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "session",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="conditions",
                        to="treatments.needlingsession",
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("removed_at__isnull", False), ("removed_by__isnull", False)),
                            models.Q(("removed_at__isnull", True), ("removed_by__isnull", True)),
                            _connector="OR",
                        ),
                        name="treatments_sessioncondition_removed_is_whole",
                        violation_error_message="Who and when belong together for “removed”.",
                    ),
                    models.UniqueConstraint(
                        fields=("session", "patient_condition"), name="sessioncondition_stands_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("pain_before", None), ("pain_before__lte", 10), _connector="OR"),
                        name="pain_before_is_0_to_10",
                        violation_error_message="Choose a number from 0 to 10.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("pain_after", None), ("pain_after__lte", 10), _connector="OR"),
                        name="pain_after_is_0_to_10",
                        violation_error_message="Choose a number from 0 to 10.",
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="needlesite",
            name="session_condition",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="sites",
                to="treatments.sessioncondition",
            ),
        ),
        migrations.CreateModel(
            name="Measurement",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("rom", "Range of movement"),
                            ("tone", "Muscle tone"),
                            ("ppt", "Pressure pain threshold"),
                        ],
                        max_length=5,
                    ),
                ),
                ("joint", models.CharField(blank=True, max_length=40)),
                ("motion", models.CharField(blank=True, max_length=40)),
                ("active", models.BooleanField(default=True)),
                ("scale", models.CharField(blank=True, max_length=60)),
                (
                    "side",
                    models.CharField(
                        choices=[("left", "Left"), ("right", "Right"), ("midline", "Midline")], max_length=8
                    ),
                ),
                ("before", models.DecimalField(blank=True, decimal_places=2, max_digits=6, null=True)),
                ("after", models.DecimalField(blank=True, decimal_places=2, max_digits=6, null=True)),
                ("unit", models.CharField(blank=True, max_length=20)),
                ("device", models.CharField(blank=True, max_length=60)),
                ("position", models.CharField(blank=True, max_length=60)),
                ("pain_at_end", models.BooleanField(default=False)),
                ("reference", models.CharField(blank=True, max_length=120)),
                ("struck_at", models.DateTimeField(blank=True, null=True)),
                (
                    "struck_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "muscle",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="treatments.muscle",
                    ),
                ),
                (
                    "session",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="measurements",
                        to="treatments.needlingsession",
                    ),
                ),
                (
                    "session_condition",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="measurements",
                        to="treatments.sessioncondition",
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("struck_at__isnull", False), ("struck_by__isnull", False)),
                            models.Q(("struck_at__isnull", True), ("struck_by__isnull", True)),
                            _connector="OR",
                        ),
                        name="treatments_measurement_struck_is_whole",
                        violation_error_message="Who and when belong together for “struck”.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="SorenessReport",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "source",
                    models.CharField(
                        choices=[("staff", "Asked by staff"), ("link", "Answered by the patient by link")],
                        default="staff",
                        max_length=5,
                    ),
                ),
                ("reported_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("now", models.PositiveSmallIntegerField(verbose_name="soreness now")),
                (
                    "worst",
                    models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="worst soreness"),
                ),
                (
                    "hours",
                    models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="hours it lasted"),
                ),
                ("still_sore", models.BooleanField(blank=True, null=True)),
                ("original_pain", models.PositiveSmallIntegerField(blank=True, null=True)),
                (
                    "course",
                    models.CharField(
                        blank=True,
                        choices=[("better", "Better"), ("same", "The same"), ("worse", "Worse")],
                        max_length=6,
                    ),
                ),
                (
                    "bruise",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("none", "None"),
                            ("small", "Smaller than a coin"),
                            ("large", "Larger than a coin"),
                        ],
                        max_length=5,
                    ),
                ),
                ("drank_water", models.BooleanField(blank=True, null=True)),
                ("kept_moving", models.BooleanField(blank=True, null=True)),
                ("took_painkiller", models.BooleanField(blank=True, null=True)),
                ("warning_signs", models.JSONField(default=list)),
                ("wants_call", models.BooleanField(default=False)),
                (
                    "triage",
                    models.CharField(
                        choices=[
                            ("expected", "Within what is expected"),
                            ("talk", "A therapist should talk with the patient"),
                            ("urgent", "Warning sign"),
                        ],
                        max_length=8,
                    ),
                ),
                ("note", models.TextField(blank=True, max_length=10000)),
                (
                    "followup",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reports",
                        to="treatments.followup",
                    ),
                ),
                (
                    "reported_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "supersedes",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="superseded_by",
                        to="treatments.sorenessreport",
                    ),
                ),
            ],
            options={
                "ordering": ["-reported_at", "-pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("now__lte", 10), models.Q(("worst", None), ("worst__lte", 10), _connector="OR")
                        ),
                        name="soreness_is_0_to_10",
                        violation_error_message="Choose a number from 0 to 10.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("worst", None), ("worst__gte", models.F("now")), _connector="OR"),
                        name="soreness_worst_is_not_below_now",
                        violation_error_message="The worst soreness cannot be below the soreness now.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("original_pain", None), ("original_pain__lte", 10), _connector="OR"
                        ),
                        name="original_pain_is_0_to_10",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("reported_by", None), ("source", "link")),
                            models.Q(("reported_by__isnull", False), ("source", "staff")),
                            _connector="OR",
                        ),
                        name="soreness_says_who_reported",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="RedFlag",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("raised_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("action", models.TextField(blank=True, max_length=10000)),
                ("acknowledged_at", models.DateTimeField(blank=True, null=True)),
                (
                    "acknowledged_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "therapist",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="red_flags",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "report",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="red_flag",
                        to="treatments.sorenessreport",
                    ),
                ),
            ],
            options={
                "ordering": ["raised_at", "pk"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("acknowledged_at", None)),
                        fields=["therapist"],
                        name="redflag_open",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("acknowledged_at__isnull", False), ("acknowledged_by__isnull", False)),
                            models.Q(("acknowledged_at__isnull", True), ("acknowledged_by__isnull", True)),
                            _connector="OR",
                        ),
                        name="treatments_redflag_acknowledged_is_whole",
                        violation_error_message="Who and when belong together for “acknowledged”.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="AdverseEvent",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("severity", models.PositiveSmallIntegerField()),
                (
                    "phase",
                    models.CharField(
                        choices=[
                            ("during", "During treatment"),
                            ("same_day", "The same day"),
                            ("later", "Later"),
                        ],
                        max_length=10,
                    ),
                ),
                ("onset_at", models.DateTimeField(blank=True, null=True)),
                ("detected_by", models.CharField(blank=True, max_length=120)),
                ("action", models.TextField(blank=True, max_length=10000)),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("resolved", "Resolved"),
                            ("recovering", "Recovering"),
                            ("ongoing", "Ongoing"),
                            ("sequelae", "Lasting effects"),
                            ("unknown", "Not known"),
                        ],
                        default="unknown",
                        max_length=10,
                    ),
                ),
                ("notified", models.CharField(blank=True, max_length=300)),
                ("report_due_on", models.DateField(blank=True, null=True)),
                ("noted_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("reported_at", models.DateTimeField(blank=True, null=True)),
                ("closed_at", models.DateTimeField(blank=True, null=True)),
                (
                    "closed_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "noted_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "reported_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "kind",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, to="treatments.adverseeventkind"
                    ),
                ),
                (
                    "site",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="treatments.needlesite",
                    ),
                ),
                (
                    "session",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="adverse_events",
                        to="treatments.needlingsession",
                    ),
                ),
                (
                    "report",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="treatments.sorenessreport",
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("reported_at__isnull", False), ("reported_by__isnull", False)),
                            models.Q(("reported_at__isnull", True), ("reported_by__isnull", True)),
                            _connector="OR",
                        ),
                        name="treatments_adverseevent_reported_is_whole",
                        violation_error_message="Who and when belong together for “reported”.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("closed_at__isnull", False), ("closed_by__isnull", False)),
                            models.Q(("closed_at__isnull", True), ("closed_by__isnull", True)),
                            _connector="OR",
                        ),
                        name="treatments_adverseevent_closed_is_whole",
                        violation_error_message="Who and when belong together for “closed”.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("severity__lte", 3)), name="adverseevent_severity_is_0_to_3"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SuggestedMuscle",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("rank", models.PositiveIntegerField()),
                ("source", models.TextField()),
                (
                    "condition",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="suggested_muscles",
                        to="patients.condition",
                    ),
                ),
                (
                    "muscle",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="treatments.muscle"
                    ),
                ),
            ],
            options={
                "ordering": ["condition", "rank"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("condition", "muscle"), name="suggestedmuscle_stands_once"
                    )
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="followup",
            constraint=models.UniqueConstraint(fields=("session", "step"), name="followup_step_stands_once"),
        ),
    ]
