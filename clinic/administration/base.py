"""Base classes of the administration: audited changes, read-only tables, recorded looks."""

from functools import partial

from django import forms
from django.contrib import admin, messages
from django.db import models, transaction
from django.http import HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect

from clinic import audit
from clinic.access import Permission, may
from clinic.administration.compared_form import ComparedForm
from clinic.models import FormKey
from clinic.values.errors import RuleViolation
from clinic.web import responses, text_fields


class OnlyAdministrators:
    """Permissions come from roles, never from Django's model permissions."""

    # nothing here is looked at elsewhere: who may read a record finds it in the product
    view_on_site = False
    # Django's default for an instant is two inputs without labels
    formfield_overrides = {
        models.DateTimeField: {"form_class": forms.DateTimeField, "widget": forms.DateTimeInput},
        models.CharField: {"form_class": text_fields.TextField},
        models.TextField: {"form_class": text_fields.TextField},
        models.SlugField: {"form_class": forms.SlugField},
        models.EmailField: {"form_class": text_fields.EmailField},
        models.JSONField: {"form_class": text_fields.JsonField},
    }

    def lookup_allowed(self, lookup, value, request=None):
        """Only what the list's own filters ask: any other would read columns that no page shows."""
        names = [name for name in self.get_list_filter(request) if isinstance(name, str)]
        return lookup in {f"{name}__{kind}" for name in names for kind in ("exact", "isnull")}

    def has_module_permission(self, request):
        return may(request.user, Permission.ADMIN_ENTER)

    def has_view_permission(self, request, obj=None):
        return may(request.user, Permission.ADMIN_ENTER)

    def has_add_permission(self, request, obj=None):
        return may(request.user, Permission.ADMIN_ENTER)

    def has_change_permission(self, request, obj=None):
        return may(request.user, Permission.ADMIN_ENTER)

    def has_delete_permission(self, request, obj=None):
        return False


class FormNotSaved(Exception):
    """Raised when the form is shown again, so that its form key stays unused."""

    def __init__(self, response: HttpResponse):
        super().__init__()
        self.response = response


class AuditedAdmin(OnlyAdministrators, admin.ModelAdmin):
    """Changes are recorded in the audit with the values before and after."""

    actions = None
    form = ComparedForm

    def message_user(self, request, message, level=messages.INFO, extra_tags="", fail_silently=False):
        """Django tells at length that a row “was changed successfully”; one word says as much."""
        said = "Saved." if level == messages.SUCCESS else message
        super().message_user(request, said, level, extra_tags, fail_silently)

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        """A form that is sent twice gets the same response and is saved once."""
        context = {"form_key": responses.form_key(request), **(extra_context or {})}
        save = partial(super().changeform_view, request, object_id, form_url, context)
        if request.method != "POST":
            return save()
        try:
            return responses.perform_once(
                request, request.resolver_match.view_name, lambda: _redirect_of(save())
            )
        except FormNotSaved as refused:
            return _with_status(refused.response)

    def get_object(self, request, object_id, from_field=None):
        """Under its row lock while it is saved: what the form is compared with stands until then."""
        obj = super().get_object(request, object_id, from_field)
        if obj is None or request.method != "POST":
            return obj
        return self.get_queryset(request).select_for_update(of=("self",)).get(pk=obj.pk)

    def history_view(self, request, object_id, extra_context=None):
        """Saves nothing and is in no transaction, which the row lock of a POST needs."""
        if request.method == "POST":
            return HttpResponseNotAllowed(["GET", "HEAD"])
        return super().history_view(request, object_id, extra_context)

    def response_action(self, request, queryset):
        """Apply an action to all selected rows or to none."""
        with transaction.atomic():
            return super().response_action(request, queryset)

    def save_model(self, request, obj, form, change):
        with transaction.atomic():
            super().save_model(request, obj, form, change)
            audit.record("admin.changed", obj, by=request.user, changes=_changes(form))

    def save_formset(self, request, form, formset, change):
        """Record changes of inline rows as well, such as rooms and licences."""
        with transaction.atomic():
            super().save_formset(request, form, formset, change)
            for row in formset.forms:
                if row.has_changed():
                    audit.record("admin.changed", row.instance, by=request.user, changes=_changes(row))


class SetUpAdmin(AuditedAdmin):
    """A table that an administrator may change."""


class ReadOnlyAdmin(OnlyAdministrators, admin.ModelAdmin):
    """A read-only table. Opening a row records a look."""

    actions = None

    def has_add_permission(self, request, obj=None):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def change_view(self, request, object_id, form_url="", extra_context=None):
        obj = self.get_object(request, object_id)
        if obj is not None:
            audit.look("admin.looked", obj, by=request.user, patient=self.patient_of(obj))
        return super().change_view(request, object_id, form_url, extra_context)

    def patient_of(self, obj):
        return getattr(obj, "patient", None)


class CatalogueAdmin(AuditedAdmin):
    """Rows that ship with the product: read-only except for `practice_fields`."""

    practice_fields: tuple[str, ...] = ()
    list_per_page = 50

    def has_add_permission(self, request, obj=None):
        return False

    def has_change_permission(self, request, obj=None):
        return bool(self.practice_fields) and super().has_change_permission(request, obj)

    def get_readonly_fields(self, request, obj=None):
        names = [field.name for field in self.model._meta.get_fields() if field.concrete]
        return [name for name in names if name not in self.practice_fields]


def _with_status(response: HttpResponse) -> HttpResponse:
    """422, or 409 where the form would overwrite what somebody else saved."""
    context = getattr(response, "context_data", None) or {}
    if "adminform" in context:
        rows = [row for formset in context["inline_admin_formsets"] for row in formset.formset.forms]
        lost = [form.lost_inputs for form in (context["adminform"].form, *rows) if form.lost]
        context["lost_inputs"] = " ".join(lost)
        response.status_code = responses.CONFLICT if lost else responses.UNPROCESSABLE
    return response


def _redirect_of(response: HttpResponse) -> str:
    """The address after a save, without the list's filter when it is too long for the form key."""
    if not isinstance(response, HttpResponseRedirect):
        raise FormNotSaved(response)
    is_short_enough = len(response.url) <= FormKey._meta.get_field("answer_url").max_length
    return response.url if is_short_enough else response.url.partition("?")[0]


def _changes(form) -> dict:
    return {
        name: [_audit_value(form.initial.get(name)), _audit_value(form.cleaned_data.get(name))]
        for name in form.changed_data
    }


def _audit_value(value):
    """A value as the audit stores it: rows by their text."""
    return [str(row) for row in value] if isinstance(value, list | models.QuerySet) else value


def show_refusal(request, violation: RuleViolation) -> None:
    """Show the reasons of a refusal as messages."""
    for reason in violation.reasons:
        messages.error(request, reason.message)
