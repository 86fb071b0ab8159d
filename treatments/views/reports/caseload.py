"""What each therapist has in hand, for whoever leads the practice."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from clinic.access import Permission, requires
from treatments.rules.board import load
from treatments.rules.reports import caseload
from treatments.selectors.reports import caseload as caseload_selectors


@requires(Permission.REPORTS_VIEW)
@require_GET
def page(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    people = caseload_selectors.of_therapists(now=now, monday=load.monday_of(timezone.localdate(now)))
    context = {"now": now, "pictures": caseload.pictures(people), "table": caseload.table(people)}
    return render(request, "treatments/caseload.html", context)
