"""A needled site as it is typed or tapped, and the small forms around it."""

import re
import uuid
from decimal import Decimal
from functools import cached_property

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clinic.forms.base import StaffForm
from clinic.models import BodyRegion
from clinic.models.base import MAX_TEXT, Side
from treatments.forms.session.typed_values import LimitedText, MeasuredNumber, WholeNumber
from treatments.forms.sites.muscle_names import TypedMuscle
from treatments.models import Muscle, NeedleSite
from treatments.rules.session.parts import SiteChoices
from treatments.rules.sites import muscle_parts, places, proposals
from treatments.rules.sites import origins as origins_rules
from treatments.rules.sites.over_lung import is_over_lung

OTHER = "other"
MORE = "more"
SIDES = [
    ("left", gettext_lazy("Left")),
    ("right", gettext_lazy("Right")),
    ("both", gettext_lazy("Both")),
    ("midline", gettext_lazy("Midline")),
]
HOW_MANY = {
    "insertions": gettext_lazy("Enter how many insertions."),
    "twitches": gettext_lazy("Enter how many twitches."),
}
YES_NO = [("yes", gettext_lazy("Yes")), ("no", gettext_lazy("No"))]
CHIPS = {"data-look": "chips"}
NUM = {"data-look": "chips", "data-chips": "num"}
TYPEAHEAD = {
    "data-muscle": "", "autocomplete": "off", "spellcheck": "false", "list": "muscle-list",
    "placeholder": gettext_lazy("Code or name"),
}  # fmt: skip
SIZE = re.compile(r"0\.[0-9]{1,2}x[0-9]{1,3}")
# The fields of the form that are columns of a site as they are.
COLUMNS = (
    "side", "gauge_mm", "length_mm", "depth_mm", "technique", "tissue", "needles", "sub_site", "direction",
    "pain_during", "bleeding", "haemostasis", "lot",
)  # fmt: skip
STIMULATION = ("stimulation_device", "stimulation_hz", "stimulation_us", "stimulation_ma")


