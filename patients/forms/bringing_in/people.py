"""The form of each row of a file of patients, and the reading of all of them."""

from collections.abc import Callable, Iterable

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clinic.forms.base import StaffForm
from clinic.rules.csv_import import Row, Table
from clinic.web.text_fields import TextField
from patients.forms.patients import PatientForm, identity_of
from patients.models import Coverage
from patients.rules.bringing_in import cells, columns
from patients.rules.bringing_in.matches import PROGRESS_ROWS, ignore_progress
from patients.rules.bringing_in.rows import BroughtPatient, Fault


class AnswerField(forms.Field):
    """Yes or no, as other systems write it."""

    def clean(self, value):
        answer = cells.answer(value or "")
        if answer is None:
            raise forms.ValidationError(_("Write yes or no."), code="answer")
        return answer


class BroughtPatientForm(PatientForm):
    """A row of the file: the registration's form, with the insurance."""

    BESIDE = ("payer", "payer_kind", "member_id", "apart_reason")

    may_call = AnswerField(label=gettext_lazy("May be called"))
    may_text = AnswerField(label=gettext_lazy("May be texted"))
    may_email = AnswerField(label=gettext_lazy("May be emailed"))
    may_leave_voicemail = AnswerField(label=gettext_lazy("A voicemail may be left"))
    payer = TextField(label=gettext_lazy("Name of the payer"), required=False, max_length=120)
    payer_kind = forms.ChoiceField(
        label=gettext_lazy("Who pays?"), required=False, choices=[("", ""), *Coverage.Kind.choices]
    )
    member_id = TextField(label=gettext_lazy("Member ID"), required=False, max_length=60)

    @property
    def details(self) -> dict:
        return {name: value for name, value in super().details.items() if name not in self.BESIDE}


def read_patients(
    table: Table, mapping: list[str], *, progress: Callable[[int], None] = ignore_progress
) -> tuple[list[BroughtPatient], list[Fault]]:
    """The rows that can be read, and every fault of the others."""
    headers = {name: table.head[place] for place, name in enumerate(mapping) if name}
    found: list[BroughtPatient] = []
    faults: list[Fault] = []
    for done, row in enumerate(table.rows, start=1):
        wrong = list(extra_cells(row, table.head))
        values = cells.of_patient({"may_call": "yes", **columns.named_cells(row.cells, mapping)})
        form = BroughtPatientForm(values)
        if not wrong and form.is_valid():
            found.append(_brought(row.number, form))
        # in a row with too many cells each stands in the wrong column
        faults += wrong or faults_of(row.number, form, headers)
        if done % PROGRESS_ROWS == 0:
            progress(done)
    return found, faults


def _brought(number: int, form: BroughtPatientForm) -> BroughtPatient:
    values = form.cleaned_data
    beside = {name: values[name] for name in BroughtPatientForm.BESIDE}
    return BroughtPatient(number, identity_of(values), form.details, **beside)


def extra_cells(row: Row, head: tuple[str, ...]) -> Iterable[Fault]:
    """More cells than the head has: a separator stands inside a text that has no quotes."""
    if any(cell.strip() for cell in row.cells[len(head) :]):
        message = _("It has %(cells)s cells, and the first row %(head)s: a text in it needs quotation marks.")
        shown = {"cells": len(row.cells), "head": len(head)}
        yield Fault(row.number, "", message % shown, "too-many-cells")


def faults_of(number: int, form: StaffForm, headers: dict[str, str]) -> Iterable[Fault]:
    """What a form of a row says, by the file's own names of its columns."""
    for name, errors in form.errors.as_data().items():
        column = headers.get(name) or _whole_column(name, headers)
        if not column and name != NON_FIELD_ERRORS:
            column = str(form.fields[name].label)
        for error in errors:
            yield Fault(number, column, " ".join(error.messages), error.code or "")


def _whole_column(name: str, headers: dict[str, str]) -> str:
    """The column out of which this part was taken."""
    if name in ("family_name", "given_name"):
        return headers.get("name", "")
    return headers.get("address", "") if name in ("city", "state", "postal_code") else ""
