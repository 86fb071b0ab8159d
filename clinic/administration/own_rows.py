"""Catalogues to which a practice adds rows of its own, and of which it retires what it does not use."""

import datetime as dt
import re
from collections.abc import Iterable

from django import forms
from django.contrib import admin
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clinic import catalogues
from clinic.administration.base import CatalogueAdmin
from clinic.administration.compared_form import ComparedForm
from clinic.models.own_rows import NAMESPACE
from clinic.values.errors import Reason

APPROVER = ("approved_by", "approved_on")
APPROVAL = ("source", *APPROVER)
RETIREMENT = ("retire", "retired_here_reason", "retired_here_approver")
KEPT = ("own", "retired_at", "retired_here_at", "retired_here_by", "facts_changed_at")
# Behind the rows of the file.
LAST_POSITION = 10_000
SHIPPED_WORDS = gettext_lazy(
    "This row comes with Filiform. Updates change it, nobody here does. You may retire it for this practice."
)
OWN_WORDS = gettext_lazy("This row is your own. No update of Filiform changes or retires it.")
CODE_WORDS = gettext_lazy(
    "Small letters and digits, such as ae. Filiform writes own- in front: no list that ships uses that. "
    "It cannot be changed later."
)
CODE = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


class OwnRowForm(ComparedForm):
    """A shipped row, which may be retired, or a row of the practice's own."""

    # the column whose namespace says that the row is the practice's own
    namespaced = "code"
    # columns that the approval of the row is not about
    approved_apart: frozenset[str] = frozenset()
    # columns of an own row that may not be blank, beside those that the table wants
    needed: tuple[str, ...] = ()

    retire = forms.BooleanField(required=False, label=gettext_lazy("Retired at this practice"))

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial.setdefault("retire", self.instance.retired_here_at is not None)
        for name in (*APPROVAL, *self.needed):
            if name in self.fields:
                self.fields[name].required = True
        if self.namespaced in self.fields:
            code = self.fields[self.namespaced]
            code.help_text, code.required = CODE_WORDS, True
            code.error_messages["unique"] = _("Another row has this code. Choose another.")

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("retire"):
            missing = [name for name in RETIREMENT[1:] if not cleaned.get(name)]
            for name in missing:
                self.add_error(name, _("Say why it is retired, and who approved that."))
        else:
            cleaned |= dict.fromkeys((name for name in RETIREMENT[1:] if name in self.fields), "")
        self._check_approval(cleaned.get("approved_on"))
        if self.namespaced in self.fields and cleaned.get(self.namespaced):
            cleaned[self.namespaced] = self._code(cleaned[self.namespaced])
        return cleaned

    def _check_approval(self, approved_on: dt.date | None) -> None:
        today = timezone.localdate()
        if approved_on and approved_on > today:
            self.add_error("approved_on", _("This day has not come yet. Enter the day of the approval."))
        changed = {*self.changed_data} - {*RETIREMENT, *self.approved_apart}
        is_approved_anew = not changed.isdisjoint(APPROVER)
        # a slip of the same day is corrected under the same approval
        if self.instance.pk and approved_on and changed and not is_approved_anew and approved_on != today:
            message = _(
                "This approval was given for what the row said before. Enter who approved this, and when."
            )
            self.add_error("approved_on", message)

    def offer(self, name: str, choices: Iterable) -> None:
        """Choices for a column that has none, where the row may be changed."""
        if name in self.fields:
            label, needed = self.fields[name].label, self.fields[name].required
            self.fields[name] = forms.ChoiceField(label=label, choices=choices, required=needed)

    def refuse(self, reasons: Iterable[Reason]) -> None:
        """Each reason at its field, where the form has it."""
        for reason in reasons:
            self.add_error(reason.field if reason.field in self.fields else None, reason.message)

    def _code(self, typed: str) -> str:
        letters = typed.strip().lower().removeprefix(NAMESPACE)
        if not CODE.fullmatch(letters):
            self.add_error(self.namespaced, _("Use small letters and digits only, such as ae."))
        return f"{NAMESPACE}{letters}"


