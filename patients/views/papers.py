"""Pages of scanned papers: the list, filing one, its file, and marking the wrong one."""

import re

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from clinic.access import Permission, may, requires
from clinic.web import responses
from clinic.web.uploads import takes_file
from patients.actions import papers as actions
from patients.forms.papers import CONSENT, COVERAGE, PaperForm, WrongPaperForm
from patients.models import Paper, Patient
from patients.rules.papers import files, filing
from patients.selectors import banner
from patients.selectors import papers as selectors
from patients.views import visibility

# Nothing of a file runs or is fetched, wherever a browser shows it after all.
POLICY = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; sandbox"


@requires(Permission.PAPER_VIEW)
@require_GET
def papers(request: HttpRequest, ref: str) -> HttpResponse:
    patient = visibility.visible_patient(request, ref)
    rows, older = selectors.page(patient, before=_number(request.GET.get("before", "")))
    reads_clinical = may(request.user, Permission.CHART_VIEW)
    context = {
        **_patient_context(request, patient),
        "lines": [filing.line(row, reads_clinical=reads_clinical) for row in rows],
        "older": older,
        "may_file": may(request.user, Permission.PAPER_FILE),
    }
    return render(request, "patients/papers.html", context)


@requires(Permission.PAPER_FILE)
@takes_file(largest=files.MAX_BYTES)
def file(request: HttpRequest, ref: str) -> HttpResponse:
    """File one. `consent`, `coverage` and `kind` in the address begin the form."""
    patient = visibility.visible_patient(request, ref)
    form = PaperForm(
        responses.posted_data(request),
        request.FILES or None,
        initial=_initial(request),
        consents=list(selectors.paper_consents(patient)),
        coverages=list(selectors.coverages(patient)),
    )
    if form.is_valid():

        def act() -> str:
            actions.file(patient, by=request.user, **form.filed())
            messages.success(request, _("The document is filed."))
            return reverse("patients:papers", args=[patient.ref])

        if (response := responses.submit(request, "paper.file", act, form)) is not None:
            return response
    return responses.form_page(
        request, "patients/paper_file.html", _patient_context(request, patient), form=form
    )


@requires(Permission.PAPER_VIEW)
@require_GET
def download(request: HttpRequest, ref: str, pk: int) -> HttpResponse:
    """The file itself, to be saved: no browser is to show it as a page of ours."""
    found = get_object_or_404(selectors.visible_to(request.user, ref=ref), pk=pk)
    actions.record_opening(found, by=request.user)
    # a scan is compressed already
    request.META.pop("HTTP_ACCEPT_ENCODING", None)
    return StreamingHttpResponse(
        selectors.parts_of(found),
        content_type=found.media_type,
        headers={
            "Content-Disposition": f'attachment; filename="{filing.file_name(found, ref=found.patient.ref)}"',
            "Content-Length": str(found.size),
            "Content-Security-Policy": POLICY,
            "X-Content-Type-Options": "nosniff",
        },
    )


@requires(Permission.PAPER_FILE)
def wrong(request: HttpRequest, ref: str, pk: int) -> HttpResponse:
    """Mark it as the wrong paper, with a reason: whoever files clinical papers, without opening it."""
    found: Paper = get_object_or_404(selectors.of_record(request.user, ref=ref), pk=pk)
    patient = visibility.visible_patient(request, ref)
    form = WrongPaperForm(responses.posted_data(request))
    if form.is_valid():

        def act() -> str:
            actions.mark_wrong(found, by=request.user, **form.cleaned_data)
            messages.success(request, _("The document is marked. It stays on the record."))
            return reverse("patients:papers", args=[patient.ref])

        if (response := responses.submit(request, "paper.wrong", act, form)) is not None:
            return response
    line = filing.line(found, reads_clinical=may(request.user, Permission.CHART_VIEW))
    context = {**_patient_context(request, patient), "line": line}
    return responses.form_page(request, "patients/paper_wrong.html", context, form=form)


def _initial(request: HttpRequest) -> dict:
    consent = _number(request.GET.get("consent", ""))
    coverage = _number(request.GET.get("coverage", ""))
    if consent is not None:
        return {"about": f"{CONSENT}-{consent}", "kind": Paper.Kind.CONSENT}
    about = {"about": f"{COVERAGE}-{coverage}"} if coverage is not None else {}
    kind = request.GET.get("kind", "")
    return about | ({"kind": kind} if kind in Paper.Kind.values else {})


def _number(text: str) -> int | None:
    return int(text) if re.fullmatch(r"[0-9]{1,18}", text) else None


def _patient_context(request: HttpRequest, patient: Patient) -> dict:
    shown = banner.banner_for(patient, user=request.user, on=timezone.localdate())
    return {"patient": patient, "strip": shown}
