import clinic.models.practice
import clinic.models.accounts
import django.contrib.auth.validators
import django.core.serializers.json
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
    ]

    operations = [
        migrations.CreateModel(
            name="BodyRegion",
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
                ("name", models.CharField(max_length=80)),
                ("view", models.CharField(choices=[("front", "Front"), ("back", "Back")], max_length=5)),
                ("group", models.CharField(max_length=40)),
                ("consent_group", models.CharField(max_length=30)),
                ("over_lung", models.BooleanField(default=False)),
                ("caution", models.TextField(blank=True)),
            ],
            options={
                "ordering": ["position", "code"],
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="CatalogueFile",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=80, unique=True)),
                ("digest", models.CharField(max_length=64)),
                ("rows", models.PositiveIntegerField(default=0)),
                ("synced_at", models.DateTimeField(auto_now=True)),
            ],
        ),
        migrations.CreateModel(
            name="Location",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.SlugField(max_length=30, unique=True)),
                ("name", models.CharField(max_length=120)),
                ("address", models.TextField(blank=True, max_length=500)),
                ("state", models.CharField(blank=True, help_text="Two letters, such as IL", max_length=2)),
                (
                    "time_zone",
                    models.CharField(
                        default="America/Chicago",
                        max_length=60,
                        validators=[clinic.models.practice.check_time_zone],
                    ),
                ),
                ("phone", models.CharField(blank=True, max_length=40)),
                ("retired_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "ordering": ["code"],
            },
        ),
        migrations.CreateModel(
            name="User",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("password", models.CharField(max_length=128, verbose_name="password")),
                ("last_login", models.DateTimeField(blank=True, null=True, verbose_name="last login")),
                (
                    "is_superuser",
                    models.BooleanField(
                        default=False,
                        help_text="Designates that this user has all permissions without explicitly assigning them.",
                        verbose_name="superuser status",
                    ),
                ),
                (
                    "username",
                    models.CharField(
                        error_messages={"unique": "A user with that username already exists."},
                        help_text="Required. 150 characters or fewer. Letters, digits and @/./+/-/_ only.",
                        max_length=150,
                        unique=True,
                        validators=[django.contrib.auth.validators.UnicodeUsernameValidator()],
                        verbose_name="username",
                    ),
                ),
                ("email", models.EmailField(blank=True, max_length=254, verbose_name="email address")),
                (
                    "is_staff",
                    models.BooleanField(
                        default=False,
                        help_text="Designates whether the user can log into this admin site.",
                        verbose_name="staff status",
                    ),
                ),
                (
                    "is_active",
                    models.BooleanField(
                        default=True,
                        help_text="Designates whether this user should be treated as active. Unselect this instead of deleting accounts.",
                        verbose_name="active",
                    ),
                ),
                (
                    "date_joined",
                    models.DateTimeField(default=django.utils.timezone.now, verbose_name="date joined"),
                ),
                ("first_name", models.CharField(max_length=100, verbose_name="given name")),
                ("last_name", models.CharField(max_length=100, verbose_name="family name")),
                (
                    "profession",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", "Not clinical"),
                            ("pt", "Physical therapist"),
                            ("pta", "Physical therapist assistant"),
                            ("other", "Other"),
                        ],
                        default="",
                        max_length=10,
                    ),
                ),
                (
                    "display_credentials",
                    models.CharField(
                        blank=True,
                        help_text="For example: PT, DPT",
                        max_length=60,
                        verbose_name="letters after the name",
                    ),
                ),
                ("one_time_password_at", models.DateTimeField(blank=True, null=True)),
                (
                    "groups",
                    models.ManyToManyField(
                        blank=True,
                        help_text="The groups this user belongs to. A user will get all permissions granted to each of their groups.",
                        related_name="user_set",
                        related_query_name="user",
                        to="auth.group",
                        verbose_name="groups",
                    ),
                ),
                (
                    "one_time_password_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "user_permissions",
                    models.ManyToManyField(
                        blank=True,
                        help_text="Specific permissions for this user.",
                        related_name="user_set",
                        related_query_name="user",
                        to="auth.permission",
                        verbose_name="user permissions",
                    ),
                ),
                (
                    "location",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="staff",
                        to="clinic.location",
                    ),
                ),
            ],
            options={
                "verbose_name": "user",
                "verbose_name_plural": "users",
                "abstract": False,
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("one_time_password_at__isnull", False),
                                ("one_time_password_by__isnull", False),
                            ),
                            models.Q(
                                ("one_time_password_at__isnull", True), ("one_time_password_by__isnull", True)
                            ),
                            _connector="OR",
                        ),
                        name="clinic_user_one_time_password_is_whole",
                        violation_error_message="Who and when belong together for “one time password”.",
                    )
                ],
            },
            managers=[
                ("objects", clinic.models.accounts.StaffManager()),
            ],
        ),
        migrations.CreateModel(
            name="Jurisdiction",
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
                ("name", models.CharField(max_length=80)),
                ("state", models.CharField(blank=True, max_length=2)),
                ("profession", models.CharField(blank=True, max_length=10)),
                ("allowed", models.BooleanField(blank=True, null=True)),
                ("max_dwell_seconds", models.PositiveIntegerField(blank=True, null=True)),
                ("stimulation_allowed", models.BooleanField(blank=True, null=True)),
                ("added_modality_allowed", models.BooleanField(blank=True, null=True)),
                ("local_points_only", models.BooleanField(blank=True, null=True)),
                ("one_needle_per_insertion", models.BooleanField(blank=True, null=True)),
                ("scope_note", models.TextField(blank=True)),
                ("written_consent", models.BooleanField(blank=True, null=True)),
                ("not_acupuncture_statement", models.BooleanField(blank=True, null=True)),
                ("copy_to_patient", models.BooleanField(blank=True, null=True)),
                ("first_time_document", models.BooleanField(blank=True, null=True)),
                ("training_statement", models.BooleanField(blank=True, null=True)),
                (
                    "referral",
                    models.CharField(
                        blank=True,
                        choices=[("none", "Not needed"), ("advised", "Ask for one"), ("required", "Needed")],
                        max_length=10,
                    ),
                ),
                ("diagnosis_required", models.BooleanField(blank=True, null=True)),
                ("delegation_allowed", models.BooleanField(blank=True, null=True)),
                ("hours_prerequisite", models.PositiveIntegerField(blank=True, null=True)),
                ("hours_didactic", models.PositiveIntegerField(blank=True, null=True)),
                ("hours_practicum", models.PositiveIntegerField(blank=True, null=True)),
                ("hours_total", models.PositiveIntegerField(blank=True, null=True)),
                ("supervised_sessions", models.PositiveIntegerField(blank=True, null=True)),
                ("exam_required", models.BooleanField(blank=True, null=True)),
                ("min_licence_months", models.PositiveIntegerField(blank=True, null=True)),
                ("direct_access_notice_days", models.PositiveIntegerField(blank=True, null=True)),
                ("no_improvement_visits", models.PositiveIntegerField(blank=True, null=True)),
                ("no_improvement_days", models.PositiveIntegerField(blank=True, null=True)),
                ("adverse_event_report_days", models.PositiveIntegerField(blank=True, null=True)),
                ("record_note", models.TextField(blank=True)),
                ("needs_legal_check", models.BooleanField(default=True)),
                ("valid_from", models.DateField(blank=True, null=True)),
                ("valid_to", models.DateField(blank=True, null=True)),
                ("checked_on", models.DateField(blank=True, null=True)),
                ("checked_at", models.DateTimeField(blank=True, null=True)),
                (
                    "checked_by",
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
                "ordering": ["position", "code"],
                "abstract": False,
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("checked_at__isnull", False), ("checked_by__isnull", False)),
                            models.Q(("checked_at__isnull", True), ("checked_by__isnull", True)),
                            _connector="OR",
                        ),
                        name="clinic_jurisdiction_checked_is_whole",
                        violation_error_message="Who and when belong together for “checked”.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Credential",
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
                            ("licence", "Licence"),
                            ("course", "Needling course"),
                            ("hours", "Hours of instruction"),
                            ("exam", "Competency examination"),
                            ("supervised", "Supervised treatment sessions"),
                        ],
                        max_length=20,
                    ),
                ),
                ("number", models.CharField(blank=True, max_length=60)),
                ("issued_on", models.DateField(blank=True, null=True)),
                ("expires_on", models.DateField(blank=True, null=True)),
                ("hours", models.PositiveIntegerField(blank=True, null=True)),
                ("sessions", models.PositiveIntegerField(blank=True, null=True)),
                ("recorded_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                (
                    "recorded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("regions", models.ManyToManyField(blank=True, to="clinic.bodyregion")),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="credentials",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "jurisdiction",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="clinic.jurisdiction",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="PatientLink",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "purpose",
                    models.CharField(choices=[("intake", "Intake"), ("soreness", "Soreness")], max_length=10),
                ),
                ("digest", models.CharField(max_length=64, unique=True)),
                ("made_at", models.DateTimeField(auto_now_add=True)),
                ("expires_at", models.DateTimeField()),
                ("tries", models.PositiveIntegerField(default=0)),
                ("revoked_at", models.DateTimeField(blank=True, null=True)),
                ("used_at", models.DateTimeField(blank=True, null=True)),
                (
                    "revoked_by",
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
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("revoked_at__isnull", False), ("revoked_by__isnull", False)),
                            models.Q(("revoked_at__isnull", True), ("revoked_by__isnull", True)),
                            _connector="OR",
                        ),
                        name="clinic_patientlink_revoked_is_whole",
                        violation_error_message="Who and when belong together for “revoked”.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Practice",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(default="Our practice", max_length=120)),
                ("phone", models.CharField(blank=True, max_length=40)),
                ("emergency_number", models.CharField(default="911", max_length=20)),
                (
                    "emergency_words",
                    models.TextField(
                        default="If you are short of breath or have chest pain, call 911 or go to an emergency room now.",
                        max_length=10000,
                    ),
                ),
                ("is_demo", models.BooleanField(default=False, editable=False)),
                (
                    "screening_months",
                    models.PositiveIntegerField(
                        default=12,
                        help_text="A new questionnaire is due after that.",
                        verbose_name="intake screening lasts (months)",
                    ),
                ),
                (
                    "consent_months",
                    models.PositiveIntegerField(default=12, verbose_name="consent lasts (months)"),
                ),
                (
                    "followup_hours",
                    models.CharField(
                        default="24,72",
                        help_text="Hours after the end of a session, with commas between.",
                        max_length=60,
                        verbose_name="follow-up after (hours)",
                    ),
                ),
                (
                    "followup_open_hours",
                    models.CharField(
                        default="08:00-20:00", max_length=11, verbose_name="follow-up may be called (hours)"
                    ),
                ),
                (
                    "call_attempts",
                    models.PositiveIntegerField(default=3, verbose_name="attempts before a decision is due"),
                ),
                (
                    "soreness_high_first",
                    models.PositiveIntegerField(
                        default=7, verbose_name="soreness that calls for a talk, first day"
                    ),
                ),
                (
                    "soreness_high_later",
                    models.PositiveIntegerField(
                        default=4, verbose_name="soreness that calls for a talk, later"
                    ),
                ),
                (
                    "meaningful_change",
                    models.PositiveIntegerField(
                        default=2, verbose_name="pain change that matters (points of 10)"
                    ),
                ),
                (
                    "sign_reauth_minutes",
                    models.PositiveIntegerField(
                        default=10,
                        help_text="0: at every signature.",
                        verbose_name="password at signing again after (minutes)",
                    ),
                ),
                ("idle_lock_minutes", models.PositiveIntegerField(default=10)),
                (
                    "visit_minutes",
                    models.PositiveIntegerField(default=30, verbose_name="length of a visit (minutes)"),
                ),
                ("unsigned_nag_hours", models.PositiveIntegerField(default=24)),
                ("unsigned_lead_hours", models.PositiveIntegerField(default=72)),
                ("cosign_days", models.PositiveIntegerField(default=7)),
                ("retention_years", models.PositiveIntegerField(default=10)),
                ("retention_minor_age", models.PositiveIntegerField(default=22)),
                (
                    "sides_count_once",
                    models.BooleanField(default=True, verbose_name="left and right of one muscle count once"),
                ),
                (
                    "heads_count_once",
                    models.BooleanField(default=True, verbose_name="heads of one muscle count once"),
                ),
                (
                    "needle_stock",
                    models.CharField(
                        default="0.25x30,0.30x40,0.30x50,0.30x60",
                        help_text="gauge x length in mm",
                        max_length=300,
                        verbose_name="needles in stock",
                    ),
                ),
                ("ask_lot_numbers", models.BooleanField(default=False, verbose_name="ask for lot numbers")),
                (
                    "two_people_count",
                    models.BooleanField(default=False, verbose_name="a second person counts needles"),
                ),
                (
                    "jurisdiction",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="clinic.jurisdiction",
                    ),
                ),
            ],
            options={
                "verbose_name": "practice settings",
                "verbose_name_plural": "practice settings",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("id", 1)),
                        name="practice_is_one_row",
                        violation_error_message="There is one row of practice settings; change that one.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="RoleGrant",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("front_desk", "Front desk"),
                            ("therapist", "Therapist"),
                            ("lead", "Clinical lead"),
                            ("admin", "Administrator"),
                        ],
                        max_length=20,
                    ),
                ),
                ("from_on", models.DateField(blank=True, null=True)),
                ("until_on", models.DateField(blank=True, null=True)),
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
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="role_grants",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["user", "role"], name="clinic_role_user_id_835134_idx")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("given_at__isnull", False), ("given_by__isnull", False)),
                            models.Q(("given_at__isnull", True), ("given_by__isnull", True)),
                            _connector="OR",
                        ),
                        name="clinic_rolegrant_given_is_whole",
                        violation_error_message="Who and when belong together for “given”.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("until_on", None),
                            ("from_on", None),
                            ("until_on__gte", models.F("from_on")),
                            _connector="OR",
                        ),
                        name="rolegrant_ends_after_it_starts",
                        violation_error_message="A grant ends on or after the day it starts.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Room",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=40)),
                ("retired_at", models.DateTimeField(blank=True, null=True)),
                (
                    "location",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="rooms",
                        to="clinic.location",
                    ),
                ),
            ],
            options={
                "ordering": ["location", "name"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("location", "name"), name="room_name_is_unique_in_location"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="AuditEvent",
            fields=[
                ("seq", models.BigIntegerField(primary_key=True, serialize=False)),
                ("at", models.DateTimeField()),
                ("actor_name", models.CharField(blank=True, max_length=150)),
                ("code", models.CharField(max_length=60)),
                ("object_kind", models.CharField(blank=True, max_length=60)),
                ("object_ref", models.CharField(blank=True, max_length=60)),
                ("patient_ref", models.CharField(blank=True, max_length=20)),
                (
                    "changes",
                    models.JSONField(default=dict, encoder=django.core.serializers.json.DjangoJSONEncoder),
                ),
                ("reason", models.TextField(blank=True, max_length=10000)),
                ("request_id", models.CharField(blank=True, max_length=40)),
                ("address", models.CharField(blank=True, max_length=45)),
                ("previous", models.CharField(max_length=64, unique=True)),
                ("mac", models.CharField(max_length=64, unique=True)),
                ("key_id", models.CharField(max_length=16)),
                (
                    "actor",
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
                "ordering": ["seq"],
                "indexes": [
                    models.Index(fields=["patient_ref", "seq"], name="clinic_audi_patient_353298_idx"),
                    models.Index(fields=["object_ref", "seq"], name="clinic_audi_object__cc36f5_idx"),
                    models.Index(fields=["code", "seq"], name="clinic_audi_code_1ea0a6_idx"),
                    models.Index(fields=["actor", "seq"], name="clinic_audi_actor_i_d3d8ce_idx"),
                ],
            },
        ),
        migrations.CreateModel(
            name="FormKey",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.UUIDField()),
                ("action", models.CharField(max_length=60)),
                ("answer_url", models.CharField(blank=True, max_length=300)),
                ("used_at", models.DateTimeField(auto_now_add=True)),
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
                "constraints": [models.UniqueConstraint(fields=("user", "key"), name="formkey_is_used_once")],
            },
        ),
    ]