class SiteForm(StaffForm):
    """One site. `choices` are what its draft and the practice offer."""

    needed = {
        "muscle": gettext_lazy("Choose a muscle, or write its name."),
        "side": gettext_lazy("Choose left, right, both or midline."),
        "insertions": gettext_lazy("Enter the insertions."),
        "twitches": gettext_lazy("Enter the twitches. 0 is an answer."),
        "needle": gettext_lazy("Choose a needle."),
        "technique": gettext_lazy("Choose how it was needled."),
        "tissue": gettext_lazy("Choose what the needle was aimed at."),
    }

    key = forms.UUIDField(widget=forms.HiddenInput)
    region = forms.CharField(required=False, widget=forms.HiddenInput)
    origins = forms.CharField(required=False, widget=forms.HiddenInput)
    adopted_from = forms.CharField(required=False, widget=forms.HiddenInput)
    muscle = LimitedText(
        required=True,
        limit=120,
        label=gettext_lazy("Muscle, code or name"),
        widget=forms.TextInput(attrs=dict(TYPEAHEAD)),
    )
    side = forms.ChoiceField(
        label=gettext_lazy("Side"),
        choices=SIDES,
        widget=forms.RadioSelect(attrs={**CHIPS, "data-letters": "yes"}),
    )
    insertions = forms.ChoiceField(
        label=gettext_lazy("Insertions"),
        choices=[*((str(n), str(n)) for n in range(1, 7)), (MORE, gettext_lazy("more"))],
        widget=forms.RadioSelect(attrs=dict(NUM)),
    )
    insertions_more = WholeNumber(low=1, high=99, label=gettext_lazy("How many insertions"))
    twitches = forms.ChoiceField(
        label=gettext_lazy("Twitches"),
        choices=[*((str(n), str(n)) for n in range(5)), (MORE, gettext_lazy("more"))],
        widget=forms.RadioSelect(attrs=dict(NUM)),
    )
    twitches_more = WholeNumber(low=0, high=99, label=gettext_lazy("How many twitches"))
    depth_mm = WholeNumber(low=1, high=150, unit="mm", label=gettext_lazy("Depth in mm"))
    needle = forms.ChoiceField(label=gettext_lazy("Needle"), widget=forms.RadioSelect(attrs=dict(CHIPS)))
    gauge_mm = MeasuredNumber(low="0.10", high="0.90", label=gettext_lazy("Gauge in mm"))
    length_mm = WholeNumber(low=5, high=150, unit="mm", label=gettext_lazy("Length in mm"))
    technique = forms.ChoiceField(
        label=gettext_lazy("Technique"),
        choices=NeedleSite.Technique.choices,
        widget=forms.RadioSelect(attrs=dict(CHIPS)),
    )
    dwell = WholeNumber(low=0, high=240, unit=gettext_lazy("minutes"), label=gettext_lazy("Minutes left in"))
    tissue = forms.ChoiceField(
        label=gettext_lazy("Aimed at"),
        choices=NeedleSite.Tissue.choices,
        widget=forms.RadioSelect(attrs=dict(CHIPS)),
    )
    needles = WholeNumber(low=1, high=99, label=gettext_lazy("Needles used"))
    sub_site = LimitedText(limit=120, label=gettext_lazy("Spinal level or part"))
    direction = LimitedText(limit=120, label=gettext_lazy("Direction"))
    taut_band = forms.ChoiceField(
        required=False, label=gettext_lazy("Taut band"), choices=YES_NO, widget=forms.RadioSelect(attrs=CHIPS)
    )
    nodule = forms.ChoiceField(
        required=False, label=gettext_lazy("Nodule"), choices=YES_NO, widget=forms.RadioSelect(attrs=CHIPS)
    )
    referral_reproduced = forms.ChoiceField(
        required=False,
        label=gettext_lazy("Referred pain reproduced"),
        choices=YES_NO,
        widget=forms.RadioSelect(attrs=CHIPS),
    )
    pain_during = WholeNumber(low=0, high=10, label=gettext_lazy("Pain during, 0 to 10"))
    bleeding = forms.ChoiceField(
        required=False,
        label=gettext_lazy("Bleeding"),
        choices=NeedleSite.Bleeding.choices,
        widget=forms.RadioSelect(attrs=dict(CHIPS)),
    )
    haemostasis = LimitedText(limit=120, label=gettext_lazy("Hemostasis"))
    lot = LimitedText(limit=60, label=gettext_lazy("Lot number"))
    site_note = LimitedText(
        limit=MAX_TEXT, label=gettext_lazy("Note on this site"), widget=forms.Textarea(attrs={"rows": 2})
    )
    stimulation_device = LimitedText(limit=60, label=gettext_lazy("Device"))
    stimulation_hz = MeasuredNumber(low=0, high=9999, places=1, label=gettext_lazy("Frequency in Hz"))
    stimulation_us = WholeNumber(low=0, high=100_000, label=gettext_lazy("Pulse width in µs"))
    stimulation_ma = MeasuredNumber(low=0, high=100, label=gettext_lazy("Intensity in mA"))
    session_condition = forms.ChoiceField(
        required=False, label=gettext_lazy("Aimed at condition"), widget=forms.RadioSelect(attrs=CHIPS)
    )

    def __init__(self, data=None, *, choices: SiteChoices, editing=False, catalogue=None, kept="", **kwargs):
        """`catalogue` are the muscles by code, and by name too, where they were read already.

        `kept`: the code of the muscle that the site has; it may stay when it is retired.
        """
        super().__init__(data, **kwargs)
        self.choices, self.editing, self.catalogue, self.kept = choices, editing, catalogue, kept
        # which of the row's muscles was typed, where one was
        self.part = ""
        self.stock = stock_choices(choices.needle_stock)
        self.fields["needle"].choices = [*self.stock, (OTHER, _("other"))]
        conditions = [(str(row.pk), row.named) for row in choices.conditions]
        self.fields["session_condition"].choices = conditions
        if editing:
            self.fields["side"].choices = Side.choices

    def clean_muscle(self):
        """An unlisted name is stored as it was written."""
        text, region = self.cleaned_data["muscle"], self.cleaned_data["region"]
        typed = TypedMuscle(text, catalogue=self.catalogue, region=region, kept=self.kept)
        muscle, self.part = typed.found()
        self.cleaned_data["unlisted_name"] = "" if muscle else text
        return muscle

    def clean(self):
        data = super().clean()
        for name in ("insertions", "twitches"):
            data[name] = self._counted(name)
        self._split_needle(data)
        self._name_part(data)
        self._ask_about_place(data)
        if not self.editing and data.get("needles") is None:
            each = self.choices.one_needle_each
            technique = data.get("technique", "")
            data["needles"] = proposals.needles_for(
                data.get("insertions"), technique=technique, one_each=each
            )
        if self.editing and data.get("needles") is None and "needles" not in self.errors:
            self.add_error("needles", _("Enter the needles used, from 1 to 99."))
        return data

    def values(self) -> dict:
        """The columns of a site, ready for the action."""
        data = self.cleaned_data
        dwell = data.get("dwell")
        values = {
            name: data[name] for name in ("muscle", "unlisted_name", "insertions", "twitches", *COLUMNS)
        }
        values |= {name: data[name] or ("" if name == "stimulation_device" else None) for name in STIMULATION}
        values |= {name: _truth(data[name]) for name in ("taut_band", "nodule", "referral_reproduced")}
        values["dwell_seconds"] = None if dwell is None else dwell * 60
        values["session_condition_id"] = int(data["session_condition"]) if data["session_condition"] else None
        values["note"] = data["site_note"]
        values["region"] = self.place
        return values

    def value_origins(self) -> dict[str, str]:
        """The origin of each value, as the page sent it."""
        over_lung = is_over_lung(self.cleaned_data["muscle"], self.place)
        return origins_rules.parse(self.cleaned_data["origins"], over_lung=over_lung)

    def _counted(self, name: str) -> int | None:
        """The chip, or the number behind “more”."""
        chosen = self.cleaned_data.get(name)
        if chosen != MORE:
            return int(chosen) if chosen else None
        number = self.cleaned_data.get(f"{name}_more")
        if number is None and f"{name}_more" not in self.errors:
            self.add_error(f"{name}_more", HOW_MANY[name])
        return number

    def _name_part(self, data: dict) -> None:
        """The muscle that was typed by its own name stands before what was written of its place."""
        if not self.part or "sub_site" not in data:
            return
        if self.part.casefold() not in data["sub_site"].casefold():
            data["sub_site"] = muscle_parts.with_parts(data["sub_site"], (self.part,))
        if len(data["sub_site"]) > muscle_parts.MAX_SUB_SITE:
            self.add_error("sub_site", _("Together with the muscle’s name this is too long. Shorten it."))

    def _ask_about_place(self, data: dict) -> None:
        """An edited site keeps its region in the form, where nobody picked it for another muscle."""
        muscle = data.get("muscle")
        message = places.elsewhere(muscle, muscle.lies_in(), data.get("region", "")) if muscle else ""
        if message and not self.editing:
            self.add_error("region", message)

    def _split_needle(self, data: dict) -> None:
        """“0.30x40” becomes gauge and length; “other” takes the two fields."""
        chosen = data.get("needle", "")
        if chosen and chosen != OTHER:
            gauge, times, length = chosen.partition("x")
            data["gauge_mm"], data["length_mm"] = Decimal(gauge), int(length)
        elif chosen == OTHER:
            for name in ("gauge_mm", "length_mm"):
                if data.get(name) is None and name not in self.errors:
                    self.add_error(name, _("Enter both, such as 0.30 and 40."))
        if data.get("gauge_mm") is not None:
            data["gauge_mm"] = data["gauge_mm"].quantize(Decimal("0.01"))

    @cached_property
    def place(self) -> BodyRegion | None:
        """The region that was tapped, if the muscle lies there; else the muscle's first one."""
        muscle: Muscle | None = self.cleaned_data["muscle"]
        if muscle is None:
            picked = self.cleaned_data["region"]
            return BodyRegion.objects.filter(code=picked).first() if picked else None
        regions = muscle.lies_in()
        return next((r for r in regions if r.code == self.cleaned_data["region"]), next(iter(regions), None))


