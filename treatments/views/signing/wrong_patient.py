"""A note of the wrong patient: who was meant, what was treated, then the copy as a draft of the right one."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from clinic import audit
from clinic.access import Permission, requires
from clinic.web import responses
from patients.rules.identity import search_terms
from patients.selectors import banner
from treatments.actions.signing import wrong_patient as actions
from treatments.forms.signing import WrongPatientForm
from treatments.models import NeedlingSession
from treatments.rules.signing.wrong_patient import Target
from treatments.selectors.session import by_ref
from treatments.selectors.signing import wrong_patient

KEPT = ("reason", "q", "to")


@requires(Permission.SESSION_ADDEND)
def page(request: HttpRequest, ref: str) -> HttpResponse:
    """Looking for a patient and choosing one only show the page again; nothing is written before the copy."""
    session = responses.row_or_404(by_ref.seen_by(request.user, ref))
    targets, problem = _targets(request, session)
    chosen = next((target for target in targets if target.value == request.POST.get("to")), None)
    conditions = list(wrong_patient.conditions_of(chosen.patient)) if chosen else None
    offered = {"session": session, "targets": targets, "conditions": conditions}
    context = {
        "session": session,
        "strip": banner.banner_for(session.patient, user=request.user, on=timezone.localdate()),
        "chosen": chosen,
        "conditions": conditions,
        "problem": problem,
    }
    if request.method != "POST":
        audit.look("session.read", session, by=request.user, patient=session.patient)
    if request.method != "POST" or request.POST.get("step") in ("find", "choose"):
        form = WrongPatientForm(initial=_initial(request, conditions), **offered)
        context |= {"form": form, "form_key": responses.form_key(request)}
        return render(request, "treatments/session_wrong_patient.html", context)

    form = WrongPatientForm(request.POST, **offered)
    if form.is_valid():

        def act():
            copy = actions.correct(session, by=request.user, **form.chosen)
            return _done(request, session, copy)

        if (response := responses.submit(request, "session.wrong-patient", act, form)) is not None:
            return response
    return responses.form_page(request, "treatments/session_wrong_patient.html", context, form=form)


def _targets(request: HttpRequest, session: NeedlingSession) -> tuple[list[Target], str]:
    """Who may be chosen: those who came that day, and whom a search finds. What was wrong with the search."""
    listed = wrong_patient.visits_of_the_day(session, user=request.user)
    kind, space, ref = request.POST.get("to", "").partition(" ")
    before = wrong_patient.by_reference(ref, user=request.user) if kind == "patient" else None
    earlier = [before] if before else []
    typed = request.POST.get("q", "").strip()
    if not typed:
        return [*listed, *earlier], ""
    terms = search_terms.parse_search(typed, today=timezone.localdate())
    if terms.problem:
        return [*listed, *earlier], terms.problem
    audit.look("patient.found", None, by=request.user)
    known = [*listed, *earlier]
    found = wrong_patient.found(terms, session, user=request.user, listed=known)
    return [*known, *found], "" if found else _("No other patient was found.")


def _initial(request: HttpRequest, conditions) -> dict:
    only = [str(conditions[0].pk)] if conditions and len(conditions) == 1 else []
    return {**{name: request.POST.get(name, "") for name in KEPT}, "conditions": only}


def _done(request: HttpRequest, session: NeedlingSession, copy: actions.Copy) -> str:
    """To the values that wait for its author; a lead comes back to the note."""
    if copy.left_out:
        texts = ", ".join(copy.left_out)
        messages.warning(
            request, _("Left out, because it names the other patient: %(texts)s.") % {"texts": texts}
        )
    if copy.draft.therapist_id == request.user.pk:
        messages.success(
            request, _("The note is marked as entered in error. Its copy is a draft: confirm each value.")
        )
        return reverse("treatments:session-copied", args=[copy.draft.ref])
    name = session.therapist.display_name
    messages.success(
        request,
        _("The note is marked as entered in error. Its copy is a draft of %(name)s.") % {"name": name},
    )
    return session.get_absolute_url()
