"""Several sites in one line: each parsed, completed with proposals, and checked like a typed row."""

import uuid
from dataclasses import dataclass

from django import forms

from clinic.forms.base import StaffForm
from treatments.forms.session.typed_values import LimitedText
from treatments.forms.sites.entry import OTHER, SiteForm, stock_choices
from treatments.models import NeedleSite
from treatments.rules.session.parts import SiteChoices
from treatments.rules.sites import origins, shorthand

# What is proposed where the line has no value: the form's field, the key of the muscle's option.
PROPOSED_FIELDS = (
    ("needle", "needle"),
    ("technique", "technique"),
    ("tissue", "tissue"),
    ("depth_mm", "depth"),
)


@dataclass(frozen=True)
class ShorthandRow:
    """One site of the line: its tokens, its form, what is still missing, and the origins of its values."""

    entry: shorthand.ShorthandEntry
    form: SiteForm | None
    problems: list[str]
    value_origins: dict[str, str]

    @property
    def site(self) -> NeedleSite | None:
        """As it would be saved."""
        if self.problems or self.form is None:
            return None
        values = self.form.values()
        side = self.entry.values["side"]
        return NeedleSite(**{**values, "side": "left" if side == "both" else side})

    @property
    def proposals(self) -> list[dict]:
        return origins.origin_lines(self.value_origins, only_proposals=True)


class ShorthandForm(StaffForm):
    needed = {"line": "Write at least one site, such as ut r 3 t2 d15."}

    line = LimitedText(
        required=True,
        limit=shorthand.MAX_LENGTH,
        label="Sites in one line",
        help_text="Muscle, side, insertions, then t twitches, d depth, w minutes, n needles, a size such as "
        "0.30x40. A semicolon begins the next site: ut r 3 t2 d15; is l 2 t1 w8",
    )
    key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, data=None, *, choices: SiteChoices, muscles, **kwargs):
        """`muscles` are rows of the typeahead, each with its muscle."""
        super().__init__(data, prefix="line", **kwargs)
        self.choices = choices
        self.options = {row["code"]: row for row in muscles}
        self.rows: list[ShorthandRow] = []
        self.fields["line"].widget.attrs |= {
            "autocomplete": "off", "autocapitalize": "none", "spellcheck": "false", "data-line": "",
        }  # fmt: skip

    def clean_line(self):
        text = self.cleaned_data["line"]
        names = {code: row["name"] for code, row in self.options.items()}
        self.rows = [self._row(entry) for entry in shorthand.parse(text, names)]
        if not self.rows:
            raise forms.ValidationError(self.needed["line"], code="required")
        wrong = [at for at, row in enumerate(self.rows, start=1) if row.problems]
        if wrong:
            raise forms.ValidationError(
                [f"Site {at}: {' '.join(self.rows[at - 1].problems)}" for at in wrong]
            )
        return text

    @property
    def printed(self) -> str:
        return shorthand.shortest_form([row.entry for row in self.rows])

    def keys(self) -> list[uuid.UUID]:
        """One for each site, the same ones when the line is sent again."""
        return [shorthand.key_of_site(self.cleaned_data["key"], at) for at in range(len(self.rows))]

    def _row(self, entry: shorthand.ShorthandEntry) -> ShorthandRow:
        problems = [token.error for token in entry.tokens if token.error]
        if entry.gaps:
            problems.append(f"Still needed: {', '.join(entry.gaps)}.")
        if problems:
            return ShorthandRow(entry, None, problems, {})
        data, value_origins = self._filled(entry)
        catalogue = {entry.values["muscle"]: self.options[entry.values["muscle"]]["muscle"]}
        form = SiteForm(data, choices=self.choices, catalogue=catalogue, only_read=True)
        form.is_valid()
        found = [sentence for sentences in form.errors.values() for sentence in sentences]
        if catalogue[entry.values["muscle"]].over_lung and not data.get("depth_mm"):
            found.append("Enter the depth, such as d15. This muscle lies over the lung.")
        return ShorthandRow(entry, form, found, value_origins)

    def _filled(self, entry: shorthand.ShorthandEntry) -> tuple[dict, dict[str, str]]:
        """The line's own values, then proposals, and the origin of each."""
        option, values = self.options[entry.values["muscle"]], dict(entry.values)
        value_origins = dict.fromkeys(values, origins.TYPED)
        for name, source in PROPOSED_FIELDS:
            if not values.get(name) and option[source] not in ("", None):
                values[name] = str(option[source])
                from_where = option["needle_from"] if name == "needle" else ""
                value_origins[name] = from_where or option["source"]
        if "needles" not in values:
            value_origins["needles"] = origins.COUNT
        needle = values.get("needle", "")
        if needle and needle not in dict(stock_choices(self.choices.needle_stock)):
            values["gauge_mm"], _, values["length_mm"] = needle.partition("x")
            values["needle"] = OTHER
        return {**values, **_counted(values), "key": str(uuid.uuid4())}, value_origins


def _counted(values: dict) -> dict[str, str]:
    """A count that has no chip of its own is entered behind “more”."""
    found = {}
    for name, most in (("insertions", 6), ("twitches", 4)):
        if int(values[name]) > most:
            found |= {name: "more", f"{name}_more": values[name]}
    return found
