"""Forms of restricting a record, lifting the restriction, and emergency access."""

from django import forms
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clinic.access import GRANTS, Permission
from clinic.forms.base import StaffForm
from clinic.models import Role, RoleGrant, User
from clinic.web.text_fields import TextField

ROLES_WITH_RECORDS = [role for role in Role if Permission.PATIENT_VIEW in GRANTS[role]]


def reason_field(label: str, example: str) -> TextField:
    return TextField(
        label=label, max_length=500, help_text=example, widget=forms.TextInput(attrs={"data-width": "20"})
    )


class RestrictionForm(StaffForm):
    needed = {
        "people": gettext_lazy("Name at least one person who may open the record."),
        "reason": gettext_lazy("Say why, in a few words."),
    }

    people = forms.ModelMultipleChoiceField(
        label=gettext_lazy("Who may open the record?"),
        queryset=User.objects.none(),
        widget=forms.CheckboxSelectMultiple(attrs={"data-look": "chips"}),
    )
    account = forms.ModelChoiceField(
        label=gettext_lazy("Does the patient work here?"),
        queryset=User.objects.none(),
        required=False,
        empty_label=gettext_lazy("No"),
        help_text=gettext_lazy("Their own account never opens this record while it is restricted."),
    )
    reason = reason_field(gettext_lazy("Why"), gettext_lazy("For example: works at our desk"))

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        everybody = User.objects.filter(is_active=True).order_by("last_name", "first_name", "pk")
        self.fields["account"].queryset = everybody
        self.fields["people"].queryset = everybody.filter(pk__in=_at_work())
        # read once for both lists
        staff = list(everybody.annotate(is_at_work=Q(pk__in=_at_work())))
        self.fields["account"].choices = [("", _("No")), *_name_choices(staff)]
        self.fields["people"].choices = _name_choices(person for person in staff if person.is_at_work)


def _at_work():
    grants = RoleGrant.objects.current(on=timezone.localdate()).filter(role__in=ROLES_WITH_RECORDS)
    return grants.values("user")


def _name_choices(people) -> list[tuple[int, str]]:
    return [(person.pk, person.display_name) for person in people]


class LiftForm(StaffForm):
    needed = {"reason": gettext_lazy("Say why, in a few words.")}

    reason = reason_field(gettext_lazy("Why"), gettext_lazy("For example: does not work here any more"))


class EmergencyAccessForm(StaffForm):
    needed = {"reason": gettext_lazy("Say why you need the record now.")}

    reason = reason_field(
        gettext_lazy("Why do you need it now?"),
        gettext_lazy("For example: here with pain after the last treatment"),
    )
