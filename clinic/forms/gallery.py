"""One field of each look, for the gallery of components."""

from django import forms

from clinic.forms.base import StaffForm
from clinic.forms.fields import BirthDateField
from clinic.rules.body_chart import regions_by_code
from clinic.web.text_fields import TextField


def _regions():
    sides = (("l", "left"), ("r", "right"))
    return [
        (f"{code}-{letter}", f"{row['name']}, {side}")
        for code, row in regions_by_code().items()
        for letter, side in sides
    ]


class Specimen(StaffForm):
    """One field of each look."""

    born = BirthDateField()
    mobile = TextField(
        label="Cell phone",
        min_length=10,
        error_messages={"min_length": "The cell phone number is too short: 10 digits are needed"},
        widget=forms.TextInput(attrs={"data-width": "12", "inputmode": "tel"}),
    )
    kind = forms.ChoiceField(label="Kind of visit", choices=[("", "Choose"), ("first", "First visit")])
    note = TextField(label="Note for the desk", required=False, widget=forms.Textarea(attrs={"rows": 2}))
    agreed = forms.BooleanField(label="May be texted about visits", required=False)
    pain = forms.ChoiceField(
        label="Pain before",
        choices=[*((n, n) for n in range(11)), ("not-asked", "Not asked")],
        widget=forms.RadioSelect(attrs={"data-look": "scale"}),
    )
    insertions = forms.ChoiceField(
        label="Insertions",
        choices=[*((n, n) for n in range(1, 7)), ("more", "more")],
        widget=forms.RadioSelect(attrs={"data-look": "chips", "data-chips": "num"}),
    )
    side = forms.ChoiceField(
        label="Side",
        choices=[("left", "Left"), ("right", "Right"), ("both", "Both")],
        widget=forms.RadioSelect(attrs={"data-look": "chips", "data-letters": "yes"}),
    )
    view = forms.ChoiceField(
        label="View",
        choices=[("front", "Front"), ("back", "Back")],
        widget=forms.RadioSelect(attrs={"data-look": "seg"}),
    )
    answer = forms.ChoiceField(
        label="Do you take blood thinners?",
        choices=[("yes", "Yes"), ("no", "No"), ("unknown", "Not known")],
        widget=forms.RadioSelect,
    )
    regions = forms.MultipleChoiceField(
        label="Where", choices=_regions, widget=forms.CheckboxSelectMultiple(attrs={"data-look": "body"})
    )
    typed_name = TextField(label="Type your full name")
    drawn = forms.CharField(required=False, widget=forms.HiddenInput)
