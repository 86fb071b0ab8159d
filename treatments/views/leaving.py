"""A person who leaves: one page with what they still have, who takes it over, and the end of the account."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils.translation import gettext as _

from clinic.access import Permission, may, requires
from clinic.values.errors import CautionsToConfirm
from clinic.web import responses
from treatments.actions import leaving as actions
from treatments.forms.leaving import ColleagueForm, SuccessorForm
from treatments.selectors import leaving

TEMPLATE = "treatments/leaving.html"


@requires(Permission.STAFF_LEAVE)
def page(request):
    """`close` closes the account, any other button hands visits and calls over."""
    asked = request.GET if "who" in request.GET else None
    who = ColleagueForm(request.POST if request.method == "POST" else asked, by=request.user)
    if not who.is_bound or not who.is_valid():
        return responses.form_page(request, TEMPLATE, {}, form=who)
    person, closes = who.cleaned_data["who"], "close" in request.POST
    form = SuccessorForm(responses.posted_data(request), person=person, closes=closes)
    context = {"may_close": may(request.user, Permission.ADMIN_ENTER)}
    if closes and not context["may_close"]:
        raise PermissionDenied(Permission.ADMIN_ENTER)
    if request.method == "POST" and form.is_valid():
        answer = _act(request, person, form, closes, context)
        if answer is not None:
            return answer
    context["leaving"] = leaving.of(person, reader=request.user)
    return responses.form_page(request, TEMPLATE, context, form=form)


def _act(request, person, form, closes: bool, context: dict):
    perform = _close if closes else _hand_over
    try:
        return responses.submit(request, "person.leaves", lambda: perform(request, person, form), form)
    except CautionsToConfirm as asked:
        context |= {"clashes": len(asked.reasons), "confirm": asked.key}
        return None


def _hand_over(request, person, form) -> str:
    to = form.cleaned_data["to"]
    visits, calls = actions.hand_over(person, by=request.user, to=to, kept=request.POST.get("confirm", ""))
    said = _("Handed over to %(name)s: visits %(visits)s, calls %(calls)s.")
    messages.success(request, said % {"name": to.display_name, "visits": visits, "calls": calls})
    return f"{reverse('treatments:leaving')}?who={person.pk}"


def _close(request, person, form) -> str:
    actions.close_account(person, by=request.user)
    messages.success(request, _("The account of %(name)s is closed.") % {"name": person.display_name})
    return reverse("treatments:leaving")
