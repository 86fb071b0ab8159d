"""Brings in a file of another system: the upload, its columns, what would be done, done."""

import zlib
from collections.abc import Callable
from functools import partial
from itertools import zip_longest

from django.contrib import messages
from django.urls import reverse
from django.utils.translation import gettext as _

from clinic import formats
from clinic.access import Permission, requires
from clinic.rules import csv_import
from clinic.web import responses
from clinic.web.uploads import takes_file
from patients.actions.bringing_in import files as actions
from patients.actions.bringing_in.files import FileFacts
from patients.forms.bringing_in.files import ColumnsForm, FileForm
from patients.rules.bringing_in import columns, files
from patients.selectors import bringing_in as selectors
from patients.views.bringing_in.reading import KINDS, Reading

# own choice: lines of each list on the page; the command tells all. Rows that show what a column holds.
SHOWN, SAMPLES = 100, 3


@requires(Permission.PATIENTS_BRING_IN)
@takes_file(largest=files.PAGE_BYTES, is_named=True)
def upload(request):
    if request.method != "POST":
        return _upload_page(request, FileForm())
    form = FileForm(request.POST, request.FILES)
    if form.is_valid():
        kind, file = form.cleaned_data["kind"], form.cleaned_data["file"]
        mapping = columns.guess(form.table.head, columns.TARGETS[kind])
        facts = FileFacts(kind, file.name, files.digest_of(form.content), mapping)

        def act():
            kept = actions.keep(facts, form.content, by=request.user)
            return reverse("patients:bring-in-file", args=[kept.pk])

        if (response := responses.submit(request, "patients.upload", act, form)) is not None:
            return response
    return _upload_page(request, form)


def _upload_page(request, form):
    rows = formats.whole(files.PAGE_ROWS)
    waiting = selectors.waiting_files(request.user)
    return responses.form_page(
        request, "patients/bring_in.html", {"rows": rows, "waiting": waiting}, form=form
    )


@requires(Permission.PATIENTS_BRING_IN)
def file(request, pk):
    """`verb` of a POST: the columns that were chosen, the confirmation, or to take the file away."""
    kept = responses.row_or_404(selectors.waiting_file(pk, user=request.user))
    table = csv_import.table(zlib.decompress(bytes(kept.content)))
    form, verb = _form(request, kept, table), request.POST.get("verb", "")
    missing = columns.reasons_of(kept.kind, kept.mapping)
    is_looked_at = verb not in ("columns", "away") and not missing
    reading = KINDS[kept.kind].read(request, table, kept.mapping) if is_looked_at else None
    if act := _act(request, kept, form, verb, reading):
        response = responses.submit(request, f"patients.file_{verb}", act, form)
        if response is not None:
            return response
    context = {"file": kept, "table": table, "rows": len(table.rows), "columns": _columns(table, form)}
    context |= {"missing": missing, **_found(kept.kind, reading)}
    return responses.form_page(request, "patients/bring_in_file.html", context, form=form)


def _form(request, kept, table) -> ColumnsForm:
    """The columns: as they were chosen now, else as they stand."""
    stored = {f"column-{place}": name for place, name in enumerate(kept.mapping)}
    if request.method != "POST":
        return ColumnsForm(table.head, kept.kind, initial=stored)
    return ColumnsForm(table.head, kept.kind, request.POST if "column-0" in request.POST else stored)


def _act(request, kept, form, verb: str, reading: Reading | None) -> Callable[[], str] | None:
    """What the button does, and the page after it; None where something must be right first."""
    if verb == "away":
        return partial(_take_away, request, kept)
    if verb == "columns":
        return partial(_choose, request, kept, form.mapping) if form.is_valid() else None
    if verb == "bring" and reading is not None and not reading.faults:
        return partial(_bring_in, request, kept, reading)
    return None


def _take_away(request, kept) -> str:
    actions.take_away(kept, by=request.user)
    messages.success(request, _("The file was taken away. Nothing of it was saved."))
    return reverse("patients:bring-in")


def _choose(request, kept, mapping: list[str]) -> str:
    actions.choose_columns(kept, by=request.user, mapping=mapping)
    return reverse("patients:bring-in-file", args=[kept.pk])


def _bring_in(request, kept, reading: Reading) -> str:
    messages.success(request, KINDS[kept.kind].bring(reading, kept, request.user))
    return reverse("patients:bring-in")


def _columns(table, form) -> list[dict]:
    """Each column: its choice, and what stands in its first rows."""
    cells = [row.cells for row in table.rows[:SAMPLES]]
    samples = zip_longest(*cells, fillvalue="") if cells else ()
    return [
        {"field": field, "samples": [text for text in sample if text.strip()]}
        for field, sample in zip_longest(form, list(samples)[: len(table.head)], fillvalue=())
    ]


def _found(kind: str, reading: Reading | None) -> dict:
    """The first lines of each list, and how many there are."""
    if reading is None:
        return {}
    judged = reading.judged
    return {
        "words": KINDS[kind].words(judged),
        "faults": reading.faults[:SHOWN],
        "fault_count": len(reading.faults),
        "likely": judged.likely[:SHOWN],
        "has_new": bool(judged.new),
    }