class Standing(admin.SimpleListFilter):
    title = gettext_lazy("standing")
    parameter_name = "standing"

    def lookups(self, request, model_admin):
        return [
            ("own", _("your own")),
            ("current", _("in use")),
            ("retired-here", _("retired at this practice")),
            ("left", _("left the list of Filiform")),
        ]

    def queryset(self, request, queryset):
        which = {
            "own": {"own": True},
            "current": {"retired_at": None},
            "retired-here": {"retired_here_at__isnull": False},
            "left": {"retired_at__isnull": False, "retired_here_at": None},
        }
        return queryset.filter(**which.get(self.value(), {}))


class OwnRowsAdmin(CatalogueAdmin):
    """Shipped rows are read-only but for `practice_fields` and retiring; own rows are added and changed here.

    `own_fields` are what an own row says, `fixed_fields` of them what it says for good.
    """

    form = OwnRowForm
    own_fields: tuple[str, ...] = ()
    fixed_fields: tuple[str, ...] = ("code",)
    list_filter: Iterable = (Standing,)
    left_out = (*CatalogueAdmin.left_out, "own")
    # what retiring a row does to records that name it
    retiring_words = ""

    def has_add_permission(self, request, obj=None):
        return super(CatalogueAdmin, self).has_add_permission(request)

    def has_change_permission(self, request, obj=None):
        return super(CatalogueAdmin, self).has_change_permission(request, obj)

    def lookup_allowed(self, lookup, value, request=None):
        return lookup == Standing.parameter_name or super().lookup_allowed(lookup, value, request)

    def get_readonly_fields(self, request, obj=None):
        if obj is None:
            return ()
        free = {*self.practice_fields, *RETIREMENT}
        if obj.own:
            free |= {*self.own_fields, *APPROVAL} - {*self.fixed_fields}
        return [name for name in super().get_readonly_fields(request, obj) if name not in free]

    def field_groups(self, request, obj=None) -> list[tuple]:
        approval = (_("Source and approval"), {"fields": APPROVAL})
        limits = [(_("Limits"), {"fields": self.practice_fields})] if self.practice_fields else []
        if obj is None:
            return [(None, {"fields": self.own_fields, "description": OWN_WORDS}), *limits, approval]
        retired = {"fields": (*RETIREMENT, *_history(obj)), "description": self.retiring_words}
        if obj.own:
            about = {"fields": self.own_fields, "description": OWN_WORDS}
            return [(None, about), *limits, approval, (_("Retire"), retired)]
        about = {"fields": (*self._columns(), "source"), "description": SHIPPED_WORDS}
        return [(None, about), *limits, (_("Retire"), retired)]

    def _columns(self) -> list[str]:
        """What a shipped row says, limits and retiring aside."""
        columns = [field.name for field in (*self.opts.fields, *self.opts.many_to_many)]
        elsewhere = {*APPROVAL, *RETIREMENT, *KEPT, *self.practice_fields, *self.left_out}
        return [name for name in columns if name not in elsewhere]

    def save_model(self, request, obj, form, change):
        now = timezone.now()
        if not change:
            obj.own, obj.position = True, LAST_POSITION
        is_retired = obj.retired_here_at is not None
        if form.cleaned_data.get("retire") and not is_retired:
            obj.retired_here_at, obj.retired_here_by = now, request.user
            obj.retired_at = obj.retired_at or now
        elif is_retired and not form.cleaned_data.get("retire"):
            obj.retired_here_at = obj.retired_here_by = None
            # a row that left the file meanwhile does not come back
            obj.retired_at = None if obj.own or catalogues.is_in_file(obj) else obj.retired_at
        super().save_model(request, obj, form, change)

    @admin.display(description=gettext_lazy("Whose"))
    def whose(self, row) -> str:
        return _("your own") if row.own else _("Filiform's")

    @admin.display(description=gettext_lazy("Standing"))
    def standing(self, row) -> str:
        if row.retired_here_at:
            return _("retired here")
        return _("left the list") if row.retired_at else _("in use")


def _history(obj) -> tuple[str, ...]:
    """When and by whom it was retired, where it was."""
    return ("retired_here_at", "retired_here_by") if obj.retired_here_at else ()
