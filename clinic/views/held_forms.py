"""A form that was begun and not sent stands again on the same page, for its writer alone."""

from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest, JsonResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from clinic import formats
from clinic.access import Permission, requires
from clinic.actions import held_forms as held_forms_actions
from clinic.forms.held_forms import HeldForm
from clinic.selectors import held_forms


@requires(Permission.BOARD_VIEW)
def held_form(request: HttpRequest) -> HttpResponse:
    """GET gives what is held, 204 for nothing; POST is sent by the page's script while somebody types.

    Nothing is recorded in the audit trail: who reads it wrote it, and it is no record yet.
    """
    if request.method == "POST":
        return _hold(request)
    page = request.GET.get("page", "")
    held = None if "\x00" in page else held_forms.held_on(page, user=request.user)
    if held is None:
        return HttpResponse(status=204)
    at = formats.short_moment(held.written_at)
    return JsonResponse({"at": at, "form_key": held.form_key, "texts": held.texts})


def _hold(request: HttpRequest) -> HttpResponse:
    form = HeldForm(request.POST)
    if not form.is_valid():
        return HttpResponseBadRequest(_("This page is out of date. Open it again."))
    held_forms_actions.hold(by=request.user, now=timezone.now(), **form.cleaned_data)
    return HttpResponse(status=204)
