"""The practice's reports: each is a question, and the first page lists those that the reader may ask."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from clinic.access import Permission, may, requires
from clinic.web import page_frame
from treatments.rules.adverse_events import rates as rates_rules
from treatments.rules.reports import calls as calls_rules
from treatments.rules.reports import kept_apart as kept_apart_rules
from treatments.rules.reports import notes as notes_rules
from treatments.rules.reports import overrides as overrides_rules
from treatments.rules.reports import questions
from treatments.rules.reports import soreness as soreness_rules
from treatments.rules.reports import visits as visits_rules
from treatments.rules.reports.report import Report, Terms
from treatments.selectors.adverse_events import rates as rates_selectors
from treatments.selectors.reports import calls as calls_selectors
from treatments.selectors.reports import kept_apart as kept_apart_selectors
from treatments.selectors.reports import notes as notes_selectors
from treatments.selectors.reports import overrides as overrides_selectors
from treatments.selectors.reports import soreness as soreness_selectors
from treatments.selectors.reports import visits as visits_selectors
from treatments.views.reports.answers import answer


@requires(Permission.BOARD_VIEW)
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    context = {
        "questions": [one for one in questions.QUESTIONS if may(request.user, one.asked_by)],
        "may_read": may(request.user, Permission.CHART_VIEW),
        "may_see_state_rules": may(request.user, Permission.STATE_RULES_VIEW),
        "may_see_caseload": may(request.user, Permission.REPORTS_VIEW),
        "may_hand_over": may(request.user, Permission.STAFF_LEAVE),
        "may_take_out": may(request.user, Permission.PRACTICE_EXPORT),
    }
    return render(request, "treatments/reports.html", context)


@requires(Permission.CHART_VIEW)
def notes(request: HttpRequest) -> HttpResponse:
    def find(terms: Terms) -> Report:
        return notes_rules.unsigned(notes_selectors.unsigned(terms, user=request.user), now=timezone.now())

    return answer(request, questions.NOTES, find)


@requires(Permission.CHART_VIEW)
def needles(request: HttpRequest) -> HttpResponse:
    def find(terms: Terms) -> Report:
        return notes_rules.mismatches(notes_selectors.mismatches(terms, user=request.user))

    return answer(request, questions.NEEDLES, find)


@requires(Permission.FOLLOWUP_CALL)
def calls(request: HttpRequest) -> HttpResponse:
    def find(terms: Terms) -> Report:
        return calls_rules.report(calls_selectors.not_reached(terms, user=request.user))

    return answer(request, questions.CALLS, find)


@requires(Permission.AUDIT_VIEW)
def kept_apart(request: HttpRequest) -> HttpResponse:
    return answer(request, questions.KEPT_APART, _kept_apart)


def _kept_apart(terms: Terms) -> Report:
    return kept_apart_rules.report(kept_apart_selectors.kept_apart(terms))


@requires(Permission.REPORTS_COUNTS)
def soreness(request: HttpRequest) -> HttpResponse:
    step = page_frame.practice_for(request).followup_steps[0]

    def find(terms: Terms) -> Report:
        return soreness_rules.report(soreness_selectors.by_muscle_and_dose(terms, step=step), step=step)

    return answer(request, questions.SORENESS, find)


@requires(Permission.REPORTS_COUNTS)
def overrides(request: HttpRequest) -> HttpResponse:
    return answer(request, questions.OVERRIDES, _overrides)


def _overrides(terms: Terms) -> Report:
    patients = overrides_selectors.patients(terms)
    return overrides_rules.report(overrides_selectors.by_rule(terms), patients=patients)


@requires(Permission.REPORTS_COUNTS)
def events(request: HttpRequest) -> HttpResponse:
    return answer(request, questions.EVENTS, _events)


def _events(terms: Terms) -> Report:
    return rates_rules.report(rates_selectors.counts(terms), rates_selectors.basis(terms))


@requires(Permission.BOARD_VIEW)
def visits(request: HttpRequest) -> HttpResponse:
    return answer(request, questions.VISITS, _visits)


def _visits(terms: Terms) -> Report:
    return visits_rules.report(visits_selectors.by_week(terms), patients=visits_selectors.patients(terms))
