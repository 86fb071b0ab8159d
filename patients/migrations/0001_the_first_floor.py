import clinic.values.references
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("clinic", "0001_the_ground_floor"),
        ("clinic", "__first__"),
    ]

    operations = [
        migrations.CreateModel(
            name="Condition",
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
                ("patient_term", models.CharField(max_length=120)),
                (
                    "kind",
                    models.CharField(
                        choices=[("diagnosis", "Condition"), ("impairment", "Impairment")], max_length=10
                    ),
                ),
                ("region", models.CharField(max_length=30)),
                (
                    "side_policy",
                    models.CharField(
                        choices=[
                            ("left_right", "Left or right"),
                            ("left_right_both", "Left, right or both"),
                            ("left_right_midline_both", "Left, right, midline or both"),
                            ("any", "Any"),
                        ],
                        max_length=30,
                    ),
                ),
                ("ambiguous", models.BooleanField(default=False)),
                ("guidance", models.TextField(blank=True)),
            ],
            options={
                "ordering": ["position", "code"],
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="ScreeningItem",
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
                (
                    "kind",
                    models.CharField(
                        choices=[("intake", "Intake questionnaire"), ("visit", "Each visit")], max_length=10
                    ),
                ),
                (
                    "scope",
                    models.CharField(
                        choices=[("patient", "Whole patient"), ("site", "Single sites")], max_length=10
                    ),
                ),
                ("concern_answer", models.CharField(default="yes", max_length=3)),
                (
                    "level",
                    models.CharField(
                        choices=[("clear", "Clear"), ("caution", "Caution"), ("stop", "Stop")], max_length=10
                    ),
                ),
                (
                    "unknown_level",
                    models.CharField(
                        choices=[("clear", "Clear"), ("caution", "Caution"), ("stop", "Stop")],
                        default="caution",
                        max_length=10,
                    ),
                ),
                ("asks_detail", models.BooleanField(default=False)),
                ("asks_regions", models.BooleanField(default=False)),
                ("lowerable", models.BooleanField(default=True)),
                ("group", models.CharField(max_length=60)),
                ("strip_label", models.CharField(blank=True, max_length=40)),
                ("guidance", models.TextField(blank=True)),
            ],
            options={
                "ordering": ["position", "code"],
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Consent",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("text_digest", models.CharField(blank=True, max_length=64)),
                (
                    "kind",
                    models.CharField(
                        choices=[("initial", "Consent"), ("top_up", "Added regions")],
                        default="initial",
                        max_length=10,
                    ),
                ),
                ("regions", models.JSONField(blank=True, default=list)),
                ("statements", models.JSONField(blank=True, default=list)),
                (
                    "signer",
                    models.CharField(
                        choices=[
                            ("patient", "Patient"),
                            ("guardian", "Parent or guardian"),
                            ("representative", "Legal representative"),
                        ],
                        default="patient",
                        max_length=20,
                    ),
                ),
                ("signer_name", models.CharField(max_length=200)),
                ("relationship", models.CharField(blank=True, max_length=60)),
                (
                    "method",
                    models.CharField(
                        choices=[
                            ("drawn", "Drawn"),
                            ("typed", "Typed name"),
                            ("paper", "On paper, on file"),
                            ("spoken", "Said to staff"),
                        ],
                        max_length=10,
                    ),
                ),
                ("signature", models.TextField(blank=True)),
                ("given_at", models.DateTimeField(blank=True, null=True)),
                ("paper_on", models.DateField(blank=True, null=True, verbose_name="signed on paper on")),
                (
                    "paper_place",
                    models.CharField(blank=True, max_length=120, verbose_name="where the paper is kept"),
                ),
                ("refused_at", models.DateTimeField(blank=True, null=True)),
                ("refused_reason", models.TextField(blank=True, max_length=10000)),
                ("expires_on", models.DateField(blank=True, null=True)),
                ("recorded_at", models.DateTimeField(default=django.utils.timezone.now)),
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
                    "parent",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="top_ups",
                        to="patients.consent",
                    ),
                ),
                (
                    "refused_by",
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
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "witness",
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
                "ordering": ["-recorded_at", "-pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("given_at__isnull", False), ("given_by__isnull", False)),
                            models.Q(("given_at__isnull", True), ("given_by__isnull", True)),
                            _connector="OR",
                        ),
                        name="patients_consent_given_is_whole",
                        violation_error_message="Who and when belong together for “given”.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("refused_at__isnull", False), ("refused_by__isnull", False)),
                            models.Q(("refused_at__isnull", True), ("refused_by__isnull", True)),
                            _connector="OR",
                        ),
                        name="patients_consent_refused_is_whole",
                        violation_error_message="Who and when belong together for “refused”.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("given_at__isnull", False), ("refused_at", None)),
                            models.Q(("given_at", None), ("refused_at__isnull", False)),
                            _connector="OR",
                        ),
                        name="consent_is_given_or_refused",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("method", "paper"), _negated=True),
                            ("paper_on__isnull", False),
                            ("given_at", None),
                            _connector="OR",
                        ),
                        name="consent_on_paper_is_dated",
                        violation_error_message="Enter the date on the paper.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ConsentCopy",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "how",
                    models.CharField(
                        choices=[
                            ("printed", "Printed"),
                            ("emailed", "Sent by email"),
                            ("offered", "Offered and declined"),
                        ],
                        max_length=10,
                    ),
                ),
                ("given_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "consent",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="copies",
                        to="patients.consent",
                    ),
                ),
                (
                    "given_by",
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
            name="ConsentText",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("version", models.CharField(max_length=30)),
                ("language", models.CharField(default="en", max_length=10)),
                ("title", models.CharField(max_length=200)),
                ("body", models.TextField()),
                ("statements", models.JSONField(default=list)),
                ("not_acupuncture", models.BooleanField(default=False)),
                ("digest", models.CharField(max_length=64)),
                ("source", models.TextField(blank=True)),
                ("published_at", models.DateTimeField(blank=True, null=True)),
                ("retired_at", models.DateTimeField(blank=True, null=True)),
                (
                    "jurisdiction",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="clinic.jurisdiction",
                    ),
                ),
                (
                    "published_by",
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
                "ordering": ["-published_at", "-pk"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("version", "language"), name="consenttext_version_is_unique"
                    )
                ],
            },
        ),
        migrations.AddField(
            model_name="consent",
            name="text",
            field=models.ForeignKey(
                blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, to="patients.consenttext"
            ),
        ),
        migrations.CreateModel(
            name="ConsentWithdrawal",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("reason", models.TextField(blank=True, max_length=10000)),
                ("withdrawn_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "consent",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="withdrawal",
                        to="patients.consent",
                    ),
                ),
                (
                    "withdrawn_by",
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
            name="DiagnosisFamily",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("variant", models.CharField(max_length=60)),
                ("label", models.CharField(max_length=160)),
                ("code_right", models.CharField(blank=True, max_length=10)),
                ("code_left", models.CharField(blank=True, max_length=10)),
                ("code_both", models.CharField(blank=True, max_length=10)),
                ("code_midline", models.CharField(blank=True, max_length=10)),
                ("code_unspecified", models.CharField(blank=True, max_length=10)),
                ("encounter", models.BooleanField(default=False, verbose_name="has an encounter character")),
                ("is_default", models.BooleanField(default=False)),
                ("code_set_year", models.PositiveIntegerField()),
                ("valid_from", models.DateField(blank=True, null=True)),
                ("valid_to", models.DateField(blank=True, null=True)),
                ("position", models.PositiveIntegerField(default=0)),
                ("source", models.TextField()),
                ("retired_at", models.DateTimeField(blank=True, null=True)),
                (
                    "condition",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="families",
                        to="patients.condition",
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "diagnosis families",
                "ordering": ["condition", "position", "pk"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("condition", "variant"), name="diagnosisfamily_variant_is_unique"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Patient",
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
                        default=clinic.values.references.patient_ref,
                        editable=False,
                        max_length=10,
                        unique=True,
                    ),
                ),
                ("family_name", models.CharField(blank=True, max_length=100)),
                ("given_name", models.CharField(blank=True, max_length=100)),
                ("preferred_name", models.CharField(blank=True, max_length=100)),
                ("name_key", models.CharField(db_index=True, editable=False, max_length=320)),
                ("phone_key", models.CharField(blank=True, db_index=True, editable=False, max_length=20)),
                ("born", models.DateField(db_index=True)),
                (
                    "sex",
                    models.CharField(
                        choices=[
                            ("female", "Female"),
                            ("male", "Male"),
                            ("other", "Other"),
                            ("unknown", "Not known"),
                        ],
                        default="unknown",
                        max_length=10,
                    ),
                ),
                ("gender", models.CharField(blank=True, max_length=60)),
                ("pronouns", models.CharField(blank=True, max_length=40)),
                ("phone", models.CharField(blank=True, max_length=40)),
                ("email", models.EmailField(blank=True, max_length=254)),
                ("address", models.CharField(blank=True, max_length=200)),
                ("city", models.CharField(blank=True, max_length=100)),
                ("state", models.CharField(blank=True, max_length=2)),
                ("postal_code", models.CharField(blank=True, max_length=12)),
                ("language", models.CharField(blank=True, max_length=40)),
                ("external_id", models.CharField(blank=True, db_index=True, max_length=60)),
                ("may_call", models.BooleanField(default=True)),
                ("may_text", models.BooleanField(default=False)),
                ("may_email", models.BooleanField(default=False)),
                ("may_leave_voicemail", models.BooleanField(default=False)),
                ("allergies_none_at", models.DateTimeField(blank=True, null=True)),
                ("medications_none_at", models.DateTimeField(blank=True, null=True)),
                ("deceased_on", models.DateField(blank=True, null=True)),
                ("retention_until", models.DateField(blank=True, null=True)),
                ("legal_hold_at", models.DateTimeField(blank=True, null=True)),
                ("restricted_at", models.DateTimeField(blank=True, null=True)),
                ("merged_at", models.DateTimeField(blank=True, null=True)),
                ("registered_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                (
                    "allergies_none_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "legal_hold_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "medications_none_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "merged_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "merged_into",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="merged_from",
                        to="patients.patient",
                    ),
                ),
                (
                    "registered_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "restricted_by",
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
                "ordering": ["name_key", "pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("legal_hold_at__isnull", False), ("legal_hold_by__isnull", False)),
                            models.Q(("legal_hold_at__isnull", True), ("legal_hold_by__isnull", True)),
                            _connector="OR",
                        ),
                        name="patients_patient_legal_hold_is_whole",
                        violation_error_message="Who and when belong together for “legal hold”.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("restricted_at__isnull", False), ("restricted_by__isnull", False)),
                            models.Q(("restricted_at__isnull", True), ("restricted_by__isnull", True)),
                            _connector="OR",
                        ),
                        name="patients_patient_restricted_is_whole",
                        violation_error_message="Who and when belong together for “restricted”.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("merged_at__isnull", False), ("merged_by__isnull", False)),
                            models.Q(("merged_at__isnull", True), ("merged_by__isnull", True)),
                            _connector="OR",
                        ),
                        name="patients_patient_merged_is_whole",
                        violation_error_message="Who and when belong together for “merged”.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("allergies_none_at__isnull", False), ("allergies_none_by__isnull", False)
                            ),
                            models.Q(
                                ("allergies_none_at__isnull", True), ("allergies_none_by__isnull", True)
                            ),
                            _connector="OR",
                        ),
                        name="patients_patient_allergies_none_is_whole",
                        violation_error_message="Who and when belong together for “allergies none”.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("medications_none_at__isnull", False), ("medications_none_by__isnull", False)
                            ),
                            models.Q(
                                ("medications_none_at__isnull", True), ("medications_none_by__isnull", True)
                            ),
                            _connector="OR",
                        ),
                        name="patients_patient_medications_none_is_whole",
                        violation_error_message="Who and when belong together for “medications none”.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("family_name", ""), _negated=True),
                            models.Q(("given_name", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="patient_has_a_name",
                        violation_error_message="Enter a family name or a given name.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("merged_into", None),
                            models.Q(("merged_into", models.F("id")), _negated=True),
                            _connector="OR",
                        ),
                        name="patient_is_not_merged_into_itself",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="MergeJournal",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("choices", models.JSONField(default=dict)),
                ("reason", models.TextField(blank=True, max_length=10000)),
                ("merged_at", models.DateTimeField(auto_now_add=True)),
                (
                    "merged_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "undoes",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="undone",
                        to="patients.mergejournal",
                    ),
                ),
                (
                    "loser",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="patients.patient"
                    ),
                ),
                (
                    "survivor",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="patients.patient"
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Medication",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=120)),
                ("dose", models.CharField(blank=True, max_length=120)),
                ("thins_blood", models.BooleanField(default=False)),
                ("noted_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                (
                    "ended_by",
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
                    "patient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="medications",
                        to="patients.patient",
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ended_at__isnull", False), ("ended_by__isnull", False)),
                            models.Q(("ended_at__isnull", True), ("ended_by__isnull", True)),
                            _connector="OR",
                        ),
                        name="patients_medication_ended_is_whole",
                        violation_error_message="Who and when belong together for “ended”.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Episode",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "access",
                    models.CharField(
                        choices=[("direct", "Direct access"), ("referral", "Referral")],
                        default="direct",
                        max_length=10,
                    ),
                ),
                ("opened_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("opened_on", models.DateField()),
                ("target_visits", models.PositiveIntegerField(blank=True, null=True)),
                ("visits_before", models.PositiveIntegerField(default=0)),
                ("certified_until", models.DateField(blank=True, null=True)),
                ("discharged_at", models.DateTimeField(blank=True, null=True)),
                ("summary", models.TextField(blank=True, max_length=10000)),
                (
                    "discharged_by",
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
                        related_name="episodes",
                        to="patients.patient",
                    ),
                ),
            ],
            options={
                "ordering": ["-opened_on", "-pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("discharged_at__isnull", False), ("discharged_by__isnull", False)),
                            models.Q(("discharged_at__isnull", True), ("discharged_by__isnull", True)),
                            _connector="OR",
                        ),
                        name="patients_episode_discharged_is_whole",
                        violation_error_message="Who and when belong together for “discharged”.",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("discharged_at", None)),
                        fields=("patient",),
                        name="patient_has_one_open_episode",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Coverage",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("payer", models.CharField(blank=True, max_length=120)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("self_pay", "Self-pay"),
                            ("commercial", "Commercial plan"),
                            ("medicare", "Medicare"),
                            ("medicaid", "Medicaid"),
                            ("workers_comp", "Workers' compensation"),
                            ("other", "Other"),
                        ],
                        max_length=20,
                    ),
                ),
                ("member_id", models.CharField(blank=True, max_length=60)),
                (
                    "notice",
                    models.CharField(
                        choices=[
                            ("none", "None given"),
                            ("voluntary", "Voluntary notice"),
                            ("mandatory", "Mandatory notice"),
                        ],
                        default="none",
                        max_length=10,
                    ),
                ),
                ("notice_signed_on", models.DateField(blank=True, null=True)),
                ("noted_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                (
                    "ended_by",
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
                    "patient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="coverages",
                        to="patients.patient",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ended_at__isnull", False), ("ended_by__isnull", False)),
                            models.Q(("ended_at__isnull", True), ("ended_by__isnull", True)),
                            _connector="OR",
                        ),
                        name="patients_coverage_ended_is_whole",
                        violation_error_message="Who and when belong together for “ended”.",
                    )
                ],
            },
        ),
        migrations.AddField(
            model_name="consent",
            name="patient",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="consents", to="patients.patient"
            ),
        ),
        migrations.CreateModel(
            name="Allergy",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("substance", models.CharField(max_length=120)),
                ("reaction", models.CharField(blank=True, max_length=200)),
                ("noted_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                (
                    "ended_by",
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
                    "patient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="allergies",
                        to="patients.patient",
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ended_at__isnull", False), ("ended_by__isnull", False)),
                            models.Q(("ended_at__isnull", True), ("ended_by__isnull", True)),
                            _connector="OR",
                        ),
                        name="patients_allergy_ended_is_whole",
                        violation_error_message="Who and when belong together for “ended”.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="PatientAccess",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("reason", models.TextField(blank=True, max_length=10000)),
                ("until_at", models.DateTimeField(blank=True, null=True)),
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
                    "patient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="opened_to",
                        to="patients.patient",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("given_at__isnull", False), ("given_by__isnull", False)),
                            models.Q(("given_at__isnull", True), ("given_by__isnull", True)),
                            _connector="OR",
                        ),
                        name="patients_patientaccess_given_is_whole",
                        violation_error_message="Who and when belong together for “given”.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="PatientCondition",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "side",
                    models.CharField(
                        choices=[("left", "Left"), ("right", "Right"), ("midline", "Midline")], max_length=8
                    ),
                ),
                ("icd10", models.CharField(blank=True, max_length=10, verbose_name="ICD-10-CM code")),
                ("code_set_year", models.PositiveIntegerField(blank=True, null=True)),
                (
                    "encounter",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("A", "Active treatment"),
                            ("D", "Healing or recovery"),
                            ("S", "Late effect"),
                        ],
                        max_length=1,
                    ),
                ),
                ("onset_on", models.DateField(blank=True, null=True)),
                (
                    "onset_precision",
                    models.CharField(
                        blank=True,
                        choices=[("day", "Day"), ("month", "Month"), ("year", "Year")],
                        max_length=5,
                    ),
                ),
                (
                    "cause",
                    models.CharField(
                        choices=[
                            ("unknown", "Not known"),
                            ("gradual", "Came on gradually"),
                            ("sport", "Sport"),
                            ("work", "Work"),
                            ("accident", "Accident"),
                            ("surgery", "After an operation"),
                        ],
                        default="unknown",
                        max_length=10,
                    ),
                ),
                ("goal", models.TextField(blank=True, max_length=1000)),
                ("noted_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ("resolved_at", models.DateTimeField(blank=True, null=True)),
                ("resolved_reason", models.TextField(blank=True, max_length=10000)),
                (
                    "condition",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="patients.condition"),
                ),
                (
                    "episode",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="conditions",
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
                (
                    "resolved_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "variant",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="patients.diagnosisfamily",
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("resolved_at__isnull", False), ("resolved_by__isnull", False)),
                            models.Q(("resolved_at__isnull", True), ("resolved_by__isnull", True)),
                            _connector="OR",
                        ),
                        name="patients_patientcondition_resolved_is_whole",
                        violation_error_message="Who and when belong together for “resolved”.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("onset_on", None),
                            models.Q(("onset_precision", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="patientcondition_onset_says_how_exact",
                    ),
                    models.UniqueConstraint(
                        models.F("episode"),
                        models.F("condition"),
                        models.F("side"),
                        models.F("icd10"),
                        condition=models.Q(("resolved_at", None)),
                        name="patientcondition_stands_once",
                        violation_error_message="This condition is already recorded for that side.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PatientKey",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("kind", models.CharField(max_length=8)),
                ("value", models.CharField(max_length=80)),
                (
                    "patient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="keys",
                        to="patients.patient",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        fields=["kind", "value"],
                        name="patientkey_begins",
                        opclasses=["varchar_pattern_ops", "varchar_pattern_ops"],
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("patient", "kind", "value"), name="patientkey_stands_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Referral",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("by_whom", models.CharField(max_length=200)),
                ("profession", models.CharField(blank=True, max_length=60)),
                ("diagnosis", models.CharField(blank=True, max_length=300)),
                ("is_written", models.BooleanField(default=True)),
                ("for_dry_needling", models.BooleanField(default=False)),
                ("given_on", models.DateField()),
                ("expires_on", models.DateField(blank=True, null=True)),
                ("noted_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                (
                    "noted_by",
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
                        related_name="referrals",
                        to="patients.patient",
                    ),
                ),
            ],
            options={
                "ordering": ["-given_on", "-pk"],
            },
        ),
        migrations.AddField(
            model_name="episode",
            name="referral",
            field=models.ForeignKey(
                blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, to="patients.referral"
            ),
        ),
        migrations.CreateModel(
            name="RelatedPerson",
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
                        choices=[("guardian", "Guardian"), ("emergency", "Emergency contact")], max_length=10
                    ),
                ),
                ("name", models.CharField(max_length=200)),
                ("relationship", models.CharField(blank=True, max_length=60)),
                ("phone", models.CharField(blank=True, max_length=40)),
                ("noted_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                (
                    "ended_by",
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
                    "patient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="related_people",
                        to="patients.patient",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ended_at__isnull", False), ("ended_by__isnull", False)),
                            models.Q(("ended_at__isnull", True), ("ended_by__isnull", True)),
                            _connector="OR",
                        ),
                        name="patients_relatedperson_ended_is_whole",
                        violation_error_message="Who and when belong together for “ended”.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Screening",
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
                        choices=[("intake", "Intake questionnaire"), ("visit", "Each visit")], max_length=10
                    ),
                ),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("tablet", "Answered by the patient on the clinic's tablet"),
                            ("staff", "Asked by staff"),
                            ("link", "Answered by the patient by link"),
                            ("import", "From earlier records"),
                        ],
                        max_length=10,
                    ),
                ),
                ("taken_at", models.DateTimeField(db_index=True, default=django.utils.timezone.now)),
                ("rule_version", models.CharField(max_length=64)),
                (
                    "computed_level",
                    models.CharField(
                        choices=[("clear", "Clear"), ("caution", "Caution"), ("stop", "Stop")], max_length=10
                    ),
                ),
                (
                    "decision",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("proceed", "Proceed"),
                            ("modify", "Proceed with changes"),
                            ("defer", "Not today"),
                            ("refer", "Refer on"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "decided_level",
                    models.CharField(
                        blank=True,
                        choices=[("clear", "Clear"), ("caution", "Caution"), ("stop", "Stop")],
                        max_length=10,
                    ),
                ),
                ("reason", models.TextField(blank=True, max_length=10000)),
                ("reviewed_at", models.DateTimeField(blank=True, null=True)),
                ("expires_on", models.DateField(blank=True, null=True)),
                (
                    "patient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="screenings",
                        to="patients.patient",
                    ),
                ),
                (
                    "reviewed_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "taken_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-taken_at", "-pk"],
                "indexes": [
                    models.Index(
                        fields=["patient", "kind", "-taken_at"], name="patients_sc_patient_4f95ff_idx"
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("reviewed_at__isnull", False), ("reviewed_by__isnull", False)),
                            models.Q(("reviewed_at__isnull", True), ("reviewed_by__isnull", True)),
                            _connector="OR",
                        ),
                        name="patients_screening_reviewed_is_whole",
                        violation_error_message="Who and when belong together for “reviewed”.",
                    )
                ],
            },
        ),
        migrations.AddField(
            model_name="consent",
            name="screening",
            field=models.ForeignKey(
                blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, to="patients.screening"
            ),
        ),
        migrations.CreateModel(
            name="ScreeningAnswer",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("question_text", models.TextField()),
                (
                    "level",
                    models.CharField(
                        choices=[("clear", "Clear"), ("caution", "Caution"), ("stop", "Stop")], max_length=10
                    ),
                ),
                (
                    "answer",
                    models.CharField(
                        choices=[("yes", "Yes"), ("no", "No"), ("unknown", "I do not know")], max_length=7
                    ),
                ),
                ("detail", models.TextField(blank=True, max_length=10000)),
                ("regions", models.JSONField(blank=True, default=list)),
                (
                    "screening",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="answers",
                        to="patients.screening",
                    ),
                ),
                (
                    "item",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, to="patients.screeningitem"
                    ),
                ),
            ],
            options={
                "ordering": ["item__position", "pk"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("screening", "item"), name="screening_item_is_answered_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Visit",
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
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("first", "First visit"),
                            ("follow_up", "Follow-up visit"),
                            ("review", "Review"),
                        ],
                        default="follow_up",
                        max_length=10,
                    ),
                ),
                ("booked_for", models.DateTimeField(db_index=True)),
                ("minutes", models.PositiveIntegerField(default=30)),
                ("desk_note", models.TextField(blank=True, max_length=500)),
                ("booked_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ("arrived_at", models.DateTimeField(blank=True, null=True)),
                ("roomed_at", models.DateTimeField(blank=True, null=True)),
                ("left_at", models.DateTimeField(blank=True, null=True)),
                ("cancelled_at", models.DateTimeField(blank=True, null=True)),
                ("missed_at", models.DateTimeField(blank=True, null=True)),
                ("end_reason", models.TextField(blank=True, max_length=500, verbose_name="reason")),
                (
                    "arrived_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "booked_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "cancelled_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "left_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "location",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="clinic.location"),
                ),
                (
                    "missed_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "patient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="visits",
                        to="patients.patient",
                    ),
                ),
                (
                    "room",
                    models.ForeignKey(
                        blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, to="clinic.room"
                    ),
                ),
                (
                    "roomed_by",
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
                        related_name="visits",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["booked_for", "pk"],
                "indexes": [
                    models.Index(fields=["patient", "booked_for"], name="patients_vi_patient_0f17e9_idx"),
                    models.Index(fields=["therapist", "booked_for"], name="patients_vi_therapi_e09a85_idx"),
                    models.Index(fields=["location", "booked_for"], name="patients_vi_locatio_d5fb9f_idx"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("arrived_at__isnull", False), ("arrived_by__isnull", False)),
                            models.Q(("arrived_at__isnull", True), ("arrived_by__isnull", True)),
                            _connector="OR",
                        ),
                        name="patients_visit_arrived_is_whole",
                        violation_error_message="Who and when belong together for “arrived”.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("roomed_at__isnull", False), ("roomed_by__isnull", False)),
                            models.Q(("roomed_at__isnull", True), ("roomed_by__isnull", True)),
                            _connector="OR",
                        ),
                        name="patients_visit_roomed_is_whole",
                        violation_error_message="Who and when belong together for “roomed”.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("left_at__isnull", False), ("left_by__isnull", False)),
                            models.Q(("left_at__isnull", True), ("left_by__isnull", True)),
                            _connector="OR",
                        ),
                        name="patients_visit_left_is_whole",
                        violation_error_message="Who and when belong together for “left”.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("cancelled_at__isnull", False), ("cancelled_by__isnull", False)),
                            models.Q(("cancelled_at__isnull", True), ("cancelled_by__isnull", True)),
                            _connector="OR",
                        ),
                        name="patients_visit_cancelled_is_whole",
                        violation_error_message="Who and when belong together for “cancelled”.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("missed_at__isnull", False), ("missed_by__isnull", False)),
                            models.Q(("missed_at__isnull", True), ("missed_by__isnull", True)),
                            _connector="OR",
                        ),
                        name="patients_visit_missed_is_whole",
                        violation_error_message="Who and when belong together for “missed”.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("roomed_at", None), ("arrived_at__isnull", False), _connector="OR"
                        ),
                        name="visit_is_roomed_after_arrival",
                        violation_error_message="Check the patient in before taking them to a room.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("left_at", None), ("arrived_at__isnull", False), _connector="OR"),
                        name="visit_is_left_after_arrival",
                        violation_error_message="Check the patient in before they leave.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("cancelled_at", None), ("missed_at", None)),
                            ("arrived_at", None),
                            _connector="OR",
                        ),
                        name="visit_that_took_place_is_not_cancelled",
                        violation_error_message="This patient has arrived: take the check-in back first.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("minutes__gte", 5), ("minutes__lte", 480)),
                        name="visit_lasts_five_minutes_to_eight_hours",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="StampWithdrawal",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("stamp", models.CharField(max_length=12)),
                ("stamped_at", models.DateTimeField()),
                ("reason", models.TextField(max_length=500)),
                ("withdrawn_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "stamped_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "withdrawn_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "visit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="withdrawals",
                        to="patients.visit",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.AddField(
            model_name="screening",
            name="visit",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="screenings",
                to="patients.visit",
            ),
        ),
        migrations.CreateModel(
            name="Intake",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("answers", models.JSONField(default=dict)),
                ("submitted_at", models.DateTimeField(blank=True, null=True)),
                ("accepted_at", models.DateTimeField(blank=True, null=True)),
                (
                    "accepted_by",
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
                        to="clinic.patientlink",
                    ),
                ),
                (
                    "patient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="intakes",
                        to="patients.patient",
                    ),
                ),
                (
                    "visit",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="patients.visit",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("accepted_at__isnull", False), ("accepted_by__isnull", False)),
                            models.Q(("accepted_at__isnull", True), ("accepted_by__isnull", True)),
                            _connector="OR",
                        ),
                        name="patients_intake_accepted_is_whole",
                        violation_error_message="Who and when belong together for “accepted”.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Handover",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "purpose",
                    models.CharField(
                        choices=[("screening", "Health questions"), ("consent", "Consent")], max_length=10
                    ),
                ),
                ("kind", models.CharField(blank=True, max_length=10)),
                ("draft", models.JSONField(blank=True, default=dict)),
                ("started_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("finished_at", models.DateTimeField(blank=True, null=True)),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                (
                    "ended_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "started_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "therapist",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "patient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="handovers",
                        to="patients.patient",
                    ),
                ),
                (
                    "visit",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="patients.visit",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ended_at__isnull", False), ("ended_by__isnull", False)),
                            models.Q(("ended_at__isnull", True), ("ended_by__isnull", True)),
                            _connector="OR",
                        ),
                        name="patients_handover_ended_is_whole",
                        violation_error_message="Who and when belong together for “ended”.",
                    )
                ],
            },
        ),
    ]
