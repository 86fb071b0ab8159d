"""Pages of health questions: answered by staff, read and reviewed."""

import re
from functools import partial

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy

from clinic import audit
from clinic.access import Permission, may, requires
from clinic.web import page_frame
from clinic.web import responses as answers_web
from patients.actions import screenings
from patients.forms.screenings import QuestionsForm, ReviewForm, initial_of
from patients.models import Patient, Screening, ScreeningItem
from patients.rules import ages, body_areas
from patients.rules import screenings as screenings_rules
from patients.selectors import banner, visits
from patients.selectors import screenings as screenings_selectors
from patients.views import visibility

HEADINGS = {
    ScreeningItem.Kind.INTAKE: gettext_lazy("Health questions"),
    ScreeningItem.Kind.VISIT: gettext_lazy("Health update"),
}


@requires(Permission.SCREENING_ANSWER)
def answer(request: HttpRequest, ref: str, kind: str) -> HttpResponse:
    """The questions as staff ask them; the tablet has pages of its own."""
    if kind not in HEADINGS:
        raise Http404
    patient = visibility.visible_patient(request, ref)
    items = screenings_selectors.asked_now(kind, patient=patient)
    areas, posted = body_areas.current(), answers_web.posted_data(request)
    initial = initial_of(_filed_answers(request, patient, kind), areas)
    form = QuestionsForm(posted, items=items, areas=areas, initial=initial)
    if form.is_valid() or ("stop" in request.POST and form.says_stop):
        act = partial(_record, request, patient, kind, form)
        if (response := answers_web.submit(request, "screening.take", act, form)) is not None:
            return response
    context = {"heading": HEADINGS[kind], "kind": kind, **_patient_context(request, patient)}
    return answers_web.form_page(request, "patients/screening_answer.html", context, form=form)


@requires(Permission.SCREENING_VIEW)
def screening(request: HttpRequest, ref: str, pk: int) -> HttpResponse:
    """The answers, those of concern first, and the review."""
    stored = _screening(request, ref, pk)
    if (answered := answers_web.earlier_redirect(request)) is not None:
        return answered
    may_review = stored.reviewed_at is None and may(request.user, Permission.SCREENING_REVIEW)
    form = ReviewForm(answers_web.posted_data(request)) if may_review else None
    if form is not None and form.is_valid():
        act = partial(_review, request, stored, form)
        if (response := answers_web.submit(request, "screening.review", act, form)) is not None:
            return response
    if request.method == "GET":
        audit.look("screening.opened", stored, by=request.user, patient=stored.patient)
    context = {
        **_patient_context(request, stored.patient),
        **_answers_context(stored),
        **_expiry_context(request, stored),
    }
    return answers_web.form_page(request, "patients/screening.html", context, form=form)


def _record(request, patient: Patient, kind: str, form: QuestionsForm) -> str:
    """Record the answers; lead to their review when they need one, else to the patient's record."""
    recorded = screenings.take(
        patient,
        by=request.user,
        kind=kind,
        source=Screening.Source.STAFF,
        answers=form.given(),
        is_whole="stop" not in request.POST,
        visit=visits.current_visit(patient, on=timezone.localdate()),
    )
    if recorded.reviewed_at is not None:
        return patient.get_absolute_url()
    return reverse("patients:screening", args=[patient.ref, recorded.pk])


def _filed_answers(request, patient: Patient, kind: str) -> list[screenings_rules.RecordedAnswer]:
    """The answers of the screening in `from`, to which the rest is asked; none without it."""
    filed = request.GET.get("from", "")
    if not re.fullmatch(r"[0-9]{1,18}", filed):
        return []
    return screenings_selectors.answers_of(_screening(request, patient.ref, int(filed)), kind=kind)


def _review(request, stored: Screening, form: ReviewForm) -> str:
    screenings.review(stored, by=request.user, **form.cleaned_data)
    return stored.patient.get_absolute_url()


def _screening(request, ref: str, pk: int) -> Screening:
    return get_object_or_404(screenings_selectors.visible_to(request.user, ref=ref), pk=pk)


def _answers_context(screening: Screening) -> dict:
    answers = screenings_selectors.answers_of(screening)
    given = {row.item.code: row.given for row in answers}
    questions = {row.item.code: row.question for row in answers}
    items = [row.item for row in answers]
    body = body_areas.current()
    concerns = [
        {
            "finding": finding,
            "question": questions[finding.item.code],
            "places": body_areas.names_of(
                finding.given.regions, body_areas.asked_by(finding.item.code, body)
            ),
        }
        for finding in screenings_rules.findings(items, given)
    ]
    concern_codes = {row["finding"].item.code for row in concerns}
    return {
        "screening": screening,
        "heading": HEADINGS[screening.kind],
        "concerns": concerns,
        "others": [row for row in answers if row.item.code not in concern_codes],
        "cannot_lower": screenings_rules.cannot_be_lowered(items, given),
        "not_asked": screenings_selectors.questions_of(screening.not_asked),
        "is_minor": ages.is_minor(screening.patient.born, on=timezone.localdate(screening.taken_at)),
    }


def _expiry_context(request, stored: Screening) -> dict:
    """Until when a review of the intake would be valid."""
    if stored.reviewed_at is not None or stored.kind != ScreeningItem.Kind.INTAKE:
        return {}
    months = page_frame.practice_for(request).screening_months
    return {"lasts_until": ages.months_later(timezone.localdate(stored.taken_at), months)}


def _patient_context(request, patient: Patient) -> dict:
    strip = banner.banner_for(patient, user=request.user, on=timezone.localdate())
    return {"patient": patient, "strip": strip}
