"""Forms of the administration: two people who save one row do not overwrite each other."""

from django import forms
from django.utils.html import format_html
from django.utils.translation import gettext_lazy

from clinic.forms import form_baseline
from clinic.rules.form_baseline import comparable_text, overwritten_fields

MEANWHILE = gettext_lazy(
    "Somebody else saved “%(theirs)s” here meanwhile. Save again to put “%(mine)s” in its place."
)
# no value of a field; its baseline was signed with a key that is gone
UNREAD = "\N{NULL}"


class ComparedForm(forms.ModelForm):
    """Carries what it showed when it was opened.

    A field that was left alone keeps what somebody else saved since; one that both set is refused once, with
    both values. Where what it showed cannot be read any more, every field that differs is shown so.
    """

    lost: tuple[str, ...] = ()
    left_alone: frozenset[str] = frozenset()

    @property
    def changed_data(self) -> list[str]:
        return [name for name in super().changed_data if name not in self.left_alone]

    def clean(self):
        cleaned = super().clean()
        baseline = self._baseline()
        is_unread = not baseline and bool(self.data.get(self.add_prefix("seen")))
        stored = {name: self._stored(name) for name in self.cleaned_data if is_unread or name in baseline}
        self.left_alone = self._left_alone(stored, baseline)
        self.cleaned_data |= {name: self._cleaned(name) for name in self.left_alone}
        then = baseline if not is_unread else dict.fromkeys(stored, UNREAD)
        self.lost = tuple(overwritten_fields(stored, then, self.cleaned_data))
        self._show_both({name: (stored[name], cleaned[name]) for name in self.lost})
        return cleaned

    def _left_alone(self, stored: dict, baseline: dict[str, str]) -> frozenset[str]:
        """What was not changed here, and what was refused and then left as somebody else had saved it."""
        kept = {name for name in stored if self.add_prefix(name) in self.data.get("theirs", "").split()}
        alone = {name for name in stored if comparable_text(self.cleaned_data[name]) == baseline.get(name)}
        return frozenset(kept | alone)

    def _show_both(self, values: dict[str, tuple]) -> None:
        """Refuses fields that somebody else saved meanwhile; each has their value and mine."""
        for name, both in values.items():
            theirs, mine = (form_baseline.shown(self.fields[name], each) for each in both)
            self.add_error(name, MEANWHILE % {"theirs": theirs, "mine": mine})

    @property
    def seen_input(self) -> str:
        """The hidden input of the baseline. What a refusal has just shown has been seen."""
        if self.instance.pk is None:
            return ""
        now = {name: comparable_text(self._stored(name)) for name in self.fields}
        shown = {**now, **self._baseline(), **{name: now[name] for name in self.lost}}
        return format_html(
            '<input type="hidden" name="{}" value="{}">', self.add_prefix("seen"), form_baseline.pack(shown)
        )

    @property
    def lost_inputs(self) -> str:
        return " ".join(self.add_prefix(name) for name in self.lost)

    def _baseline(self) -> dict[str, str]:
        packed = self.data.get(self.add_prefix("seen"), "") if self.is_bound else ""
        return form_baseline.unpack(packed)

    def _stored(self, name: str):
        return self.get_initial_for_field(self.fields[name], name)

    def _cleaned(self, name: str):
        """What stands, as the form would have cleaned it."""
        field = self.fields[name]
        return field.clean(field.prepare_value(self._stored(name)))
