"""Forms to book, start and change a visit, and to record and undo its steps."""

from django import forms
from django.db.models import OuterRef
from django.utils import timezone
from django.utils.functional import lazy
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clinic.django_internals.prepared import PreparedQuery
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


THERAPISTS = PreparedQuery(lambda on: User.objects.holding(Role.THERAPIST, on=on))
PLACES = PreparedQuery(lambda: Location.objects.filter(retired_at=None).annotate(its_rooms=_rooms()))


class TherapistChoiceField(forms.ModelChoiceField):
    def label_from_instance(self, person):
        return person.display_name


class WalkInForm(StaffForm):
    needed = {
        "therapist": gettext_lazy("Choose who treats the patient."),
        "kind": gettext_lazy("Choose the kind of visit."),
    }

    therapist = TherapistChoiceField(
        label=gettext_lazy("With"), queryset=User.objects.none(), empty_label=gettext_lazy("Choose")
    )
    location = forms.ModelChoiceField(
        label=gettext_lazy("Where"), queryset=Location.objects.none(), empty_label=None
    )
    room = forms.ModelChoiceField(
        label=gettext_lazy("Room"),
        queryset=Room.objects.none(),
        required=False,
        empty_label=gettext_lazy("Any free room"),
    )
    kind = forms.ChoiceField(
        label=gettext_lazy("Kind of visit"), choices=[("", gettext_lazy("Choose")), *Visit.Kind.choices]
    )
    minutes = forms.IntegerField(
        label=gettext_lazy("Minutes"),
        min_value=5,
        max_value=480,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "data-width": "4"}),
        error_messages={
            "invalid": gettext_lazy("Write the minutes in digits, such as 30."),
            "min_value": gettext_lazy("A visit lasts 5 minutes at least."),
            "max_value": gettext_lazy("A visit lasts 480 minutes at most."),
        },
    )
    desk_note = TextField(
        label=gettext_lazy("Note for the desk"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("Nothing clinical: everybody at the desk reads it."),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        today = timezone.localdate()
        therapist = self.fields["therapist"]
        therapist.queryset = User.objects.holding(Role.THERAPIST, on=today)
        # read when it is drawn: who posts has chosen
        therapist.choices = lambda: [
            ("", therapist.empty_label),
            *((person.pk, person.display_name) for person in THERAPISTS(on=today)),
        ]
        self.fields["location"].queryset = Location.objects.filter(retired_at=None)
        self.fields["room"].queryset = Room.objects.filter(retired_at=None)
        # locations and rooms in one query, for both lists
        places = PLACES()
        self.fields["location"].choices = [(place.pk, str(place)) for place in places]
        rooms = [(row["pk"], row["name"]) for place in places for row in place.its_rooms]
        self.fields["room"].choices = [("", self.fields["room"].empty_label), *rooms]


class VisitForm(WalkInForm):
    needed = {
        **WalkInForm.needed,
        "booked_for": format_lazy(
            gettext_lazy("Enter the day and the time, such as {examples}."),
            examples=lazy(parsing.moment_examples, str)(),
        ),
    }

    booked_for = MomentField(asks_half=True)

    field_order = ["booked_for", "minutes", "therapist", "location", "room", "kind", "desk_note"]


class ReasonForm(StaffForm):
    """The reason for undoing a step, or for a cancelled or missed visit."""

    needed = {"reason": gettext_lazy("Say why, in a few words.")}

    reason = TextField(
        label=gettext_lazy("Why"), max_length=500, widget=forms.TextInput(attrs={"data-width": "20"})
    )


class StepForm(StaffForm):
    """The post of a step button."""

    VERBS = [(verb, verb) for verb in ("arrive", "room", "leave", "cancel", "miss")]

    verb = forms.ChoiceField(label=gettext_lazy("Step"), choices=VERBS)
    room = forms.ModelChoiceField(
        label=gettext_lazy("Room"), queryset=Room.objects.filter(retired_at=None), required=False
    )
    reason = TextField(label=gettext_lazy("Reason"), required=False, max_length=500)

    def clean(self):
        values = super().clean()
        if values.get("verb") == "cancel" and not values.get("reason"):
            self.add_error(
                "reason", forms.ValidationError(_("Say why the visit is canceled."), code="reason")
            )
        return values
