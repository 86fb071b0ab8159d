"""The register of the practice's adverse events."""

from functools import partial

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from clinic import audit
from clinic.access import Permission, may, requires
from clinic.web import responses
from treatments.forms.adverse_events import RegisterForm
from treatments.rules.adverse_events import register as register_rules
from treatments.rules.adverse_events.register import RegisterFilter
from treatments.rules.reports.report import Report
from treatments.selectors.adverse_events import event as event_selectors
from treatments.selectors.adverse_events import register as register_selectors
from treatments.views.reports import answers

TEMPLATE = "treatments/adverse_events.html"


@requires(Permission.CHART_VIEW)
def page(request: HttpRequest) -> HttpResponse:
    """The page; sent by POST, all that it asks for as a file. Its filters stand in the address."""
    form = RegisterForm(request.GET, kinds=event_selectors.kinds())
    context = {"form": form, "may_rate": may(request.user, Permission.REPORTS_COUNTS)}
    if not form.is_valid():
        return render(request, TEMPLATE, context, status=responses.UNPROCESSABLE)
    terms, asked = _terms(form.cleaned_data), {"user": request.user, "today": timezone.localdate()}
    if request.method == "POST":
        find = partial(_table, terms, **asked)
        return answers.file_of(request, register_rules.CODE, terms.summary, find)
    audit.look("adverse_event.listed", None, by=request.user)
    query = request.GET.copy()
    query.pop("before", None)
    context |= register_selectors.page(terms, **asked)
    context |= {
        "sentence": register_rules.sentence(register_selectors.counts(terms, **asked), terms.state),
        "since": terms.first_day(today=asked["today"]),
        "query": query.urlencode(),
        "printed_at": timezone.now(),
    }
    return render(request, TEMPLATE, context)


def _table(terms: RegisterFilter, **asked) -> Report:
    return register_rules.table(register_selectors.every(terms, **asked))


def _terms(typed: dict) -> RegisterFilter:
    kind = typed.pop("kind")
    return RegisterFilter(kind=kind.pk if kind else None, **typed)
