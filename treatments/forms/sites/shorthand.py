"""Several sites in one line: each parsed, completed with proposals, and checked like a typed row."""

import uuid
from dataclasses import dataclass, field, replace

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clinic.forms.base import StaffForm
from treatments.forms.session.typed_values import LimitedText
from treatments.forms.sites.entry import OTHER, SiteForm, stock_choices
from treatments.models import NeedleSite
from treatments.rules.session.parts import SiteChoices
from treatments.rules.sites import entry, muscle_parts, needled_site, origins, shorthand

# What is proposed where the line has no value: the form's field, the key of the muscle's option.
PROPOSED_FIELDS = (
    ("needle", "needle"),
    ("technique", "technique"),
    ("tissue", "tissue"),
    ("depth_mm", "depth"),
)
NO_LIMITS = needled_site.SiteConstraints()


@dataclass(frozen=True)
class ShorthandRow:
    """One site of the line: its tokens, its form, why it is refused, and the origins of its values.

    `site` is the row as it would be saved, None where it is refused; `prompts` ask for a reason afterwards.
    """

    entry: shorthand.ShorthandEntry
    form: SiteForm | None = None
    problems: list[str] = field(default_factory=list)
    value_origins: dict[str, str] = field(default_factory=dict)
    site: NeedleSite | None = None
    prompts: list[needled_site.Prompt] = field(default_factory=list)

    @property
    def question(self) -> str:
        """What is asked of a row that stands for several muscles, until it says which."""
        which = muscle_parts.asked(self.site) if self.site else ()
        return muscle_parts.question(which) if which else ""

    @property
    def proposals(self) -> list[dict]:
        return origins.origin_lines(self.value_origins, only_proposals=True)


class ShorthandForm(StaffForm):
    needed = {"line": gettext_lazy("Write at least one site, such as ut r 3 t2 d15.")}

    line = LimitedText(
        required=True,
        limit=shorthand.MAX_LENGTH,
        label=gettext_lazy("Sites in one line"),
        help_text=gettext_lazy(
            "Muscle, side, insertions, then t twitches, d depth, w minutes, n needles, a size such as "
            "0.30x40. A semicolon begins the next site: ut r 3 t2 d15; is l 2 t1 w8"
        ),
    )
    key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, data=None, *, choices: SiteChoices, muscles, limits=NO_LIMITS, **kwargs):
        """`muscles` are rows of the typeahead, each with its muscle; `limits` are those of the draft."""
        super().__init__(data, prefix="line", **kwargs)
        self.choices, self.limits = choices, limits
        self.options = {row["code"]: row for row in muscles}
        self.rows: list[ShorthandRow] = []
        self.fields["line"].widget.attrs |= {
            "autocomplete": "off", "autocapitalize": "none", "spellcheck": "false", "data-line": "",
        }  # fmt: skip

    def clean_line(self):
        text = self.cleaned_data["line"]
        names = {code: row["name"] for code, row in self.options.items()}
        parts = {code: muscle_parts.parts(row["muscle"]) for code, row in self.options.items()}
        entries = shorthand.parse(text, names, {code: each for code, each in parts.items() if len(each) > 1})
        self.rows = [self._row(read, at) for at, read in enumerate(entries)]
        if not self.rows:
            raise forms.ValidationError(self.needed["line"], code="required")
        wrong = [at for at, row in enumerate(self.rows, start=1) if row.problems]
        if wrong:
            raise forms.ValidationError(
                [
                    _("Site %(number)s: %(problems)s")
                    % {"number": at, "problems": " ".join(self.rows[at - 1].problems)}
                    for at in wrong
                ]
            )
        return text

    @property
    def printed(self) -> str:
        return shorthand.shortest_form([row.entry for row in self.rows])

    def keys(self) -> list[uuid.UUID]:
        """One for each site, the same ones when the line is sent again."""
        return [shorthand.key_of_site(self.cleaned_data["key"], at) for at in range(len(self.rows))]

    def _row(self, read: shorthand.ShorthandEntry, at: int) -> ShorthandRow:
        if at >= shorthand.MAX_SITES:
            return ShorthandRow(read, problems=[_beyond_last()])
        problems = [token.error for token in read.tokens if token.error]
        if read.gaps:
            problems.append(_("Still needed: %(values)s.") % {"values": ", ".join(read.gaps)})
        if problems:
            return ShorthandRow(read, problems=problems)
        data, value_origins = self._filled(read)
        catalogue = {read.values["muscle"]: self.options[read.values["muscle"]]["muscle"]}
        form = SiteForm(data, choices=self.choices, catalogue=catalogue)
        if not form.is_valid():
            found = [sentence for sentences in form.errors.values() for sentence in sentences]
            return ShorthandRow(read, form, found, value_origins)
        return self._judged(ShorthandRow(read, form, [], value_origins))

    def _judged(self, row: ShorthandRow) -> ShorthandRow:
        """The row by the rule that saving it asks."""
        side = row.entry.values["side"]
        site = NeedleSite(**{**row.form.values(), "side": "left" if side == "both" else side})
        judged = needled_site.from_row(site)
        problems = [reason.message for reason in entry.refusals(judged, self.limits)]
        if problems:
            return replace(row, problems=problems)
        return replace(row, site=site, prompts=entry.site_prompts(judged, self.limits))

    def _filled(self, read: shorthand.ShorthandEntry) -> tuple[dict, dict[str, str]]:
        """The line's own values, then proposals, and the origin of each."""
        option, values = self.options[read.values["muscle"]], dict(read.values)
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
            values["gauge_mm"], values["length_mm"] = needle.split("x")
            values["needle"] = OTHER
        return {**values, **_counted(values), "key": str(uuid.uuid4())}, value_origins


def _beyond_last() -> str:
    return _("One line holds %(number)s sites. Write this one in another line.") % {
        "number": shorthand.MAX_SITES
    }


def _counted(values: dict) -> dict[str, str]:
    """A count that has no chip of its own is entered behind “more”."""
    found = {}
    for name, most in (("insertions", 6), ("twitches", 4)):
        if int(values[name]) > most:
            found |= {name: "more", f"{name}_more": values[name]}
    return found
