"""Base classes of the administration: audited changes, read-only tables, recorded looks."""

from collections.abc import Callable, Mapping
from functools import partial

from django import forms
from django.contrib import admin, messages
from django.db import models, transaction
from django.http import HttpResponseNotAllowed
from django.utils.functional import cached_property, lazy
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clinic import audit
from clinic.access import Permission, may
from clinic.administration import controls, help_words, labels, problems, saving, shown_values
from clinic.administration.compared_form import ComparedForm
from clinic.administration.sections import Section
from clinic.forms import fields
from clinic.values.errors import RuleViolation
from clinic.web import responses, text_fields


class OnlyAdministrators:
    """Permissions come from roles, never from Django's model permissions."""

    # nothing here is looked at elsewhere: who may read a record finds it in the product
    view_on_site = False
    # Django's default for an instant is two inputs without labels, for a day an input with two scripts
    formfield_overrides = {
        models.DateTimeField: {"form_class": forms.DateTimeField, "widget": forms.DateTimeInput},
        models.DateField: {"form_class": fields.DayField, "widget": forms.TextInput},
        models.CharField: {"form_class": text_fields.TextField},
        models.TextField: {"form_class": text_fields.TextField},
        models.SlugField: {"form_class": forms.SlugField},
        models.EmailField: {"form_class": text_fields.EmailField},
        models.JSONField: {"form_class": text_fields.JsonField},
    }

    # {the name of a column: the form field that reads it}
    read_by: Mapping[str, type[forms.Field]] = {"phone": fields.PhoneField}
    # {the name of a column that holds a list: a function that takes the row and gives the texts of its chips}
    chips: Mapping[str, Callable] = {}
    # columns that the program keeps for itself
    left_out: tuple[str, ...] = ()

    @property
    def media(self):
        """None of Django's scripts: jQuery and what hangs on it are twice as heavy as the page."""
        return forms.Media()

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        """Without the links to windows of their own beside a choice, which need those scripts."""
        if db_field.name in self.read_by:
            kwargs["form_class"] = self.read_by[db_field.name]
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field is not None:
            field.widget = getattr(field.widget, "widget", field.widget)
            controls.limit_number(field, db_field)
        return field

    def formfield_for_manytomany(self, db_field, request, **kwargs):
        kwargs |= {"form_class": controls.RowsByName, "widget": forms.CheckboxSelectMultiple}
        field = super().formfield_for_manytomany(db_field, request, **kwargs)
        field.help_text = db_field.help_text
        return field

    @cached_property
    def chip_columns(self) -> dict[str, Callable]:
        """{the name of a list: the column that is shown in its place where it is only read}"""
        columns = [*self.opts.fields, *self.opts.many_to_many]
        lists = [field for field in columns if field.name in self.chips or shown_values.is_list(field)]
        return {field.name: self._chips_column(field) for field in lists}

    def _chips_column(self, field: models.Field) -> Callable:
        words_of = self.chips.get(field.name, shown_values.words_in(field.name))
        return shown_values.chips_column(field.name, lazy(labels.label_of, str)(field), words_of)

    def get_fieldsets(self, request, obj=None):
        """To read: a list as chips. What can be changed keeps its own control."""
        is_read = obj is not None and not self.has_change_permission(request, obj)
        read = self.get_readonly_fields(request, obj)

        def shown(names) -> list:
            found = [self.chip_columns.get(name, name) if is_read or name in read else name for name in names]
            return [name for name in dict.fromkeys(found) if name not in self.left_out]

        groups = self.field_groups(request, obj)
        return [(title, {**group, "fields": shown(group["fields"])}) for title, group in groups]

    def field_groups(self, request, obj=None) -> list[tuple]:
        """The groups of fields as Django takes them, lists by the names of their columns."""
        return super().get_fieldsets(request, obj)

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


class TableAdmin(OnlyAdministrators):
    """A page of the administration: where it stands, and what it and its columns are called."""

    section = Section.READ_ONLY
    # in place of the model's own name
    name_in_menu = ""
    menu_words = ""
    search_label = gettext_lazy("Search")

    @property
    def menu_name(self) -> str:
        return str(self.name_in_menu) or capfirst(_(str(self.opts.verbose_name_plural)))

    def page_in_menu(self) -> str:
        """Another page than the list, or nothing."""
        return ""

    def head_words(self, text: str) -> str:
        return labels.heads_of(self.model).get(capfirst(text), capfirst(text))

    def get_form(self, request, obj=None, change=False, **kwargs):
        kwargs |= {"labels": labels.labels_of(self.model), "help_texts": self.help_texts()}
        form = super().get_form(request, obj, change, **kwargs)
        for field in list(form.base_fields.values())[: 0 if change else 1]:
            field.widget.attrs["autofocus"] = True
        return form

    def help_texts(self) -> dict:
        """The sentence beneath each field; a form may have its own."""
        own = getattr(getattr(self.form, "Meta", None), "help_texts", None) or {}
        return {**help_words.words_of(self.model), **own}

    def changelist_view(self, request, extra_context=None):
        return super().changelist_view(
            request, {"title": self.menu_name, **self._place(), **(extra_context or {})}
        )

    def render_change_form(self, request, context, *args, **kwargs):
        """Our summary of what to correct stands in the place of Django's, which leads nowhere."""
        found = problems.of_page(context["adminform"].form, context["inline_admin_formsets"])
        ours = {**self._place(), "problems": found, "errors": None}
        return super().render_change_form(request, context | ours, *args, **kwargs)

    def _place(self) -> dict:
        return {"section": self.section.crumb, "menu_name": self.menu_name}


class AuditedAdmin(TableAdmin, admin.ModelAdmin):
    """Changes are recorded in the audit with the values before and after."""

    actions = None
    form = ComparedForm

    def message_user(self, request, message, level=messages.INFO, extra_tags="", fail_silently=False):
        """Django tells at length that a row “was changed successfully”; one word says as much."""
        said = _("Saved.") if level == messages.SUCCESS else message
        super().message_user(request, said, level, extra_tags, fail_silently)

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        """A form that is sent twice gets the same response and is saved once."""
        context = {"form_key": responses.form_key(request), **(extra_context or {})}
        save = partial(super().changeform_view, request, object_id, form_url, context)
        if request.method != "POST":
            return save()
        try:
            return responses.perform_once(
                request, request.resolver_match.view_name, lambda: saving.redirect_of(save())
            )
        except saving.FormNotSaved as refused:
            return saving.with_status(refused.response)

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


class ReadOnlyAdmin(TableAdmin, admin.ModelAdmin):
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
    left_out = ("id", "position")
    list_per_page = 50

    def has_add_permission(self, request, obj=None):
        return False

    def has_change_permission(self, request, obj=None):
        return bool(self.practice_fields) and super().has_change_permission(request, obj)

    def get_readonly_fields(self, request, obj=None):
        names = [field.name for field in self.model._meta.get_fields() if field.concrete]
        return [*(name for name in names if name not in self.practice_fields), *self.chip_columns.values()]


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
