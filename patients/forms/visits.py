"""Forms to book, start and change a visit, and to record and undo its steps."""

from django import forms
from django.db.models import OuterRef
from django.utils import timezone

from clinic.forms.base import StaffForm
from clinic.forms.fields import MomentField
from clinic.models import Location, Role, Room, User
from clinic.models.rows import RelatedRows
from clinic.rules import parsing
from clinic.web.text_fields import TextField
from patients.models import Visit


def _rooms() -> RelatedRows:
    return RelatedRows(
        Room.objects.filter(location=OuterRef("pk"), retired_at=None).order_by("name"), pk="pk", name="name"
    )


class TherapistChoiceField(forms.ModelChoiceField):
    def label_from_instance(self, person):
        return person.display_name


class WalkInForm(StaffForm):
    needed = {"therapist": "Choose who treats the patient.", "kind": "Choose the kind of visit."}

    therapist = TherapistChoiceField(label="With", queryset=User.objects.none(), empty_label="Choose")
    location = forms.ModelChoiceField(label="Where", queryset=Location.objects.none(), empty_label=None)
    room = forms.ModelChoiceField(
        label="Room", queryset=Room.objects.none(), required=False, empty_label="Any free room"
    )
    kind = forms.ChoiceField(label="Kind of visit", choices=[("", "Choose"), *Visit.Kind.choices])
    minutes = forms.IntegerField(
        label="Minutes",
        min_value=5,
        max_value=480,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "data-width": "4"}),
        error_messages={
            "invalid": "Write the minutes in digits, such as 30.",
            "min_value": "A visit lasts 5 minutes at least.",
            "max_value": "A visit lasts 480 minutes at most.",
        },
    )
    desk_note = TextField(
        label="Note for the desk",
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Nothing clinical: everybody at the desk reads it.",
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["therapist"].queryset = User.objects.holding(Role.THERAPIST, on=timezone.localdate())
        self.fields["location"].queryset = Location.objects.filter(retired_at=None)
        self.fields["room"].queryset = Room.objects.filter(retired_at=None)
        # locations and rooms in one query, for both lists
        places = list(self.fields["location"].queryset.annotate(its_rooms=_rooms()))
        self.fields["location"].choices = [(place.pk, str(place)) for place in places]
        rooms = [(row["pk"], row["name"]) for place in places for row in place.its_rooms]
        self.fields["room"].choices = [("", self.fields["room"].empty_label), *rooms]


class VisitForm(WalkInForm):
    needed = {
        **WalkInForm.needed,
        "booked_for": f"Enter the day and the time, such as {parsing.moment_examples()}.",
    }

    booked_for = MomentField()

    field_order = ["booked_for", "minutes", "therapist", "location", "room", "kind", "desk_note"]


class ReasonForm(StaffForm):
    """The reason for undoing a step, or for a cancelled or missed visit."""

    needed = {"reason": "Say why, in a few words."}

    reason = TextField(label="Why", max_length=500, widget=forms.TextInput(attrs={"data-width": "20"}))


class StepForm(StaffForm):
    """The post of a step button."""

    VERBS = [(verb, verb) for verb in ("arrive", "room", "leave", "cancel", "miss")]

    verb = forms.ChoiceField(choices=VERBS)
    room = forms.ModelChoiceField(queryset=Room.objects.filter(retired_at=None), required=False)
    reason = TextField(required=False, max_length=500)

    def clean(self):
        values = super().clean()
        if values.get("verb") == "cancel" and not values.get("reason"):
            self.add_error("reason", forms.ValidationError("Say why the visit is canceled.", code="reason"))
        return values
