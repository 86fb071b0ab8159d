"""The patient's pages on the tablet. Nobody is signed in: the login session has only the hand-over."""

from django.contrib.auth.decorators import login_not_required
from django.db import transaction
from django.forms import MultipleChoiceField
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from clinic.access import Permission, may
from clinic.selectors import accounts
from clinic.values import errors
from clinic.web import responses
from patients.actions import handovers as handovers_actions
from patients.forms import handovers as handovers_forms
from patients.forms.consents import ConsentReadingForm, ConsentSignatureForm, DeclineForm
from patients.forms.handovers import TabletReturnForm
from patients.forms.screenings import QuestionsForm
from patients.models import Handover
from patients.rules import ages, body_areas, consents, handovers
from patients.selectors import handovers as handovers_selectors
from patients.selectors import screenings
from patients.selectors.handovers import AskedText

READ, SIGN, DECLINE = 1, 2, 3
# In what the page's script posts while somebody types: it is stored, and nothing else follows.
HOLD = "hold"


@login_not_required
def handover(request: HttpRequest, step: int | None = None) -> HttpResponse:
    """The page that every address redirects to during a hand-over."""
    active = handover_of_request(request)
    if active is None:
        return _no_handover(request)
    state = handovers.state_of(active, now=timezone.now())
    if state != handovers.OPEN:
        return render(request, "patients/handover_over.html", {"sent": state == handovers.SENT})
    pages = PAGES[active.purpose]
    return pages(request, active, step)


@login_not_required
def take_back(request: HttpRequest) -> HttpResponse:
    """Staff sign in to end the hand-over; until then it goes on."""
    active = handover_of_request(request)
    if active is None:
        return _no_handover(request)
    if request.user.is_authenticated:
        # signed in with a second factor, which redirected here
        if request.method != "POST":
            return render(request, "patients/handover_back.html")
        return _end_handover(request, active)
    form = TabletReturnForm(responses.posted_data(request), request=request)
    if form.is_valid():
        # in one transaction: a sign-in must not stay without the end of the hand-over
        with transaction.atomic():
            response = form.login(request, redirect_url=reverse("patients:handover-return"))
            return _end_handover(request, active) if request.user.is_authenticated else response
    return responses.form_page(request, "patients/handover_return.html", {}, form=form)


def _end_handover(request: HttpRequest, active: Handover) -> HttpResponse:
    handovers_actions.end(active, by=request.user, answers=_unsent_stop(active))
    request.session.pop(handovers.SESSION_KEY, None)
    return redirect(_address_after(active, request.user))


def _unsent_stop(active: Handover) -> dict | None:
    """What was answered on the tablet and never sent, where an answer says stop."""
    if active.purpose != Handover.Purpose.SCREENING or active.finished_at is not None:
        return None
    items = screenings.asked_now(active.kind, patient=active.patient)
    form = QuestionsForm(active.draft, items=items, areas=body_areas.current())
    form.is_valid()
    return form.given() if form.says_stop else None


def handover_of_request(request: HttpRequest) -> Handover | None:
    return handovers_selectors.handover_of_device(request.session.get(handovers.SESSION_KEY))


def _no_handover(request: HttpRequest) -> HttpResponse:
    """Forget a missing hand-over, or every address would redirect here forever."""
    request.session.pop(handovers.SESSION_KEY, None)
    return redirect("account_login")


def _questions(request: HttpRequest, active: Handover, step: int | None) -> HttpResponse:
    items = list(screenings.asked_now(active.kind, patient=active.patient))
    pages = handovers.question_pages(items)
    areas = body_areas.current()
    if step is None:
        return redirect("patients:handover-step", _next_page(pages, areas, active))
    if step == len(pages) + 1:
        return _check_answers(request, active, pages, areas)
    if not 1 <= step <= len(pages):
        raise Http404
    form = _page_form(pages[step - 1], areas, responses.posted_data(request), active)
    if request.method == "POST":
        handovers_actions.store_draft(active, values=_typed(request, form))
        if HOLD in request.POST:
            return HttpResponse(status=204)
        if form.is_valid():
            return redirect("patients:handover-step", _next_step(request, step, len(pages)))
    return responses.form_page(
        request, "patients/handover_questions.html", _step_context(active, step, pages), form=form
    )


def _check_answers(
    request, active: Handover, pages: list[handovers.QuestionPage], areas: list
) -> HttpResponse:
    """All answers once more before they are sent."""
    items = [item for page in pages for item in page.items]
    form = QuestionsForm(active.draft, items=items, areas=areas)
    if not form.is_valid():
        return redirect("patients:handover-step", _next_page(pages, areas, active))
    if request.method == "POST":
        try:
            handovers_actions.send_answers(active, answers=form.given())
            return redirect("patients:handover")
        except errors.RuleViolation as refused:
            errors.add_to_form(form, refused)
    given = form.given()
    rows = [
        {"item": item, "given": given[item.code], "page": page.number,
         "places": body_areas.names_of(given[item.code].regions, body_areas.asked_by(item.code, areas))}
        for page in pages
        for item in page.items
    ]  # fmt: skip
    context = {**_step_context(active, len(pages) + 1, pages), "rows": rows, "problems": form}
    return render(request, "patients/handover_check.html", context)


