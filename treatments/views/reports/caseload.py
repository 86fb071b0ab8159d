"""What each therapist has in hand, for whoever leads the practice."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from clinic.access import Permission, requires
from clinic.actions import csv_export
from clinic.views.csv_export import csv_file
from treatments.rules.board import load
from treatments.rules.reports import caseload
from treatments.selectors.reports import caseload as caseload_selectors


@requires(Permission.REPORTS_VIEW)
def page(request: HttpRequest) -> HttpResponse:
    """Sent by POST, its table as a file."""
    now = timezone.now()
    people = caseload_selectors.of_therapists(now=now, monday=load.monday_of(timezone.localdate(now)))
    if request.method == "POST":
        csv_export.record("caseload", by=request.user)
        return csv_file("caseload", *caseload.file_table(people))
    context = {"now": now, "pictures": caseload.pictures(people), "table": caseload.table(people)}
    return render(request, "treatments/caseload.html", context)
