"""Who had needles of a lot. Sent by POST, so that what is typed stands in no address, and on record."""

from functools import partial

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from clinic import audit
from clinic.access import Permission, requires
from clinic.web import responses
from treatments.forms.reports import LotForm
from treatments.rules.reports import lots as lots_rules
from treatments.rules.reports import questions
from treatments.rules.reports.report import Report, Terms
from treatments.selectors.reports import lots as lots_selectors
from treatments.views.reports import answers

TEMPLATE = "treatments/report_lot.html"


@requires(Permission.CHART_VIEW)
def lot(request: HttpRequest) -> HttpResponse:
    form = LotForm(
        responses.posted_data(request),
        own=answers.own(request, questions.LOT),
        any_day=True,
        today=timezone.localdate(),
    )
    context = {"question": questions.LOT}
    if not form.is_valid():
        return responses.form_page(request, TEMPLATE, context, form=form)
    find = partial(_find, request, form.cleaned_data["lot"], form.terms)
    if "file" in request.POST:
        return answers.file_of(request, questions.LOT.code, form.terms.summary, find)
    audit.look("lot.searched", None, by=request.user)
    context |= {"form": form, "terms": form.terms, "report": find(), "printed_at": timezone.now()}
    return render(request, TEMPLATE, context)


def _find(request: HttpRequest, number: str, terms: Terms) -> Report:
    return lots_rules.report(lots_selectors.sessions_of_lot(number, terms, user=request.user))
