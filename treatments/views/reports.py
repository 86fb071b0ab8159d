"""The practice's reports."""

import datetime as dt

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from clinic import audit
from clinic.access import Permission, may, requires
from clinic.web import responses
from treatments.forms.reports import LotForm
from treatments.models import NeedlingSession
from treatments.rules import reports
from treatments.selectors import reports as reports_selectors


@requires(Permission.REPORTS_VIEW)
def index(request: HttpRequest) -> HttpResponse:
    """Counts only: whoever may not read a chart learns of nobody here."""
    since = timezone.now() - dt.timedelta(days=reports.PERIOD_DAYS)
    context = {
        "days": reports.PERIOD_DAYS,
        "answered": reports_selectors.overrides_by_rule(since=since),
        "may_read": may(request.user, Permission.CHART_VIEW),
    }
    return render(request, "treatments/reports.html", context)


@requires(Permission.CHART_VIEW)
def lot(request: HttpRequest) -> HttpResponse:
    """Which patients had needles of a lot. Sent by POST, and on record."""
    form = LotForm(responses.posted_data(request))
    if not form.is_valid():
        return responses.form_page(request, "treatments/reports_lot.html", {}, form=form)
    visible = NeedlingSession.objects.visible_to(request.user)
    rows = reports_selectors.sessions_of_lot(form.cleaned_data["lot"], visible=visible)
    audit.look("lot.searched", None, by=request.user)
    context = {"form": form, "form_key": responses.new_form_key(), "searched": True, "rows": rows}
    return render(
        request,
        "treatments/reports_lot.html",
        {**context, "full": len(rows) == reports_selectors.MAX_SESSIONS},
    )
