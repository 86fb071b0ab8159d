"""The register of the practice's adverse events."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from clinic import audit
from clinic.access import Permission, may, requires
from clinic.web import responses
from treatments.forms.adverse_events import RegisterForm
from treatments.rules.adverse_events.register import RegisterFilter
from treatments.selectors.adverse_events import event as event_selectors
from treatments.selectors.adverse_events import register as register_selectors


@requires(Permission.CHART_VIEW)
@require_GET
def page(request: HttpRequest) -> HttpResponse:
    """The filters are codes, numbers and days, so that they may stand in the address."""
    form = RegisterForm(request.GET, kinds=event_selectors.kinds())
    context = {"form": form, "may_rate": may(request.user, Permission.REPORTS_COUNTS)}
    if not form.is_valid():
        return render(request, "treatments/adverse_events.html", context, status=responses.UNPROCESSABLE)
    terms = _terms(form.cleaned_data)
    audit.look("adverse_event.listed", None, by=request.user)
    found = register_selectors.page(terms, user=request.user, today=timezone.localdate())
    query = request.GET.copy()
    query.pop("before", None)
    context |= {**found, "since": terms.first_day(today=timezone.localdate()), "query": query.urlencode()}
    return render(request, "treatments/adverse_events.html", context)


def _terms(typed: dict) -> RegisterFilter:
    kind = typed.pop("kind")
    return RegisterFilter(kind=kind.pk if kind else None, **typed)
