"""An absent therapist: what would move is shown first, with its overlaps; one button moves it."""

from django.contrib import messages
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from clinic.access import Permission, requires
from clinic.web import responses
from treatments.actions.board import absence as absences
from treatments.forms.board import AbsenceForm
from treatments.rules.board import absence as absence_rules
from treatments.selectors.board import absence


@requires(Permission.VISIT_MANAGE)
def page(request):
    """The first POST shows what would move, the second (`confirm`) moves it."""
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
        context = {"form": form, "form_key": responses.form_key(request), **_preview(values)}
        return render(request, "treatments/away.html", context)

    def act():
        moved, calls = absences.hand_over(by=request.user, **values)
        to = values["to"].display_name
        messages.success(request, f"{_count(moved, 'visit')} and {_count(calls, 'call')} moved to {to}.")
        return reverse("treatments:today")

    if (response := responses.submit(request, "therapist.away", act, form)) is not None:
        return response
    return responses.form_page(request, "treatments/away.html", _preview(values), form=form)


def _preview(values) -> dict:
    span = (values["first"], values["last"])
    moving = absence.visits_of(values["away"], *span)
    collisions = absence_rules.collisions(moving, absence.visits_of(values["to"], *span))
    rows = [{"visit": visit, "clash": collisions.get(visit.pk, "")} for visit in moving]
    calls = absence.calls_of(values["away"], values["last"])
    return {"preview": True, "rows": rows, "calls": calls, "clashes": len(collisions), "to": values["to"]}


def _count(number: int, word: str) -> str:
    return f"{number} {word}{'' if number == 1 else 's'}"
