"""The forms of the reports."""

from clinic.forms.base import StaffForm
from treatments.forms.session.typed_values import LimitedText


class LotForm(StaffForm):
    needed = {"lot": "Type the lot number printed on the box."}

    lot = LimitedText(required=True, limit=60, label="Lot number")
