"""An absent therapist: what would move is shown first, with its overlaps; one button moves it."""

from django.contrib import messages
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from clinic.access import Permission, requires
from clinic.values import errors
from clinic.values.errors import CautionsToConfirm
from clinic.web import responses
from treatments.actions.board import absence as absences
from treatments.forms.board import AbsenceForm
from treatments.rules.board import absence as absence_rules
from treatments.selectors.board import absence


@requires(Permission.VISIT_MANAGE)
def page(request):
    """The first POST shows what would move, the second (`confirm`) moves it.

    `confirm` names the double bookings that were shown: those that came since are shown first.
    """
    today = timezone.localdate()
    if request.method != "POST":
        return responses.form_page(
            request, "treatments/away.html", {}, form=AbsenceForm(initial={"first": today, "last": today})
        )

    form = AbsenceForm(request.POST)
    if not form.is_valid():
        return responses.form_page(request, "treatments/away.html", {}, form=form)
    values = form.cleaned_data
    if "confirm" not in request.POST:
        return _show(request, form)

    def act():
        moved, calls = absences.hand_over(by=request.user, kept=request.POST["confirm"], **values)
        to = values["to"].display_name
        messages.success(
            request,
            _("%(visits)s and %(calls)s moved to %(to)s.")
            % {"visits": _visits(moved), "calls": _calls(calls), "to": to},
        )
        return reverse("treatments:today")

    try:
        response = responses.submit(request, "therapist.away", act, form)
    except CautionsToConfirm:
        return _show(request, form, came_since=True)
    if response is not None:
        return response
    return responses.form_page(request, "treatments/away.html", _preview(values), form=form)


def _show(request, form, *, came_since: bool = False):
    """What would move, and nothing has moved yet."""
    context = {"form": form, "form_key": responses.form_key(request), "came_since": came_since}
    return render(request, "treatments/away.html", {**context, **_preview(form.cleaned_data)})


def _preview(values) -> dict:
    span = (values["first"], values["last"])
    moving = absence.visits_of(values["away"], *span)
    standing = absence.visits_of(values["to"], *span)
    collisions = absence_rules.collisions(moving, standing)
    cautions = absence_rules.cautions(moving, standing)
    confirm = errors.caution_key(cautions, about=absence_rules.move_key(values["away"], values["to"]))
    rows = [{"visit": visit, "clash": collisions.get(visit.pk, "")} for visit in moving]
    calls = absence.calls_of(values["away"], values["last"])
    shown = {"rows": rows, "calls": calls, "clashes": len(collisions), "to": values["to"]}
    return {"preview": True, "confirm": confirm, **shown}


def _visits(number: int) -> str:
    return ngettext("%(count)d visit", "%(count)d visits", number) % {"count": number}


def _calls(number: int) -> str:
    return ngettext("%(count)d call", "%(count)d calls", number) % {"count": number}
