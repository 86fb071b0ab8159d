"""What a patient sees on our tablet. Nobody is signed in: the session holds one hand-over and no more."""

from django.contrib.auth.decorators import login_not_required
from django.db import transaction
from django.forms import MultipleChoiceField
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from clinic.access import Permission, may
from clinic.selectors import accounts
from clinic.values import errors
from clinic.web import responses
from patients.actions import handovers as handovers_actions
from patients.forms import handovers as handovers_forms
from patients.forms.consents import ConsentReadingForm, ConsentSignatureForm, DeclineForm
from patients.forms.handovers import TabletReturnForm
from patients.forms.screenings import QuestionsForm
from patients.models import ConsentText, Handover
from patients.rules import ages, body_areas, consents, handovers
from patients.selectors import handovers as handovers_selectors
from patients.selectors import screenings

READ, SIGN, DECLINE = 1, 2, 3


@login_not_required
def handover(request: HttpRequest, step: int | None = None) -> HttpResponse:
    """The one page that every address leads to while the patient holds the tablet."""
    held = handover_of_request(request)
    if held is None:
        return _nothing_held(request)
    state = handovers.state_of(held, now=timezone.now())
    if state != handovers.OPEN:
        return render(request, "patients/handover_over.html", {"sent": state == handovers.SENT})
    pages = PAGES[held.purpose]
    return pages(request, held, step)


@login_not_required
def take_back(request: HttpRequest) -> HttpResponse:
    """Staff sign in to have the tablet back; until then it stays where it is."""
    held = handover_of_request(request)
    if held is None:
        return _nothing_held(request)
    if request.user.is_authenticated:
        # signed in with a second step, which led back here
        if request.method != "POST":
            return render(request, "patients/handover_back.html")
        return _taken_back(request, held)
    form = TabletReturnForm(responses.posted_data(request), request=request)
    if form.is_valid():
        # at once: a sign-in without the return would leave the device with neither
        with transaction.atomic():
            response = form.login(request, redirect_url=reverse("patients:handover-return"))
            return _taken_back(request, held) if request.user.is_authenticated else response
    return responses.form_page(request, "patients/handover_return.html", {}, form=form)


def _taken_back(request: HttpRequest, held: Handover) -> HttpResponse:
    handovers_actions.end(held, by=request.user)
    request.session.pop(handovers.SESSION_KEY, None)
    return redirect(_way_back(held, request.user))


def handover_of_request(request: HttpRequest) -> Handover | None:
    return handovers_selectors.handover_of_device(request.session.get(handovers.SESSION_KEY))


def _nothing_held(request: HttpRequest) -> HttpResponse:
    """Forget a hand-over that is not there, or every address would lead back here for ever."""
    request.session.pop(handovers.SESSION_KEY, None)
    return redirect("account_login")


def _questions(request: HttpRequest, held: Handover, step: int | None) -> HttpResponse:
    items = list(screenings.asked_now(held.kind))
    pages = handovers.question_pages(items)
    body = body_areas.current()
    if step is None:
        return redirect("patients:handover-step", _next_page(pages, body, held))
    if step == len(pages) + 1:
        return _check_answers(request, held, pages, body)
    if not 1 <= step <= len(pages):
        raise Http404
    form = _page_form(pages[step - 1], body, responses.posted_data(request), held)
    if request.method == "POST":
        handovers_actions.store_draft(held, values=_typed(request, form))
        if form.is_valid():
            return redirect("patients:handover-step", _after(request, step, len(pages)))
    return responses.form_page(
        request, "patients/handover_questions.html", _step(held, step, pages), form=form
    )


def _check_answers(request, held: Handover, pages: list[handovers.QuestionPage], body: list) -> HttpResponse:
    """Everything once more before it is sent."""
    items = [item for page in pages for item in page.items]
    form = QuestionsForm(held.draft, items=items, areas=body)
    if not form.is_valid():
        return redirect("patients:handover-step", _next_page(pages, body, held))
    if request.method == "POST":
        try:
            handovers_actions.send_answers(held, answers=form.given())
            return redirect("patients:handover")
        except errors.RuleViolation as refused:
            errors.add_to_form(form, refused)
    given = form.given()
    rows = [
        {"item": item, "given": given[item.code], "page": page.number,
         "places": body_areas.names_of(given[item.code].regions, body)}
        for page in pages
        for item in page.items
    ]  # fmt: skip
    context = {**_step(held, len(pages) + 1, pages), "rows": rows, "problems": form}
    return render(request, "patients/handover_check.html", context)


