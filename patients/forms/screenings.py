"""The health questions as a form built from the catalogue, and the therapist's decision about the answers."""

from collections.abc import Iterable
from itertools import groupby

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clinic.forms.base import StaffForm
from clinic.web.text_fields import TextField
from patients.models import Screening, ScreeningItem
from patients.rules import body_areas, screenings
from patients.rules.body_areas import Area

Answer = Screening.Answer


class QuestionsForm(StaffForm):
    """Yes, no or not known for each item, without initial choice. `unknown` is the label of “not known”."""

    def __init__(
        self,
        *args,
        items: Iterable[ScreeningItem],
        areas: list[Area],
        unknown: str = gettext_lazy("Don't know"),
        **kwargs,
    ):
        self.items, self.areas = list(items), areas
        # set before the base class copies the fields and sets their limits and messages
        self.base_fields = self._fields(unknown)
        self.needed = {screenings.answer_field(item.code): _missing_message(item) for item in self.items}
        super().__init__(*args, **kwargs)

    @property
    def groups(self) -> list[dict]:
        """[{"name", "questions": [{"answer", "detail", "regions", "places", "open"}]}] for the template."""
        return [
            {"name": name, "questions": [self._question(item) for item in items]}
            for name, items in groupby(self.items, key=_group_of)
        ]

    def given(self) -> dict[str, screenings.GivenAnswer]:
        """The answers by item code, with details and regions: of a refused form those that can be read."""
        return {
            item.code: self._given_answer(item)
            for item in self.items
            if self.cleaned_data.get(screenings.answer_field(item.code))
        }

    @property
    def says_stop(self) -> bool:
        return self.is_bound and screenings.says_stop(self.items, self.given())

    def clean(self):
        for item in self.items:
            name = screenings.regions_field(item.code)
            answer = self.cleaned_data.get(screenings.answer_field(item.code), "")
            if screenings.needs_place(item, answer) and not self.cleaned_data.get(name):
                self.add_error(
                    name, _("Choose which part of the body: %(question)s") % {"question": item.question}
                )
        return self.cleaned_data

    def _fields(self, unknown: str) -> dict[str, forms.Field]:
        fields: dict[str, forms.Field] = {}
        for item in self.items:
            fields[screenings.answer_field(item.code)] = _answer_field(item, unknown)
            if item.asks_detail:
                fields[screenings.detail_field(item.code)] = _detail_field()
            if item.asks_regions:
                fields[screenings.regions_field(item.code)] = _regions_field(self.areas)
        return fields

    def _question(self, item: ScreeningItem) -> dict:
        names = {
            "detail": screenings.detail_field(item.code) if item.asks_detail else "",
            "regions": screenings.regions_field(item.code) if item.asks_regions else "",
        }
        bound = {name: self[field] for name, field in names.items() if field}
        is_open = any(field.value() or field.errors for field in bound.values())
        return {
            "answer": self[screenings.answer_field(item.code)],
            **bound,
            "places": self._places(bound.get("regions")),
            "more": bool(bound),
            "open": is_open,
        }

    def _places(self, field: forms.BoundField | None) -> list[dict]:
        """The boxes of each part of the body, in the order of `body_areas.sided_choices`."""
        if field is None:
            return []
        boxes = iter(field)
        return [{"name": area.name, "left": next(boxes), "right": next(boxes)} for area in self.areas]

    def _given_answer(self, item: ScreeningItem) -> screenings.GivenAnswer:
        data = self.cleaned_data
        chosen = data.get(screenings.regions_field(item.code)) or []
        return screenings.GivenAnswer(
            answer=data[screenings.answer_field(item.code)],
            detail=data.get(screenings.detail_field(item.code), ""),
            regions=body_areas.regions_of(chosen, self.areas),
        )


class ReviewForm(StaffForm):
    needed = {"decision": gettext_lazy("Choose what to do.")}

    decision = forms.ChoiceField(
        label=gettext_lazy("What do you decide?"),
        choices=Screening.Decision.choices,
        error_messages={"invalid_choice": gettext_lazy("Choose what to do.")},
        widget=forms.RadioSelect(attrs={"data-look": "chips"}),
    )
    reason = TextField(
        label=gettext_lazy("Why"),
        required=False,
        help_text=gettext_lazy("Needed when you decide otherwise than the answers suggest."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )


def initial_of(answers: Iterable[screenings.RecordedAnswer], areas: list[Area]) -> dict:
    """What the form shows where answers were filed before the others were asked."""
    initial: dict = {}
    for row in answers:
        initial[screenings.answer_field(row.item.code)] = row.given.answer
        initial[screenings.detail_field(row.item.code)] = row.given.detail
        initial[screenings.regions_field(row.item.code)] = body_areas.chosen_of(row.given.regions, areas)
    return initial


def _answer_field(item: ScreeningItem, unknown: str) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=item.question,
        choices=[(Answer.YES, _("Yes")), (Answer.NO, _("No")), (Answer.UNKNOWN, unknown)],
        widget=forms.RadioSelect(attrs={"data-look": "chips", "data-letters": "yes"}),
        error_messages={"invalid_choice": _missing_message(item)},
    )


def _missing_message(item: ScreeningItem) -> str:
    return _("Choose an answer: %(question)s") % {"question": item.question}


def _detail_field() -> TextField:
    return TextField(
        label=_("Which, or since when?"), required=False, widget=forms.Textarea(attrs={"rows": 2})
    )


def _regions_field(areas: list[Area]) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=_("Which part of the body?"),
        required=False,
        choices=body_areas.sided_choices(areas),
        widget=forms.CheckboxSelectMultiple(attrs={"data-look": "chips"}),
        error_messages={"invalid_choice": _("Choose a part of the body from the list.")},
    )


def _group_of(item: ScreeningItem) -> str:
    return item.group
