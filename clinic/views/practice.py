"""Settings that ship with values: a page each, on which somebody looks at them and saves them as theirs."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from clinic import formats
from clinic.access import Permission, requires
from clinic.actions import practice as practice_actions
from clinic.forms import form_baseline
from clinic.forms.practice import HoursForm, NeedlesForm
from clinic.rules import business_days
from clinic.web import page_frame, responses

# How many federal holidays the page names, about half a year.
# own choice: as many as one looks ahead
HOLIDAYS_SHOWN = 5


@requires(Permission.ADMIN_ENTER)
def hours(request: HttpRequest) -> HttpResponse:
    coming = business_days.holidays_from(timezone.localdate(), HOLIDAYS_SHOWN)
    context = {"title": _("Hours and holidays"), "holidays": "; ".join(map(formats.day, coming))}
    return _page(request, HoursForm, practice_actions.save_hours, context)


@requires(Permission.ADMIN_ENTER)
def needles(request: HttpRequest) -> HttpResponse:
    context = {"title": _("Needles in stock")}
    return _page(request, NeedlesForm, practice_actions.save_needles, context)


def _page(request: HttpRequest, form_class, save: Callable, context: dict) -> HttpResponse:
    if (answered := responses.earlier_redirect(request)) is not None:
        return answered
    practice = page_frame.practice_for(request)
    stored = {name: getattr(practice, name) for name in form_class.base_fields}
    seen = request.POST.get("seen") or form_baseline.pack(stored)
    form = form_class(responses.posted_data(request), initial=stored)
    if form.is_bound and form.is_valid():
        form_baseline.take_theirs(form, request.POST, stored)

        def act():
            save(by=request.user, baseline=form_baseline.unpack(seen), **form.cleaned_data)
            messages.success(request, _("Saved."))
            return responses.way_back(request) or request.path

        response = responses.submit(request, request.resolver_match.view_name, act, form)
        if response is not None:
            return response
        seen = form_baseline.rebased(seen, form.conflict)
    return responses.form_page(
        request,
        "clinic/practice.html",
        {**context, "seen": seen, "back": responses.way_back(request)},
        form=form,
    )
