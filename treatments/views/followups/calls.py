"""The call list, one call, and how a follow-up ends."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from clinic import audit
from clinic.access import Permission, may, requires
from clinic.actions import csv_export
from clinic.rules import practice as practice_rules
from clinic.values.errors import RuleViolation
from clinic.views.csv_export import csv_file
from clinic.web import page_frame, responses
from clinic.web.names import about
from patients.selectors import visibility
from treatments.actions.followups import calls as followup_actions
from treatments.actions.followups import soreness
from treatments.forms.followups import AnswersForm, CallForm, CloseForm, RestForm, initial_answers
from treatments.models import ContactAttempt, FollowUp, SorenessReport
from treatments.rules.followups import call_file, warning_levels
from treatments.rules.followups import calls as calls_rules
from treatments.rules.followups import soreness as soreness_rules
from treatments.selectors.followups import calls
from treatments.selectors.followups import soreness as soreness_selectors

# In the address: the patient calls by themselves.
CALLER = "caller"


@requires(Permission.FOLLOWUP_CALL)
def call_list(request: HttpRequest) -> HttpResponse:
    """Sent by POST, the whole list as a file; the filter stands in the address.

    `of` in the address is the reference of a patient who calls by themselves: it leads to their follow-up.
    """
    if request.method == "GET" and "of" in request.GET:
        return _of_caller(request, request.GET["of"])
    now, practice = timezone.now(), page_frame.practice_for(request)
    only, number = request.GET.get("only", ""), _page_number(request)
    limit = practice.call_attempts
    if request.method == "POST":
        csv_export.record(
            "follow-ups", f"only {only}" if only in calls_rules.FILTERS else "", by=request.user
        )
        every = calls.pages(request.user, now=now, attempts=limit, only=only)
        reads = may(request.user, Permission.CHART_VIEW)
        return csv_file("follow-ups", *call_file.table(every, reads=reads))
    rows, more = calls.page(request.user, now=now, attempts=limit, only=only, number=number)
    context = {
        "rows": rows,
        "only": only,
        "file_url": f"?only={only}",
        "counts": {"due": practice.followups_due, **calls.counts(request.user, now=now, attempts=limit)},
        "newer_url": f"?only={only}&page={number - 1}" if number > 1 else "",
        "older_url": f"?only={only}&page={number + 1}" if more else "",
        "reads": may(request.user, Permission.CHART_VIEW),
    }
    return render(request, "treatments/followups.html", context)


@requires(Permission.FOLLOWUP_CALL)
@require_GET
def followup(request: HttpRequest, ref: str) -> HttpResponse:
    row = _find(request, ref)
    audit.look("followup.opened", row, by=request.user, patient=row.session.patient)
    # a sign is heard after the end as well: whoever calls by themselves is asked here
    hears = row.closed_at is None or CALLER in request.GET
    form = CallForm(signs=_signs(row)) if hears and not row.current_reports else None
    return _page(request, row, form)


@requires(Permission.FOLLOWUP_CALL)
@require_POST
def answer(request: HttpRequest, ref: str) -> HttpResponse:
    """A warning sign is filed at once; what could not be read beside it is asked again afterwards."""
    row = _find(request, ref)
    form = CallForm(request.POST, signs=_signs(row))
    if form.is_valid() or form.reports_sign:
        act = _Filing(request, row, form)
        if (response := responses.submit(request, "followup.answer", act, form)) is not None:
            return _unread_rest(request, row) if form.errors else response
    return _page(request, row, form)


@requires(Permission.FOLLOWUP_CALL)
def rest(request: HttpRequest, ref: str) -> HttpResponse:
    """What a warning sign did not wait for."""
    row = _find(request, ref)
    report = _seen_report(request, row)
    form = RestForm(responses.posted_data(request), report=report, signs=_signs(row))
    if form.is_valid():

        def act():
            soreness.add(report, by=request.user, **form.answers)
            return row.get_absolute_url()

        if (response := responses.submit(request, "followup.rest", act, form)) is not None:
            return response
    return _rest_page(request, row, report, form)


@requires(Permission.FOLLOWUP_CALL)
@require_POST
def claim(request: HttpRequest, ref: str) -> HttpResponse:
    row = _find(request, ref)
    try:
        followup_actions.claim(row, by=request.user, take_over="take_over" in request.POST)
    except RuleViolation as refused:
        messages.warning(request, " ".join(refused.messages))
    return redirect(row)


@requires(Permission.FOLLOWUP_CALL)
def close(request: HttpRequest, ref: str) -> HttpResponse:
    row = _find(request, ref)
    form = CloseForm(responses.posted_data(request))
    if form.is_valid():

        def act():
            followup_actions.close(row, by=request.user, **form.cleaned_data)
            messages.success(request, about(row.session.patient, _("Closed: {}, {} h."), row.step))
            return reverse("treatments:followups")

        if (response := responses.submit(request, "followup.close", act, form)) is not None:
            return response
    return responses.form_page(
        request, "treatments/followup_close.html", {"row": row, "patient": row.session.patient}, form=form
    )


@requires(Permission.FOLLOWUP_CALL)
def correct(request: HttpRequest, ref: str) -> HttpResponse:
    """Correct the answers. Only readers of charts see the recorded answers in the form."""
    row = _find(request, ref)
    report = _standing(row)
    if request.POST.get("report", str(report.pk)) != str(report.pk):
        return responses.earlier_redirect(request) or responses.conflict_page(
            request, soreness.corrected_meanwhile()
        )
    reads = may(request.user, Permission.CHART_VIEW)
    initial = initial_answers(report) if reads else {}
    form = AnswersForm(responses.posted_data(request), signs=_signs(row), initial=initial)
    if form.is_valid():

        def act():
            # whoever does not see what is on file takes nothing of it away by leaving it out
            file = soreness.correct if reads or form.is_whole else soreness.add
            file(report, by=request.user, **form.answers)
            return row.get_absolute_url()

        if (response := responses.submit(request, "followup.correct", act, form)) is not None:
            return response
    context = {"row": row, "patient": row.session.patient, "report": report, "guide": _guide(request, form)}
    return responses.form_page(request, "treatments/followup_correct.html", context, form=form)


def _of_caller(request: HttpRequest, ref: str) -> HttpResponse:
    if found := calls.of_caller(request.user, ref):
        return redirect(f"{found.get_absolute_url()}?{CALLER}=1")
    patient = responses.row_or_404(visibility.patient(request.user, ref))
    words = page_frame.practice_for(request).emergency_words
    said = _("There is no follow-up after a session to write this call in. Tell a therapist. For 911 say:")
    messages.warning(request, f"{said} {warning_levels.tell(None, emergency=words)}")
    return redirect(patient)


class _Filing:
    """Act on a posted call; returns the next URL: the next patient to call, or this page."""

    def __init__(self, request, row, form):
        self.request, self.row, self.form = request, row, form

    def __call__(self) -> str:
        if self.form.is_answered():
            return self._filed()
        result = self.form.cleaned_data["result"]
        tried = {name: self.form.cleaned_data[name] for name in ("result", "note", "again_at")}
        followup_actions.attempt(self.row, by=self.request.user, **tried)
        if result == ContactAttempt.Result.WRONG_NUMBER and may(self.request.user, Permission.PATIENT_EDIT):
            return self._correct_the_number()
        return self._next(ContactAttempt.Result(result).label)

    def _correct_the_number(self) -> str:
        page = reverse("patients:edit", args=[self.row.session.patient.ref])
        messages.warning(
            self.request, _("The number is marked as wrong. Correct it if you have the right one.")
        )
        return f"{page}?back={self.row.get_absolute_url()}#id_phone"

    def _filed(self) -> str:
        result = self.form.cleaned_data["result"]
        report = soreness.file(self.row, by=self.request.user, result=result, **self.form.answers)
        if report.triage == soreness_rules.EXPECTED:
            return self._next(soreness_rules.TRIAGE_LABELS[report.triage])
        return self.row.get_absolute_url()

    def _next(self, result: str) -> str:
        messages.success(
            self.request,
            about(self.row.session.patient, _("{}, {} h: {}."), self.row.step, result),
        )
        following = calls.next_open(self.request.user, now=timezone.now(), after=self.row)
        return following.get_absolute_url() if following else reverse("treatments:followups")


def _page(request: HttpRequest, row: FollowUp, form) -> HttpResponse:
    now, practice = timezone.now(), page_frame.practice_for(request)
    reads = may(request.user, Permission.CHART_VIEW)
    others, _has_more = calls.page(request.user, now=now, attempts=practice.call_attempts)
    shown = calls_rules.call_for(row, user=request.user, now=now, attempts=practice.call_attempts)
    context = {
        "open": shown,
        "rows": _with_open(others, shown),
        "script": calls_rules.script(row, user=request.user, practice=practice, now=now),
        "last_contact": calls_rules.last_contact(row, now=now),
        "before": soreness_selectors.latest_reports(shown.patient) if reads else [],
        "attempts": calls_rules.attempts_words(row, limit=practice.call_attempts),
        "has_it": calls_rules.who_has_it(row),
        "standing": calls_rules.standing_report(row),
        "reads": reads,
        "may_edit": may(request.user, Permission.PATIENT_EDIT),
        "may_act": may(request.user, Permission.RED_FLAG_ACT),
        "tell": calls_rules.tell_words(row, practice=practice),
        "is_closed_day": practice_rules.is_closed(practice.closed_days, timezone.localdate(row.due_at)),
        "guide": _guide(request, form),
        "claimed": followup_actions.claimed_reasons(row, by=request.user),
    }
    return responses.form_page(request, "treatments/followup.html", context, form=form)


def _unread_rest(request: HttpRequest, row: FollowUp) -> HttpResponse:
    """The sign of a call is on file; what could not be read beside it, as it was typed, to be put right."""
    report = _standing(row)
    form = RestForm(request.POST, report=report, signs=_signs(row))
    return redirect(row) if form.is_valid() else _rest_page(request, row, report, form)


def _rest_page(request: HttpRequest, row: FollowUp, report: SorenessReport, form) -> HttpResponse:
    reads = may(request.user, Permission.CHART_VIEW)
    context = {
        "row": row,
        "patient": row.session.patient,
        "report": report,
        "reads": reads,
        "words": calls_rules.sign_words(_as_rows(report), row.sign_names, reads=reads),
        "tell": calls_rules.tell_words(row, practice=page_frame.practice_for(request)),
        "has_it": calls_rules.who_has_it(row),
        "guide": _guide(request, form),
        "form_key": responses.new_form_key(),
    }
    return responses.form_page(request, "treatments/followup_rest.html", context, form=form)


def _as_rows(report: SorenessReport) -> list[dict]:
    return [{"signs": report.warning_signs, "urgency": report.urgency}]


def _seen_report(request: HttpRequest, row: FollowUp) -> SorenessReport:
    """The report that the page was opened on, also when a newer one stands by now."""
    seen = request.POST.get("report", "")
    return responses.row_or_404(
        next((report for report in row.reports.all() if str(report.pk) == seen), None)
        if seen
        else row.reports.filter(superseded_by=None).first()
    )


def _standing(row: FollowUp) -> SorenessReport:
    return get_object_or_404(SorenessReport, followup=row, superseded_by=None)


def _with_open(rows: list, shown) -> list:
    """The list with the open row in its place, or first when it is not on this page."""
    keys = [row.followup.pk for row in rows]
    if shown.followup.pk not in keys:
        return [shown, *rows]
    return [shown if row.followup.pk == shown.followup.pk else row for row in rows]


def _find(request: HttpRequest, ref: str) -> FollowUp:
    return responses.row_or_404(calls.visible_to(request.user, ref))


def _signs(row: FollowUp) -> list:
    return calls.warning_signs(row, now=timezone.now())


def _guide(request: HttpRequest, form: AnswersForm | None) -> warning_levels.Guide:
    words = page_frame.practice_for(request).emergency_words
    return warning_levels.guide(form.signs if form else [], emergency=words)


def _page_number(request: HttpRequest) -> int:
    text = request.GET.get("page", "1")
    return max(int(text), 1) if text.isdigit() and len(text) < 6 else 1