def stock_choices(stock: str) -> list[tuple[str, str]]:
    """“0.25x30,0.30x40” as chips; whatever is no size is left out."""
    typed = stock.lower().replace("×", "x").split(",")
    sizes = [part.replace(" ", "") for part in typed]
    return [(size, size.replace("x", " × ")) for size in sizes if SIZE.fullmatch(size)]


def values_of(site: NeedleSite, stock) -> dict:
    """A saved site as the form shows it again."""
    needle = f"{site.gauge_mm:.2f}x{site.length_mm}"
    values = {name: getattr(site, name) for name in ("key", *COLUMNS, *STIMULATION)}
    counts = {**_counted("insertions", site.insertions, 6), **_counted("twitches", site.twitches, 4)}
    flags = {name: _yes_no(getattr(site, name)) for name in ("taut_band", "nodule", "referral_reproduced")}
    return {
        **values,
        **counts,
        **flags,
        "muscle": f"{site.muscle.name} ({site.muscle.code.upper()})" if site.muscle else site.unlisted_name,
        "region": site.region.code if site.region else "",
        "needle": needle if needle in dict(stock) else OTHER,
        "dwell": None if site.dwell_seconds is None else round(site.dwell_seconds / 60),
        "site_note": site.note,
        "session_condition": str(site.session_condition_id or ""),
    }


def _counted(name: str, number: int, most: int) -> dict:
    """A chip up to `most`, else the chip “more” and the number beside it."""
    more = number > most
    return {name: MORE if more else str(number), f"{name}_more": number if more else None}


def new_key() -> str:
    return str(uuid.uuid4())


def _truth(answer: str) -> bool | None:
    return None if not answer else answer == "yes"


def _yes_no(truth: bool | None) -> str:
    return "" if truth is None else "yes" if truth else "no"
