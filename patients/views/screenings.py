"""Health questions: asked by staff, handed over on the tablet, read and reviewed."""

from functools import partial

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone

from clinic import audit
from clinic.access import Permission, may, requires
from clinic.web import page_frame
from clinic.web import responses as answers_web
from patients.actions import screenings
from patients.forms.screenings import QuestionsForm, ReviewForm
from patients.models import Patient, Screening, ScreeningItem
from patients.rules import ages, body_areas
from patients.rules import screenings as screenings_rules
from patients.selectors import banner, visits
from patients.selectors import screenings as screenings_selectors
from patients.views import visibility

HEADINGS = {ScreeningItem.Kind.INTAKE: "Health questions", ScreeningItem.Kind.VISIT: "Has anything changed?"}


@requires(Permission.SCREENING_ANSWER)
def answer(request: HttpRequest, ref: str, kind: str) -> HttpResponse:
    """Staff ask and type; the tablet has pages of its own."""
    if kind not in HEADINGS:
        raise Http404
    patient = visibility.visible_patient(request, ref)
    items = screenings_selectors.asked_now(kind)
    form = QuestionsForm(answers_web.posted_data(request), items=items, areas=body_areas.current())
    if form.is_valid():
        act = partial(_file, request, patient, kind, form)
        if (response := answers_web.submit(request, "screening.take", act, form)) is not None:
            return response
    context = {"heading": HEADINGS[kind], "kind": kind, **_frame(request, patient)}
    return answers_web.form_page(request, "patients/screening_answer.html", context, form=form)


@requires(Permission.SCREENING_VIEW)
def screening(request: HttpRequest, ref: str, pk: int) -> HttpResponse:
    """The answers, the concerns first, and beside them the decision about them."""
    standing = _screening(request, ref, pk)
    if (answered := answers_web.earlier_redirect(request)) is not None:
        return answered
    may_review = standing.reviewed_at is None and may(request.user, Permission.SCREENING_REVIEW)
    form = ReviewForm(answers_web.posted_data(request)) if may_review else None
    if form is not None and form.is_valid():
        act = partial(_review, request, standing, form)
        if (response := answers_web.submit(request, "screening.review", act, form)) is not None:
            return response
    if request.method == "GET":
        audit.look("screening.opened", standing, by=request.user, patient=standing.patient)
    context = {**_frame(request, standing.patient), **_reading(standing), **_lasts(request, standing)}
    return answers_web.form_page(request, "patients/screening.html", context, form=form)


def _file(request, patient: Patient, kind: str, form: QuestionsForm) -> str:
    """What needs a decision is decided at once; the rest leads back to the record."""
    filed = screenings.take(
        patient,
        by=request.user,
        kind=kind,
        source=Screening.Source.STAFF,
        answers=form.given(),
        visit=visits.current_visit(patient, on=timezone.localdate()),
    )
    if filed.reviewed_at is not None:
        return patient.get_absolute_url()
    return reverse("patients:screening", args=[patient.ref, filed.pk])


def _review(request, standing: Screening, form: ReviewForm) -> str:
    screenings.review(standing, by=request.user, **form.cleaned_data)
    return standing.patient.get_absolute_url()


def _screening(request, ref: str, pk: int) -> Screening:
    return get_object_or_404(screenings_selectors.visible_to(request.user, ref=ref), pk=pk)


def _reading(screening: Screening) -> dict:
    answers = screenings_selectors.answers_of(screening)
    given = {
        row.item.code: screenings_rules.GivenAnswer(row.answer, row.detail, tuple(row.regions))
        for row in answers
    }
    items = [row.item for row in answers]
    body = body_areas.current()
    concerns = [
        {"finding": finding, "places": body_areas.names_of(finding.given.regions, body)}
        for finding in screenings_rules.findings(items, given)
    ]
    worrying = {row["finding"].item.code for row in concerns}
    return {
        "screening": screening,
        "heading": HEADINGS[screening.kind],
        "concerns": concerns,
        "others": [row for row in answers if row.item.code not in worrying],
        "cannot_lower": screenings_rules.cannot_be_lowered(items, given),
        "is_minor": ages.is_minor(screening.patient.born, on=timezone.localdate(screening.taken_at)),
    }


def _lasts(request, standing: Screening) -> dict:
    """Until when a review of the intake would hold."""
    if standing.reviewed_at is not None or standing.kind != ScreeningItem.Kind.INTAKE:
        return {}
    months = page_frame.practice_for(request).screening_months
    return {"lasts_until": ages.months_later(timezone.localdate(standing.taken_at), months)}


def _frame(request, patient: Patient) -> dict:
    shown = banner.banner_for(patient, user=request.user, on=timezone.localdate())
    return {"patient": patient, "strip": shown}
