"""Health questions: asked by staff, handed over on the tablet, read and reviewed."""

from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone

from clinic import audit, chrome, errors, http
from clinic.access import Permission, may, requires
from patients import ages, areas, assessment, strip
from patients.actions import screenings
from patients.forms.screenings import QuestionsForm, ReviewForm
from patients.models import Patient, Screening, ScreeningItem, Visit

HEADINGS = {ScreeningItem.Kind.INTAKE: "Health questions", ScreeningItem.Kind.VISIT: "Has anything changed?"}


@requires(Permission.SCREENING_ANSWER)
def answer(request, ref, kind):
    """Staff ask and type; the tablet has pages of its own."""
    if kind not in HEADINGS:
        raise Http404
    patient = get_object_or_404(Patient.objects.visible_to(request.user), ref=ref)
    items = ScreeningItem.objects.current().filter(kind=kind)
    form = QuestionsForm(request.POST if request.method == "POST" else None, items=items, areas=areas.current())
    if request.method == "POST" and form.is_valid():

        def act():
            screening = screenings.take(
                patient,
                by=request.user,
                kind=kind,
                source=Screening.Source.STAFF,
                answers=form.given(),
                visit=Visit.objects.here().filter(patient=patient).first(),
            )
            return after_filing(screening, patient)

        try:
            return http.once(request, "screening.take", act)
        except errors.RuleViolation as refused:
            errors.explain(form, refused)
    context = {"patient": patient, "heading": HEADINGS[kind], "kind": kind, **_frame(request, patient)}
    return http.page(request, "patients/screening_answer.html", context, form=form)


@requires(Permission.SCREENING_VIEW)
def screening(request, ref, pk):
    """The answers, the concerns first, and below them the decision about them."""
    rows = Screening.objects.select_related("patient", "taken_by", "reviewed_by", "visit")
    patients = Patient.objects.visible_to(request.user).filter(ref=ref)
    screening = get_object_or_404(rows, pk=pk, patient__in=patients)
    may_review = screening.reviewed_at is None and may(request.user, Permission.SCREENING_REVIEW)
    form = ReviewForm(request.POST if request.method == "POST" else None) if may_review else None
    if request.method == "POST" and form is not None and form.is_valid():

        def act():
            screenings.review(screening, by=request.user, **form.cleaned_data)
            return screening.patient.get_absolute_url()

        try:
            return http.once(request, "screening.review", act)
        except errors.RuleViolation as refused:
            errors.explain(form, refused)
        except errors.StaleRecord as stale:
            return render(request, "409.html", {"reasons": [stale.message]}, status=http.CONFLICT)
    if request.method == "GET":
        audit.look("screening.opened", screening, by=request.user, patient=screening.patient)
    context = {**_reading(screening), **_frame(request, screening.patient), **_review_help(request, screening)}
    return http.page(request, "patients/screening.html", context, form=form)


def after_filing(screening: Screening, patient: Patient) -> str:
    """What needs a decision is decided at once; the rest leads back to the record."""
    if screening.reviewed_at is not None:
        return patient.get_absolute_url()
    return reverse("patients:screening", args=[patient.ref, screening.pk])


def _reading(screening: Screening) -> dict:
    answers = list(screening.answers.select_related("item"))
    given = {
        row.item.code: assessment.Given(row.answer, row.detail, tuple(row.regions)) for row in answers
    }
    items = [row.item for row in answers]
    body = areas.current()
    concerns = [
        {"finding": finding, "places": areas.names_of(finding.given.regions, body)}
        for finding in assessment.findings(items, given)
    ]
    worrying = {row["finding"].item.code for row in concerns}
    return {
        "screening": screening,
        "patient": screening.patient,
        "heading": HEADINGS[screening.kind],
        "concerns": concerns,
        "others": [row for row in answers if row.item.code not in worrying],
        "cannot_lower": assessment.cannot_be_lowered(items, given),
        "is_minor": ages.is_minor(screening.patient.born, on=timezone.localdate(screening.taken_at)),
    }


def _review_help(request, screening: Screening) -> dict:
    if screening.reviewed_at is not None or screening.kind != ScreeningItem.Kind.INTAKE:
        return {}
    months = chrome.practice_for(request).screening_months
    return {"lasts_until": ages.months_later(timezone.localdate(screening.taken_at), months)}


def _frame(request, patient: Patient) -> dict:
    return {"strip": strip.strip_for(patient, user=request.user, on=timezone.localdate())}
