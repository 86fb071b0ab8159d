"""The sharps injury log: its list, one entry, filing, correcting, and moving out of a patient's record."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from clinic import audit
from clinic.access import Permission, may, requires
from clinic.actions import csv_export
from clinic.views.csv_export import csv_file
from clinic.web import responses
from treatments.actions import sharps as actions
from treatments.forms.sharps import SharpsCorrectionForm, SharpsForm
from treatments.models import SharpsInjury
from treatments.rules import sharps
from treatments.selectors import sharps as selectors

PAGE_TEXTS = {
    "add": {
        "title": _("File a sharps injury"),
        "button": _("File it"),
        "done": _("Filed in the sharps injury log."),
    },
    "correct": {
        "title": _("Correct the entry"),
        "button": _("Save correction"),
        "done": _("Corrected. The version before stays readable."),
    },
    "move": {
        "title": _("Move to the sharps injury log"),
        "button": _("Move it out of the record"),
        "done": _("Filed here, and marked as entered in error in the patient's record."),
    },
}
COLUMNS = tuple(SharpsForm.base_fields)


@requires(Permission.SHARPS_REPORT)
def log(request: HttpRequest) -> HttpResponse:
    """Everybody's injuries for who keeps the log, one's own for others; by number, without names.

    Sent by POST, the same as a file.
    """
    user, years = request.user, selectors.years(request.user)
    year = _year(request.GET.get("year", ""), years)
    if request.method == "POST":
        csv_export.record("sharps", f"of {year}" if year else "", by=user)
        return csv_file("sharps", *sharps.table(selectors.log(user, year=year, limit=None)))
    keeps = sharps.keeps_log(user)
    if keeps:
        audit.look("sharps.listed", None, by=user)
    context = {
        "keeps_log": keeps,
        "rows": selectors.log(user, year=year),
        "years": years,
        "year": year,
        "file_url": f"?year={year or ''}",
        "kept_years": sharps.KEPT_YEARS,
        "misplaced": selectors.in_patients_records(user) if may(user, Permission.ADVERSE_EVENT_CLOSE) else [],
    }
    return render(request, "treatments/sharps_log.html", context)


@requires(Permission.SHARPS_REPORT)
@require_GET
def entry(request: HttpRequest, pk: int) -> HttpResponse:
    injury = _find(request, pk)
    audit.look("sharps.opened", injury, by=request.user)
    versions = selectors.versions(injury)
    context = {
        "injury": injury,
        "current": versions[0],
        "versions": versions,
        "kept_until": sharps.kept_until(injury.occurred_at),
        "today": timezone.localdate(),
    }
    return render(request, "treatments/sharps_injury.html", context)


@requires(Permission.SHARPS_REPORT)
def add(request: HttpRequest) -> HttpResponse:
    form = SharpsForm(responses.posted_data(request), initial={"injured": request.user}, **_choices(request))
    return _submit(request, "add", form, lambda: actions.file(by=request.user, **form.entry))


@requires(Permission.SHARPS_REPORT)
def correct(request: HttpRequest, pk: int) -> HttpResponse:
    injury = _find(request, pk)
    stored = {name: getattr(injury, name) for name in COLUMNS}
    form = SharpsCorrectionForm(responses.posted_data(request), initial=stored, **_choices(request))

    def act() -> SharpsInjury:
        reason = form.cleaned_data["reason"]
        return actions.correct(injury, by=request.user, reason=reason, **form.entry)

    return _submit(request, "correct", form, act)


@requires(Permission.ADVERSE_EVENT_CLOSE)
def move(request: HttpRequest, pk: int) -> HttpResponse:
    """For what was filed into a patient's record before this log existed."""
    if (answered := responses.earlier_redirect(request)) is not None:
        return answered
    event = get_object_or_404(selectors.in_patients_records(request.user), pk=pk)
    # who was injured is not on file, so that nobody is proposed
    stored = {"occurred_at": event.onset_at or event.noted_at, "how": event.action}
    form = SharpsForm(responses.posted_data(request), initial=stored, **_choices(request))
    return _submit(request, "move", form, lambda: actions.move(event, by=request.user, **form.entry))


def _submit(request: HttpRequest, what: str, form, verb) -> HttpResponse:
    if form.is_valid():

        def act():
            injury = verb()
            messages.success(request, PAGE_TEXTS[what]["done"])
            return injury.get_absolute_url()

        if (response := responses.submit(request, f"sharps.{what}", act, form)) is not None:
            return response
    context = {"texts": PAGE_TEXTS[what], "kept_years": sharps.KEPT_YEARS}
    return responses.form_page(request, "treatments/sharps_form.html", context, form=form)


def _choices(request: HttpRequest) -> dict:
    return {
        "user": request.user,
        "keeps_log": sharps.keeps_log(request.user),
        "people": selectors.people(),
        "locations": selectors.locations(),
    }


def _find(request: HttpRequest, pk: int) -> SharpsInjury:
    return get_object_or_404(selectors.visible_to(request.user), pk=pk)


def _year(text: str, years: list[int]) -> int | None:
    """The year that was chosen among those with entries; all of them otherwise."""
    return next((year for year in years if str(year) == text), None)
