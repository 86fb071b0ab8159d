"""The health questions as a form built from the catalogue, and the therapist's decision about the answers."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby

from django import forms
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from clinic.django_internals import shared_fields
from clinic.forms.base import StaffForm, set_messages
from clinic.web.text_fields import TextField
from patients.models import Screening, ScreeningItem
from patients.rules import body_areas, screenings
from patients.rules.body_areas import Area

Answer = Screening.Answer
# intake and visit, as staff and as the patient read them, with and without what is new since the last visit
FORMS_KEPT = 16  # technical:


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
        asked = tuple(self._asked(item) for item in self.items)
        self.base_fields = _prepared_fields(asked, str(unknown))
        super().__init__(*args, **kwargs)

    @property
    def groups(self) -> list[dict]:
        """[{"name", "questions": [{"answer", "detail", "regions", "more", "open"}]}] for the template."""
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

    def _asked(self, item: ScreeningItem) -> "Asked":
        areas = tuple(self._areas_of(item)) if item.asks_regions else None
        return Asked(item.code, item.question, item.asks_detail, areas)

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
            "more": bool(bound),
            "open": is_open,
        }

    def _areas_of(self, item: ScreeningItem) -> list[Area]:
        return body_areas.asked_by(item.code, self.areas)

    def _given_answer(self, item: ScreeningItem) -> screenings.GivenAnswer:
        data = self.cleaned_data
        chosen = data.get(screenings.regions_field(item.code)) or []
        return screenings.GivenAnswer(
            answer=data[screenings.answer_field(item.code)],
            detail=data.get(screenings.detail_field(item.code), ""),
            regions=body_areas.regions_of(chosen, self._areas_of(item)),
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
        asked = body_areas.asked_by(row.item.code, areas)
        initial[screenings.regions_field(row.item.code)] = body_areas.chosen_of(row.given.regions, asked)
    return initial


@dataclass(frozen=True)
class Asked:
    """What the fields of a question are made of. `areas` are None where it asks for no part of the body."""

    code: str
    question: str
    asks_detail: bool
    areas: tuple[Area, ...] | None


def _prepared_fields(asked: tuple[Asked, ...], unknown: str) -> dict[str, forms.Field]:
    return _made(asked, unknown) if shared_fields.SHORTCUT.is_off else _kept(asked, unknown, get_language())


@lru_cache(maxsize=FORMS_KEPT)
def _kept(asked: tuple[Asked, ...], unknown: str, language: str | None) -> dict[str, forms.Field]:
    """The fields of the same questions, whatever row each was read from."""
    return shared_fields.KeptFields(_made(asked, unknown))


def _made(asked: tuple[Asked, ...], unknown: str) -> dict[str, forms.Field]:
    fields: dict[str, forms.Field] = {}
    for item in asked:
        fields[screenings.answer_field(item.code)] = _answer_field(item, unknown)
        if item.asks_detail:
            fields[screenings.detail_field(item.code)] = _detail_field()
        if item.areas is not None:
            fields[screenings.regions_field(item.code)] = _regions_field(item.areas)
    set_messages(fields, {screenings.answer_field(item.code): _missing_message(item) for item in asked})
    return fields


def _answer_field(item: Asked, unknown: str) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=item.question,
        choices=[(Answer.YES, _("Yes")), (Answer.NO, _("No")), (Answer.UNKNOWN, unknown)],
        widget=forms.RadioSelect(attrs={"data-look": "chips", "data-letters": "yes"}),
        error_messages={"invalid_choice": _missing_message(item)},
    )


def _missing_message(item: Asked) -> str:
    return _("Choose an answer: %(question)s") % {"question": item.question}


def _detail_field() -> TextField:
    return TextField(
        label=_("Which, or since when?"), required=False, widget=forms.Textarea(attrs={"rows": 2})
    )


class PlacesField(forms.MultipleChoiceField):
    """Parts of the body, each with a box for its left and one for its right."""

    def __init__(self, *, areas: tuple[Area, ...], **kwargs):
        super().__init__(choices=body_areas.sided_choices(areas), **kwargs)
        self.areas = areas


def _regions_field(areas: tuple[Area, ...]) -> PlacesField:
    return PlacesField(
        areas=areas,
        label=_("Which part of the body?"),
        required=False,
        widget=forms.CheckboxSelectMultiple(attrs={"data-look": "chips"}),
        error_messages={"invalid_choice": _("Choose a part of the body from the list.")},
    )


def _group_of(item: ScreeningItem) -> str:
    return item.group
