"""Administration of the ground floor: accounts, practice settings, locations and jurisdictions."""

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib import admin, messages
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clinic.access import Permission
from clinic.actions import accounts
from clinic.administration.account_forms import AccountForm, RoleGrantForm
from clinic.administration.base import CatalogueAdmin, SetUpAdmin, show_refusal
from clinic.administration.compared_form import ComparedForm
from clinic.administration.inner_rows import InnerRows
from clinic.administration.place_forms import LocationForm, RoomForm
from clinic.administration.practice_form import PracticeForm
from clinic.administration.sections import Section
from clinic.administration.state_rules import StateRulesAdmin, UnderStateRules
from clinic.forms import fields
from clinic.models import (
    BodyRegion,
    Credential,
    Jurisdiction,
    Location,
    Practice,
    RoleGrant,
    Room,
    User,
)
from clinic.selectors import accounts as account_selectors
from clinic.values.errors import RuleViolation

# Not administered: roles are grants, nobody signs in by email, and factors belong to each person.
admin.site.unregister([Group, EmailAddress, Authenticator])


class RoleGrantInline(InnerRows):
    model = RoleGrant
    form = RoleGrantForm
    fk_name = "user"
    menu_name = gettext_lazy("Roles")
    add_words = gettext_lazy("Add a role")
    fields = ("role", "from_on", "until_on", "given_at", "given_by")
    readonly_fields = ("given_at", "given_by")

    def get_formset(self, request, obj=None, **kwargs):
        formset = super().get_formset(request, obj, **kwargs)
        formset.form.by = request.user
        return formset

    def words_of(self, row):
        return row.get_role_display()


class CredentialInline(InnerRows):
    """Licences, courses, hours and sessions. Nobody enters or changes their own."""

    model = Credential
    form = ComparedForm
    fk_name = "user"
    menu_name = gettext_lazy("Credentials")
    add_words = gettext_lazy("Add a credential")
    fieldsets = (
        (
            None,
            {"fields": ("kind", "jurisdiction", "number", "issued_on", "expires_on", "hours", "sessions")},
        ),
        (
            gettext_lazy("Parts of the body that a course covers"),
            {"fields": ("regions",), "classes": ("collapse",)},
        ),
    )

    def has_add_permission(self, request, obj=None):
        return obj != request.user and super().has_add_permission(request, obj)

    def has_change_permission(self, request, obj=None):
        return obj != request.user and super().has_change_permission(request, obj)

    def words_of(self, row):
        return ", ".join(filter(None, (row.get_kind_display(), row.number)))


@admin.register(User)
class UserAdmin(SetUpAdmin):
    """Accounts. A new one gets a one-time password, shown once."""

    section = Section.PEOPLE
    menu_words = gettext_lazy(
        "Accounts, roles, licenses and courses; one-time passwords for who is locked out."
    )
    search_label = gettext_lazy("Search by name or sign-in name")
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

    @admin.action(description=gettext_lazy("Give a one-time password"))
    def give_one_time_password(self, request, queryset):
        for user in queryset:
            self._give_password(request, user)

    @admin.action(description=gettext_lazy("Reset two-step verification (phone and codes are lost)"))
    def reset_factors(self, request, queryset):
        for user in queryset:
            try:
                count = accounts.reset_factors(user, by=request.user)
            except RuleViolation as refused:
                show_refusal(request, refused)
            else:
                messages.success(
                    request,
                    _("%(username)s: two-step verification reset (%(count)s removed).")
                    % {"username": user.username, "count": count},
                )

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
            _(
                "One-time password of %(username)s: %(password)s. Shown once; with it they "
                "choose their own within %(hours)s hours."
            )
            % {"username": user.username, "password": password, "hours": hours},
        )


@admin.register(Practice)
class PracticeAdmin(UnderStateRules, SetUpAdmin):
    form = PracticeForm
    read_by = {
        **SetUpAdmin.read_by,
        "emergency_number": fields.EmergencyNumberField,
        "closed_days": fields.ClosedDaysField,
        "followup_hours": fields.FollowupHoursField,
        "followup_open_hours": fields.HoursField,
        "needle_stock": fields.NeedleSizesField,
    }
    section = Section.CLINIC
    menu_words = gettext_lazy("Name, phone, state, needles in stock, billing.")
    fieldsets = (
        (None, {"fields": ("name", "phone", "npi", "jurisdiction", "emergency_number", "emergency_words")}),
        (
            gettext_lazy("How the clinic works"),
            {
                "fields": (
                    "closed_days",
                    "needle_stock",
                    "ask_lot_numbers",
                    "two_people_count",
                    "sides_count_once",
                    "heads_count_once",
                )
            },
        ),
        (gettext_lazy("Health questions and consent"), {"fields": ("screening_months", "consent_months")}),
        (
            gettext_lazy("Follow-up"),
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
            gettext_lazy("Sessions and signing"),
            {
                "fields": (
                    "visit_minutes",
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
        (gettext_lazy("Retention"), {"fields": ("retention_years", "retention_minor_age")}),
    )

    def has_add_permission(self, request, obj=None):
        return False

    def page_in_menu(self):
        """There is one row, so no list."""
        return reverse("admin:clinic_practice_change", args=[1])


class RoomInline(InnerRows):
    model = Room
    form = RoomForm
    menu_name = gettext_lazy("Rooms")
    add_words = gettext_lazy("Add a room")
    fields = ("name", "retired_at")


@admin.register(Location)
class LocationAdmin(UnderStateRules, SetUpAdmin):
    form = LocationForm
    section = Section.CLINIC
    menu_words = gettext_lazy("Addresses, state rules, time zones and rooms.")
    inlines = (RoomInline,)
    list_display = ("name", "state", "jurisdiction", "time_zone", "retired_at")

    def get_object(self, request, object_id, from_field=None):
        """One at a time: two who retire one location each would leave none."""
        if request.method == "POST":
            accounts.lock_administration()
        return super().get_object(request, object_id, from_field)


@admin.register(Jurisdiction)
class JurisdictionAdmin(StateRulesAdmin):
    section = Section.LIMITS
    name_in_menu = gettext_lazy("State rules")
    menu_words = gettext_lazy(
        "What each state allows, with its source; your own copies to change and approve."
    )
    list_display = (
        "name",
        "state",
        "status",
        "max_dwell_seconds",
        "referral",
        "needs_legal_check",
        "checked_on",
        "approved_at",
    )


@admin.register(BodyRegion)
class BodyRegionAdmin(CatalogueAdmin):
    menu_words = gettext_lazy("The parts of the body chart. To read.")
    list_display = ("name", "view", "group", "over_lung")
