"""Administration of the ground floor: accounts, practice settings, locations and jurisdictions."""

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib import admin, messages
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied

from clinic.access import Permission
from clinic.actions import accounts
from clinic.administration.base import (
    CatalogueAdmin,
    OnlyAdministrators,
    SetUpAdmin,
    show_refusal,
)
from clinic.administration.compared_form import ComparedForm
from clinic.models import (
    BodyRegion,
    Credential,
    Jurisdiction,
    Location,
    Practice,
    Role,
    RoleGrant,
    Room,
    User,
)
from clinic.rules import accounts as account_rules
from clinic.selectors import accounts as account_selectors
from clinic.values import errors
from clinic.values.errors import RuleViolation

# Not administered: roles are grants, nobody signs in by email, and factors belong to each person.
admin.site.unregister([Group, EmailAddress, Authenticator])


class RoleGrantForm(ComparedForm):
    # who changes it, set by the inline
    by: User

    def clean(self):
        cleaned = super().clean()
        for reason in account_rules.role_reasons(self.instance.user_id, by=self.by):
            for name in self.changed_data[:1]:
                self.add_error(name, reason.message)
        if not self.errors:
            errors.add_to_form(self, RuleViolation(self._last_reasons(cleaned)))
        return cleaned

    def _last_reasons(self, cleaned) -> list[errors.Reason]:
        user, field = self.instance.user_id, "until_on" if "until_on" in self.changed_data else "role"
        return account_rules.last_administrator_reasons(
            was_lasting=self.initial.get("role") == Role.ADMIN and self.initial.get("until_on") is None,
            is_lasting=cleaned.get("role") == Role.ADMIN and cleaned.get("until_on") is None,
            has_other=account_selectors.has_other_lasting_administrator(user),
            field=field,
        )


class RoleGrantInline(OnlyAdministrators, admin.StackedInline):
    model = RoleGrant
    form = RoleGrantForm
    fk_name = "user"
    extra = 1
    fields = ("role", "from_on", "until_on", "given_at", "given_by")
    readonly_fields = ("given_at", "given_by")

    def get_formset(self, request, obj=None, **kwargs):
        formset = super().get_formset(request, obj, **kwargs)
        formset.form.by = request.user
        return formset


class CredentialInline(OnlyAdministrators, admin.StackedInline):
    """Licences, courses, hours and sessions. Nobody enters or changes their own."""

    model = Credential
    form = ComparedForm
    fk_name = "user"
    extra = 0
    fields = ("kind", "jurisdiction", "number", "issued_on", "expires_on", "hours", "sessions", "regions")

    def has_add_permission(self, request, obj=None):
        return obj != request.user and super().has_add_permission(request, obj)

    def has_change_permission(self, request, obj=None):
        return obj != request.user and super().has_change_permission(request, obj)


class AccountForm(ComparedForm):
    # who changes it, set by the page
    by: User

    class Meta:
        model = User
        fields = (
            "username",
            "first_name",
            "last_name",
            "email",
            "profession",
            "display_credentials",
            "location",
            "is_active",
        )

    def clean(self):
        cleaned = super().clean()
        if self.instance.pk == self.by.pk and not cleaned.get("is_active"):
            is_only = account_selectors.is_only_administrator(self.by)
            reasons = account_rules.closing_reasons(self.instance, by=self.by, is_only_administrator=is_only)
            errors.add_to_form(self, RuleViolation(reasons))
        elif "is_active" in self.changed_data:
            errors.add_to_form(self, RuleViolation(self._last_reasons(cleaned)))
        return cleaned

    def _last_reasons(self, cleaned) -> list[errors.Reason]:
        user = self.instance.pk
        return account_rules.last_administrator_reasons(
            was_lasting=account_selectors.holds_role_lastingly(user),
            is_lasting=cleaned.get("is_active", False),
            has_other=account_selectors.has_other_lasting_administrator(user),
            field="is_active",
        )