def _next_page(pages: list[handovers.QuestionPage], areas: list, active: Handover) -> int:
    """The first incomplete page, else the page that shows all answers."""
    waiting = (page.number for page in pages if not _page_form(page, areas, active.draft, active).is_valid())
    return next(waiting, len(pages) + 1)


def _page_form(page: handovers.QuestionPage, areas: list, data, active: Handover) -> QuestionsForm:
    return QuestionsForm(
        data, initial=active.draft, items=page.items, areas=areas, unknown=_("I do not know")
    )


def _next_step(request, step: int, last: int) -> int:
    """The next page; after changing one answer it is the page with all of them."""
    return last + 1 if "check" in request.GET else step + 1


def _typed(request, form) -> dict:
    lists = [name for name, field in form.fields.items() if isinstance(field, MultipleChoiceField)]
    return handovers_forms.draft_values(request.POST, form.fields, lists=lists)


def _step_context(active: Handover, step: int, pages: list[handovers.QuestionPage]) -> dict:
    return {
        "name": active.patient.preferred_name or active.patient.given_name,
        "step": step,
        "last": len(pages) + 1,
        "title": pages[step - 1].name if step <= len(pages) else _("Check your answers"),
    }


def _consent(request: HttpRequest, active: Handover, step: int | None) -> HttpResponse:
    asked = handovers_selectors.asked_text_of(active)
    if step not in CONSENT_PAGES:
        return redirect("patients:handover-step", READ)
    return CONSENT_PAGES[step](request, active, asked)


def _read(request, active: Handover, asked: AskedText) -> HttpResponse:
    form = _read_form(active, asked, responses.posted_data(request))
    if request.method == "POST":
        handovers_actions.store_draft(active, values=_typed(request, form))
        if HOLD in request.POST:
            return HttpResponse(status=204)
        if form.is_valid():
            return redirect("patients:handover-step", SIGN)
    return responses.form_page(
        request, "patients/handover_read.html", _consent_context(active, asked), form=form
    )


def _sign(request, active: Handover, asked: AskedText) -> HttpResponse:
    read = _read_form(active, asked, active.draft)
    if not read.is_valid():
        return redirect("patients:handover-step", READ)
    posted = responses.posted_data(request)
    form = ConsentSignatureForm(
        posted, initial=active.draft, minor=_is_minor(active), patient_name=active.patient.spoken_name
    )
    if request.method == "POST":
        handovers_actions.store_draft(active, values=_typed(request, form))
        if HOLD in request.POST:
            return HttpResponse(status=204)
        if form.is_valid():
            try:
                handovers_actions.send_consent(active, text=asked.text, **read.agreed(), **form.signed())
                return redirect("patients:handover")
            except errors.RuleViolation as refused:
                errors.add_to_form(form, refused)
    context = {**_consent_context(active, asked), "today": timezone.localtime()}
    return responses.form_page(request, "patients/handover_sign.html", context, form=form)


def _decline(request, active: Handover, asked: AskedText) -> HttpResponse:
    form = DeclineForm(responses.posted_data(request), initial=active.draft)
    if request.method == "POST":
        handovers_actions.store_draft(active, values=_typed(request, form))
        if HOLD in request.POST:
            return HttpResponse(status=204)
        if form.is_valid():
            try:
                handovers_actions.send_refusal(active, text=asked.text, **form.cleaned_data)
                return redirect("patients:handover")
            except errors.RuleViolation as refused:
                errors.add_to_form(form, refused)
    return responses.form_page(
        request, "patients/handover_decline.html", _consent_context(active, asked), form=form
    )


def _read_form(active: Handover, asked: AskedText, data) -> ConsentReadingForm:
    return ConsentReadingForm(
        data,
        initial=active.draft,
        statements=consents.statements_for(asked.statements, minor=_is_minor(active)),
        areas=body_areas.current(),
        asks_regions=asked.changes is None,
    )


def _is_minor(active: Handover) -> bool:
    return ages.is_minor(active.patient.born, on=timezone.localdate())


def _consent_context(active: Handover, asked: AskedText) -> dict:
    return {
        "name": active.patient.preferred_name or active.patient.given_name,
        "text": asked.text,
        "therapist": active.therapist,
        "is_minor": _is_minor(active),
        "adds": bool(active.draft.get("parent")),
        "changes": asked.changes,
    }


def _address_after(active: Handover, user) -> str:
    """The patient's record, or today's board for somebody who may not open records."""
    if may(accounts.with_roles(user.pk), Permission.PATIENT_VIEW):
        return active.patient.get_absolute_url()
    return reverse("treatments:today")


CONSENT_PAGES = {READ: _read, SIGN: _sign, DECLINE: _decline}
PAGES = {Handover.Purpose.SCREENING: _questions, Handover.Purpose.CONSENT: _consent}
