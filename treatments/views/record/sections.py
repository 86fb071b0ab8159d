"""The other pages of a record: trends, the history of changes, the access log and the printed chart."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from clinic import audit
from clinic.access import Permission, may, requires
from clinic.web import page_frame, responses
from patients.models import Patient
from patients.rules import banner as banner_rules
from patients.rules import consents as consents_rules
from patients.selectors import banner, screenings
from patients.selectors import consents as consents_selectors
from patients.selectors import visibility as seen
from treatments.actions.record import printing
from treatments.rules.record import page, trends_page
from treatments.rules.record import panels as panels_rules
from treatments.rules.record import printing as printing_rules
from treatments.rules.record.page import tabs_for
from treatments.rules.signing import paper
from treatments.selectors.record import history as history_selectors
from treatments.selectors.record import page as page_selectors
from treatments.selectors.record import patient_sessions
from treatments.selectors.record import printing as printing_selectors


@requires(Permission.CHART_VIEW)
def trends(request: HttpRequest, ref: str) -> HttpResponse:
    patient = _patient(request, ref)
    audit.look("trends.opened", patient, by=request.user, patient=patient)
    practice = page_frame.practice_for(request)
    merged = page_selectors.open_merged(patient, user=request.user)
    newest = patient_sessions.newest_treatments(patient, trends_page.MAX_TREATMENTS + 1, merged=merged)
    found = trends_page.contents(
        newest,
        wanted=request.GET.get("condition", ""),
        steps=practice.followup_steps,
        general=practice.meaningful_change,
    )
    context = {**_page_context(request, patient, "trends"), **found, "merged_refs": [*merged.values()]}
    return render(request, "treatments/trends.html", context)


@requires(Permission.HISTORY_VIEW)
def history(request: HttpRequest, ref: str) -> HttpResponse:
    patient = _patient(request, ref)
    audit.look("history.opened", patient, by=request.user, patient=patient)
    looks = request.GET.get("show") == "looks"
    found = history_selectors.page(
        patient, before=request.GET.get("before", ""), looks=looks, user=request.user
    )
    context = {**_page_context(request, patient, "looks" if looks else "history"), **found, "looks": looks}
    return render(request, "treatments/history.html", context)


@requires(Permission.CHART_VIEW)
def print_page(request: HttpRequest, ref: str) -> HttpResponse:
    """The whole chart for print. It is recorded first: without that audit event there is no page."""
    user, now = request.user, timezone.now()
    patient = responses.row_or_404(printing_selectors.patient(user, ref))
    merged = page_selectors.open_merged(patient, user=user)
    others = [printing_selectors.patient(user, old) for old in merged.values()]
    people = [patient, *filter(None, others)]
    printing.record_printing(people, by=user)
    today, practice = timezone.localdate(now), page_frame.practice_for(request)
    rows = printing_selectors.sessions(patient, merged=merged)
    finished = [row for row in rows if not row.is_draft]
    context = {
        "patient": patient,
        "letterhead": paper.letterhead(practice, [row.location for row in rows]),
        "risks": banner_rules.risk_tags(patient, user=user, on=today),
        "alerts": [*banner_rules.merged_states(patient), *banner_rules.alert_states(patient, on=today)],
        "contact": panels_rules.contact(patient, today),
        "conditions": page.condition_lines(page_selectors.conditions(patient, merged=merged), merged),
        **printing_rules.lists_of_all(people),
        "notes": [
            printing_rules.printed_note(
                session, note, cosign_days=practice.cosign_days, now=now, merged=merged
            )
            for session, note in printing_selectors.notes(finished)
        ],
        "left_out": printing_rules.left_out(row for row in rows if row.is_draft),
        "papers": [_papers(each, user=user) for each in people],
        "printed_at": now,
    }
    return render(request, "treatments/record_print.html", context)


def _papers(patient: Patient, *, user) -> dict:
    """Every set of answers and every consent of one record, the oldest first, for those who may read them."""
    screened, consented = may(user, Permission.SCREENING_VIEW), may(user, Permission.CONSENT_VIEW)
    return {
        "patient": patient,
        "screenings": screenings.all_of(patient) if screened else [],
        "consents": consents_rules.sheets_of(consents_selectors.all_of(user, patient)) if consented else [],
    }


def _patient(request: HttpRequest, ref: str) -> Patient:
    return responses.row_or_404(seen.patient(request.user, ref))


def _page_context(request: HttpRequest, patient: Patient, current: str) -> dict:
    user = request.user
    shown = banner.banner_for(patient, user=user, on=timezone.localdate())
    return {"patient": patient, "strip": shown, "tabs": tabs_for(patient, user=user, current=current)}
