"""A list as a CSV file: the answer that all lists share."""

from collections.abc import Iterable

from django.http import StreamingHttpResponse
from django.utils import timezone

from clinic import formats
from clinic.rules import csv_export


def csv_file(code: str, head: Iterable, rows: Iterable[Iterable]) -> StreamingHttpResponse:
    """It is made while it is sent. An action has put it on record before."""
    name = f"{code}-{formats.iso_day(timezone.localdate())}.csv"
    return StreamingHttpResponse(
        csv_export.csv_lines([str(label) for label in head], rows),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
