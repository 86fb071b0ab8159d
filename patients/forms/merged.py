"""Forms about two records that may be one person."""

from django.utils.translation import gettext_lazy

from clinic.forms.base import StaffForm
from patients.forms.restrictions import reason_field


class ApartForm(StaffForm):
    needed = {
        "reason": gettext_lazy("Say why they are different people, such as “Twins” or “Father and son”.")
    }

    reason = reason_field(
        gettext_lazy("Why are they different people?"), gettext_lazy("For example: twins, father and son")
    )
