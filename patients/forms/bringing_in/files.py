"""The forms of an uploaded file: the file itself, and what each of its columns holds."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clinic.forms.base import NOT_OFFERED, StaffForm
from clinic.rules import csv_import
from patients.models import BroughtFile
from patients.rules.bringing_in import columns, files

Kind = BroughtFile.Kind
COMMANDS = {Kind.PATIENTS.value: "import_patients", Kind.BOOKINGS.value: "import_bookings"}


class FileForm(StaffForm):
    needed = {
        "kind": gettext_lazy("Choose what the file holds."),
        "file": gettext_lazy("Choose the file."),
    }

    kind = forms.ChoiceField(
        label=gettext_lazy("What does the file hold?"),
        choices=[
            (Kind.PATIENTS.value, gettext_lazy("Patients")),
            (Kind.BOOKINGS.value, gettext_lazy("Visits to come")),
        ],
        initial=Kind.PATIENTS.value,
        widget=forms.RadioSelect(attrs={"data-look": "seg"}),
    )
    file = forms.FileField(
        label=gettext_lazy("CSV file of the old system"),
        help_text=gettext_lazy("The first row names the columns. Commas, semicolons or tabs between them."),
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,.tsv,text/csv"}),
        error_messages={"empty": gettext_lazy("The file is empty. Export it again.")},
    )

    def clean_file(self):
        """`content` and `table` are what it holds."""
        file = self.cleaned_data["file"]
        command = COMMANDS[self.cleaned_data.get("kind") or Kind.PATIENTS.value]
        if file.size > files.PAGE_BYTES:
            message = csv_import.too_large(files.PAGE_BYTES)
            raise forms.ValidationError(_too_much(message, command), code="too-large")
        self.content = file.read()
        try:
            self.table = csv_import.table(self.content)
        except csv_import.NotATable as refused:
            raise forms.ValidationError(str(refused), code="no-table") from refused
        if len(self.table.rows) > files.PAGE_ROWS:
            message = csv_import.too_many_rows(files.PAGE_ROWS)
            raise forms.ValidationError(_too_much(message, command), code="too-many-rows")
        if not self.table.rows:
            raise forms.ValidationError(
                _("The file has no row below the names of its columns."), code="no-row"
            )
        return file


def _too_much(message: str, command: str) -> str:
    line = f"python manage.py {command} FILE.csv --by USERNAME"
    return _("%(message)s Or bring it in at the server: %(command)s") % {"message": message, "command": line}


class ColumnsForm(StaffForm):
    """What each column of a file holds: `column-0`, `column-1`, ... by their places."""

    def __init__(self, head: tuple[str, ...], kind: str, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.kind = kind
        targets = ((each.name, each.label) for each in columns.TARGETS[kind])
        choices = [(columns.LEFT_OUT, _("Leave out")), *targets]
        for place, header in enumerate(head):
            self.fields[f"column-{place}"] = forms.ChoiceField(
                label=header or _("Column %(number)s") % {"number": place + 1},
                required=False,
                choices=choices,
                error_messages={"invalid_choice": NOT_OFFERED},
            )

    def clean(self):
        values = super().clean()
        if not self.errors:
            for reason in columns.reasons_of(self.kind, self.mapping):
                self.add_error(None, forms.ValidationError(reason.message, code=reason.code))
        return values

    @property
    def mapping(self) -> list[str]:
        return [self.cleaned_data[f"column-{place}"] for place in range(len(self.fields))]
