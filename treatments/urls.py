"""Addresses of the second floor."""

from django.urls import path

from treatments.views import (
    away,
    chart,
    draft_history,
    followups,
    notes,
    reading,
    record,
    red_flags,
    reports,
    session,
    session_open,
    signing,
    sites,
    today,
)

app_name = "treatments"

urlpatterns = [
    path("", today.today, name="today"),
    path("visits/move/", away.page, name="therapist-away"),
    path("patients/<ref:ref>/", record.page, name="record"),
    path("patients/<ref:ref>/chart/", chart.trends, name="trends"),
    path("patients/<ref:ref>/history/", chart.history, name="history"),
    path("patients/<ref:ref>/print/", chart.print_page, name="record-print"),
    path("reports/", reports.index, name="reports"),
    path("reports/lot/", reports.lot, name="report-lot"),
    path("followups/", followups.call_list, name="followups"),
    path("followups/<ref:ref>/", followups.followup, name="followup"),
    path("followups/<ref:ref>/claim/", followups.claim, name="followup-claim"),
    path("followups/<ref:ref>/answer/", followups.answer, name="followup-answer"),
    path("followups/<ref:ref>/correct/", followups.correct, name="followup-correct"),
    path("followups/<ref:ref>/close/", followups.close, name="followup-close"),
    path("followups/<ref:ref>/flag/", red_flags.red_flag, name="red-flag"),
    path("sessions/<ref:ref>/adverse-events/add/", red_flags.adverse_event, name="adverse-event"),
    path("patients/<ref:ref>/sessions/open/", session_open.session_open, name="session-open"),
    path("sessions/<ref:ref>/", session.session, name="session"),
    path("sessions/<ref:ref>/changes/", draft_history.page, name="session-changes"),
    path("sessions/<ref:ref>/fields/", session.session_field, name="session-field"),
    path("sessions/<ref:ref>/sites/", sites.site_add, name="site-add"),
    path("sessions/<ref:ref>/sites/<uuid:key>/", sites.site_edit, name="site-edit"),
    path("sessions/<ref:ref>/sites/<uuid:key>/strike/", sites.site_strike, name="site-strike"),
    path("sessions/<ref:ref>/sites/<uuid:key>/needles/", sites.site_needles, name="site-needles"),
    path("sessions/<ref:ref>/reasons/", sites.rule_answer, name="rule-answer"),
    path("sessions/<ref:ref>/measurements/", sites.measurement_add, name="measurement-add"),
    path(
        "sessions/<ref:ref>/measurements/<int:pk>/strike/",
        sites.measurement_strike,
        name="measurement-strike",
    ),
    path("sessions/<ref:ref>/sign/", signing.sign, name="session-sign"),
    path("sessions/<ref:ref>/void/", notes.void, name="session-void"),
    path("sessions/<ref:ref>/close/", notes.close_unsigned, name="session-close"),
    path("sessions/<ref:ref>/addenda/", notes.addendum, name="addendum"),
    path("sessions/<ref:ref>/error/", notes.mark_error, name="session-error"),
    path("sessions/<ref:ref>/print/", reading.print_sheet, name="session-print"),
]