@admin.register(User)
class UserAdmin(SetUpAdmin):
    """Accounts. A new one gets a one-time password, shown once."""

    form = AccountForm
    inlines = (RoleGrantInline, CredentialInline)
    list_display = ("username", "last_name", "first_name", "profession", "is_active", "last_login")
    list_filter = ("is_active", "profession")
    search_fields = ("username", "last_name", "first_name")
    actions = ("give_one_time_password", "reset_factors")

    def get_readonly_fields(self, request, obj=None):
        return ("profession",) if obj == request.user else ()

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change, **kwargs)
        form.by = request.user
        return form

    def get_object(self, request, object_id, from_field=None):
        if request.method == "POST":
            accounts.lock_administration()
            if not account_selectors.is_administrator(request.user):
                raise PermissionDenied(Permission.ADMIN_ENTER)
        return super().get_object(request, object_id, from_field)

    @admin.action(description="Give a one-time password")
    def give_one_time_password(self, request, queryset):
        for user in queryset:
            self._give_password(request, user)

    @admin.action(description="Reset two-step verification (phone and codes are lost)")
    def reset_factors(self, request, queryset):
        for user in queryset:
            try:
                count = accounts.reset_factors(user, by=request.user)
            except RuleViolation as refused:
                show_refusal(request, refused)
            else:
                messages.success(request, f"{user.username}: two-step verification reset ({count} removed).")

    def save_model(self, request, obj, form, change):
        if not change:
            obj.set_unusable_password()
        super().save_model(request, obj, form, change)
        if "is_active" in form.changed_data and not obj.is_active:
            accounts.end_sign_ins(obj)
        if not change:
            self._give_password(request, obj)

    def save_formset(self, request, form, formset, change):
        if formset.model is RoleGrant:
            for grant in formset.save(commit=False):
                self._give_role(request, grant)
            formset.save_m2m()
            return
        for row in formset.forms:
            if row.instance.pk is None:
                row.instance.recorded_by = request.user
        super().save_formset(request, form, formset, change)

    def _give_role(self, request, grant):
        try:
            accounts.give_role(grant, by=request.user)
        except RuleViolation as refused:
            show_refusal(request, refused)

    def _give_password(self, request, user):
        try:
            password = accounts.give_one_time_password(user, by=request.user)
        except RuleViolation as refused:
            show_refusal(request, refused)
            return
        hours = Practice.objects.values_list("one_time_password_hours", flat=True).get(pk=1)
        messages.success(
            request,
            f"One-time password of {user.username}: {password}. Shown once; with it they choose their own "
            f"within {hours} hours.",
        )


@admin.register(Practice)
class PracticeAdmin(SetUpAdmin):
    fieldsets = (
        (None, {"fields": ("name", "phone", "jurisdiction", "emergency_number", "emergency_words")}),
        ("Health questions and consent", {"fields": ("screening_months", "consent_months")}),
        (
            "Follow-up",
            {
                "fields": (
                    "followup_hours",
                    "followup_open_hours",
                    "call_attempts",
                    "soreness_high_first",
                    "soreness_high_later",
                    "meaningful_change",
                )
            },
        ),
        (
            "Sessions and signing",
            {
                "fields": (
                    "visit_minutes",
                    "needle_stock",
                    "ask_lot_numbers",
                    "two_people_count",
                    "sign_reauth_minutes",
                    "unsigned_nag_hours",
                    "unsigned_lead_hours",
                    "cosign_days",
                    "credential_reminder_days",
                    "idle_lock_minutes",
                    "one_time_password_hours",
                )
            },
        ),
        ("Billing", {"fields": ("sides_count_once", "heads_count_once")}),
        ("Retention", {"fields": ("retention_years", "retention_minor_age")}),
    )

    def has_add_permission(self, request, obj=None):
        return False


class RoomInline(OnlyAdministrators, admin.StackedInline):
    model = Room
    form = ComparedForm
    extra = 1
    fields = ("name", "retired_at")


@admin.register(Location)
class LocationAdmin(SetUpAdmin):
    inlines = (RoomInline,)
    list_display = ("name", "state", "time_zone", "retired_at")


@admin.register(Jurisdiction)
class JurisdictionAdmin(CatalogueAdmin):
    list_display = (
        "name",
        "state",
        "allowed",
        "max_dwell_seconds",
        "referral",
        "needs_legal_check",
        "checked_on",
    )


@admin.register(BodyRegion)
class BodyRegionAdmin(CatalogueAdmin):
    list_display = ("name", "view", "group", "over_lung")
