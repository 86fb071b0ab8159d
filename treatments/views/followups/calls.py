"""The call list, one call, and how a follow-up ends."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from clinic import audit
from clinic.access import Permission, may, requires
from clinic.values.errors import RuleViolation
from clinic.web import page_frame, responses
from treatments.actions.followups import calls as followup_actions
from treatments.actions.followups import soreness
from treatments.forms.followups import AnswersForm, CallForm, CloseForm
from treatments.models import ContactAttempt, FollowUp, SorenessReport
from treatments.rules.followups import calls as calls_rules
from treatments.rules.followups import soreness as soreness_rules
from treatments.selectors.followups import calls
from treatments.selectors.followups import soreness as soreness_selectors


@requires(Permission.FOLLOWUP_CALL)
@require_GET
def call_list(request: HttpRequest) -> HttpResponse:
    now, practice = timezone.now(), page_frame.practice_for(request)
    only, number = request.GET.get("only", ""), _page_number(request)
    limit = practice.call_attempts
    rows, more = calls.page(request.user, now=now, attempts=limit, only=only, number=number)
    context = {
        "rows": rows,
        "only": only,
        "counts": calls.counts(request.user, now=now, attempts=limit),
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
    form = None if row.closed_at or row.current_reports else CallForm(signs=calls.warning_signs())
    return _page(request, row, form)


@requires(Permission.FOLLOWUP_CALL)
@require_POST
def answer(request: HttpRequest, ref: str) -> HttpResponse:
    row = _find(request, ref)
    form = CallForm(request.POST, signs=calls.warning_signs())
    if form.is_valid():
        act = _Filing(request, row, form)
        if (response := responses.submit(request, "followup.answer", act, form)) is not None:
            return response
    return _page(request, row, form)


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
            messages.success(request, f"Closed: {row.session.patient.listed_name}, {row.step} h.")
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
    report = get_object_or_404(SorenessReport, followup=row, superseded_by=None)
    if request.POST.get("report", str(report.pk)) != str(report.pk):
        return responses.earlier_redirect(request) or responses.conflict_page(
            request, soreness.corrected_meanwhile()
        )
    reads = may(request.user, Permission.CHART_VIEW)
    initial = _initial(report) if reads else {}
    form = AnswersForm(responses.posted_data(request), signs=calls.warning_signs(), initial=initial)
    if form.is_valid():

        def act():
            soreness.correct(report, by=request.user, **form.answers)
            return row.get_absolute_url()

        if (response := responses.submit(request, "followup.correct", act, form)) is not None:
            return response
    context = {"row": row, "patient": row.session.patient, "report": report}
    return responses.form_page(request, "treatments/followup_correct.html", context, form=form)


class _Filing:
    """Act on a posted call; returns the next URL: the next patient to call, or this page."""

    def __init__(self, request, row, form):
        self.request, self.row, self.form = request, row, form

    def __call__(self) -> str:
        result = self.form.cleaned_data["result"]
        if result == ContactAttempt.Result.SPOKE:
            return self._filed()
        note = self.form.cleaned_data["note"]
        followup_actions.attempt(self.row, by=self.request.user, result=result, note=note)
        return self._next(ContactAttempt.Result(result).label)

    def _filed(self) -> str:
        report = soreness.file(self.row, by=self.request.user, **self.form.answers)
        if report.triage == soreness_rules.EXPECTED:
            return self._next(soreness_rules.TRIAGE_LABELS[report.triage])
        return self.row.get_absolute_url()

    def _next(self, result: str) -> str:
        messages.success(
            self.request, f"{self.row.session.patient.listed_name}, {self.row.step} h: {result}."
        )
        following = calls.next_open(self.request.user, now=timezone.now())
        return following.get_absolute_url() if following else reverse("treatments:followups")


def _page(request: HttpRequest, row: FollowUp, form) -> HttpResponse:
    now, practice = timezone.now(), page_frame.practice_for(request)
    reads = may(request.user, Permission.CHART_VIEW)
    others, _ = calls.page(request.user, now=now, attempts=practice.call_attempts)
    shown = calls_rules.call_for(row, user=request.user, now=now, attempts=practice.call_attempts)
    context = {
        "open": shown,
        "rows": _with_open(others, shown),
        "script": calls_rules.script(row, user=request.user, practice=practice, now=now),
        "last_contact": calls_rules.last_contact(row, now=now),
        "before": soreness_selectors.latest_reports(shown.patient) if reads else [],
        "standing": row.current_reports[0] if row.current_reports else None,
        "reads": reads,
        "may_act": may(request.user, Permission.RED_FLAG_ACT),
        "claimed": followup_actions.claimed_reasons(row, by=request.user),
    }
    return responses.form_page(request, "treatments/followup.html", context, form=form)


def _with_open(rows: list, shown) -> list:
    """The list with the open row in its place, or first when it is not on this page."""
    keys = [row.followup.pk for row in rows]
    if shown.followup.pk not in keys:
        return [shown, *rows]
    return [shown if row.followup.pk == shown.followup.pk else row for row in rows]


def _find(request: HttpRequest, ref: str) -> FollowUp:
    return get_object_or_404(calls.visible_to(request.user), ref=ref)


def _page_number(request: HttpRequest) -> int:
    text = request.GET.get("page", "1")
    return max(int(text), 1) if text.isdigit() and len(text) < 6 else 1


def _initial(report: SorenessReport) -> dict:
    names = ("now", "worst", "hours", "original_pain", "course", "bruise", "wants_call", "note")
    truths = ("still_sore", "drank_water", "kept_moving", "took_painkiller")
    answer_of = {True: "yes", False: "no", None: ""}
    signs = {f"sign_{sign['code']}": sign["answer"] for sign in report.warning_signs}
    return {
        **{name: getattr(report, name) for name in names},
        **{name: answer_of[getattr(report, name)] for name in truths},
        **signs,
    }
