"""State rules in the administration: shipped ones to read, copies of the practice to change and approve."""

from django import forms
from django.contrib import admin, messages
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clinic.actions import state_rules
from clinic.administration import labels, shown_values
from clinic.administration.base import CatalogueAdmin
from clinic.administration.compared_form import ComparedForm
from clinic.models import Jurisdiction, Location, Practice
from clinic.rules import all_states
from clinic.rules import state_rules as rules
from clinic.selectors.all_states import opinion_in_force

# What stands at the top of a copy and is never changed by hand.
OF_A_COPY = ("code", "state", "profession", "based_on", "approved_at", "approved_by", "differences")


class OwnRulesForm(ComparedForm):
    """The practice's own rules. Approving them says who did, and needs source and day of checking."""

    approve = forms.BooleanField(
        label=gettext_lazy("Approve these rules for our practice"),
        required=False,
        help_text=gettext_lazy(
            "A place can stand under them from then on. What is saved without is not approved any more."
        ),
    )

    def clean(self):
        cleaned = super().clean()
        found = rules.approval_reasons(
            source=cleaned.get("source") or "",
            checked_on=cleaned.get("checked_on"),
            approves=bool(cleaned.get("approve")),
            is_used=is_used(self.instance),
            retires=bool(cleaned.get("retired_at")),
            lets_needle=self._lets_needle(cleaned),
            today=timezone.localdate(),
        )
        for reason in found:
            self.add_error(reason.field, reason.message)
        return cleaned

    def _lets_needle(self, cleaned: dict) -> bool:
        """Whether it permits what the shipped rules bar, and no lead recorded what counsel says."""
        shipped, today = self.instance.based_on, timezone.localdate()
        if all_states.bars(cleaned.get("status", ""), cleaned.get("valid_from"), on=today):
            return False
        bars = all_states.bars(shipped.status, shipped.valid_from, on=today)
        return bars and opinion_in_force(shipped) is None


def is_used(profile: Jurisdiction) -> bool:
    """Whether the practice or one of its places stands under these rules."""
    return (
        Practice.objects.filter(jurisdiction=profile).exists()
        or Location.objects.filter(jurisdiction=profile, retired_at=None).exists()
    )


class UnderStateRules:
    """A page on which the rules of a place are chosen: shipped ones, and copies that are approved."""

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change, **kwargs)
        stands = obj.jurisdiction_id if obj is not None else None
        offered = Q(pk__in=Jurisdiction.objects.in_use().values("pk")) | Q(pk=stands)
        form.base_fields["jurisdiction"].queryset = Jurisdiction.objects.filter(offered)
        return form


class StateRulesAdmin(CatalogueAdmin):
    """Shipped rules beside the practice's own copies. An update of the program changes no copy."""

    actions = ("copy_rules",)

    @admin.action(description=gettext_lazy("Copy for this practice"))
    def copy_rules(self, request, queryset):
        for profile in queryset:
            made = state_rules.copy(profile, by=request.user)
            messages.success(
                request, _("“%(name)s” is made. Open it to change and approve it.") % {"name": made.name}
            )

    @admin.display(description=gettext_lazy("otherwise than shipped today"))
    def differences(self, profile) -> str:
        words = labels.labels_of(Jurisdiction)
        return shown_values.chips(
            _("%(rule)s: %(own)s (shipped: %(shipped)s)")
            % {"rule": words[one.name], "own": one.own, "shipped": one.shipped}
            for one in rules.differences(profile, profile.based_on)
        )

    def has_change_permission(self, request, obj=None):
        return (obj is None or obj.is_own) and self.has_view_permission(request, obj)

    def get_readonly_fields(self, request, obj=None):
        return OF_A_COPY if obj is not None and obj.is_own else super().get_readonly_fields(request, obj)

    def get_fields(self, request, obj=None):
        if obj is None or not obj.is_own:
            return [*super().get_fields(request, obj)]
        shown = [name for name in rules.rule_names() if name not in OF_A_COPY]
        return [*OF_A_COPY, *shown, "retired_at", "approve"]

    def get_form(self, request, obj=None, change=False, **kwargs):
        if obj is not None and obj.is_own:
            kwargs["form"] = OwnRulesForm
        return super().get_form(request, obj, change, **kwargs)

    def save_model(self, request, obj, form, change):
        super().save_model(request, obj, form, change)
        if form.cleaned_data["approve"]:
            state_rules.approve(obj, by=request.user)
        elif obj.approved_at is not None:
            state_rules.end_approval(obj, by=request.user)