def _next_page(pages: list[handovers.QuestionPage], body: list, held: Handover) -> int:
    """The first page that is not whole yet, else the page that shows all answers."""
    waiting = (page.number for page in pages if not _page_form(page, body, held.draft, held).is_valid())
    return next(waiting, len(pages) + 1)


def _page_form(page: handovers.QuestionPage, body: list, data, held: Handover) -> QuestionsForm:
    return QuestionsForm(data, initial=held.draft, items=page.items, areas=body, unknown="I do not know")


def _after(request, step: int, last: int) -> int:
    """Somebody who changes one answer goes back to all of them."""
    return last + 1 if "check" in request.GET else step + 1


def _typed(request, form) -> dict:
    lists = [name for name, field in form.fields.items() if isinstance(field, MultipleChoiceField)]
    return handovers_forms.draft_values(request.POST, form.fields, lists=lists)


def _step(held: Handover, step: int, pages: list[handovers.QuestionPage]) -> dict:
    return {
        "name": held.patient.preferred_name or held.patient.given_name,
        "step": step,
        "last": len(pages) + 1,
        "title": pages[step - 1].name if step <= len(pages) else "Check your answers",
    }


def _consent(request: HttpRequest, held: Handover, step: int | None) -> HttpResponse:
    text = handovers_selectors.consent_text_of(held)
    if step not in CONSENT_PAGES:
        return redirect("patients:handover-step", READ)
    return CONSENT_PAGES[step](request, held, text)


def _read(request, held: Handover, text: ConsentText) -> HttpResponse:
    form = _read_form(held, text, responses.posted_data(request))
    if request.method == "POST":
        handovers_actions.store_draft(held, values=_typed(request, form))
        if form.is_valid():
            return redirect("patients:handover-step", SIGN)
    return responses.form_page(
        request, "patients/handover_read.html", _consent_context(held, text), form=form
    )


def _sign(request, held: Handover, text: ConsentText) -> HttpResponse:
    read = _read_form(held, text, held.draft)
    if not read.is_valid():
        return redirect("patients:handover-step", READ)
    posted = responses.posted_data(request)
    form = ConsentSignatureForm(
        posted, initial=held.draft, minor=_is_minor(held), patient_name=held.patient.spoken_name
    )
    if request.method == "POST":
        handovers_actions.store_draft(held, values=_typed(request, form))
        if form.is_valid():
            try:
                handovers_actions.send_consent(held, text=text, **read.cleaned_data, **form.signed())
                return redirect("patients:handover")
            except errors.RuleViolation as refused:
                errors.add_to_form(form, refused)
    context = {**_consent_context(held, text), "today": timezone.localtime()}
    return responses.form_page(request, "patients/handover_sign.html", context, form=form)


def _decline(request, held: Handover, text: ConsentText) -> HttpResponse:
    form = DeclineForm(responses.posted_data(request), initial=held.draft)
    if request.method == "POST":
        handovers_actions.store_draft(held, values=_typed(request, form))
        if form.is_valid():
            try:
                handovers_actions.send_refusal(held, text=text, **form.cleaned_data)
                return redirect("patients:handover")
            except errors.RuleViolation as refused:
                errors.add_to_form(form, refused)
    return responses.form_page(
        request, "patients/handover_decline.html", _consent_context(held, text), form=form
    )


def _read_form(held: Handover, text: ConsentText, data) -> ConsentReadingForm:
    statements = consents.statements_for(text.statements, minor=_is_minor(held))
    return ConsentReadingForm(data, initial=held.draft, statements=statements, areas=body_areas.current())


def _is_minor(held: Handover) -> bool:
    return ages.is_minor(held.patient.born, on=timezone.localdate())


def _consent_context(held: Handover, text: ConsentText) -> dict:
    return {
        "name": held.patient.preferred_name or held.patient.given_name,
        "text": text,
        "therapist": held.therapist,
        "is_minor": _is_minor(held),
        "adds": bool(held.draft.get("parent")),
    }


def _way_back(held: Handover, user) -> str:
    """To the record; somebody who may not open it goes to today's board."""
    if may(accounts.with_roles(user.pk), Permission.PATIENT_VIEW):
        return held.patient.get_absolute_url()
    return reverse("treatments:today")


CONSENT_PAGES = {READ: _read, SIGN: _sign, DECLINE: _decline}
PAGES = {Handover.Purpose.SCREENING: _questions, Handover.Purpose.CONSENT: _consent}
