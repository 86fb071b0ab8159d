"""Addresses of the second floor."""

from django.urls import path

from treatments.views import audit, leaving, merging, practice_export, set_up, sharps
from treatments.views.adverse_events import event as events
from treatments.views.adverse_events import faint, recording, register
from treatments.views.board import absence, load, today
from treatments.views.followups import aftercare, calls, red_flags, warning_levels
from treatments.views.record import amendments, page, sections
from treatments.views.reports import caseload, lots, questions
from treatments.views.session import coediting, copied, history, measuring, opening, unsaved
from treatments.views.session import page as page_views
from treatments.views.signing import after_signing, cosigning, reading, signature, supervision, wrong_patient
from treatments.views.sites import correction, entry, muscle_review, shorthand

app_name = "treatments"

urlpatterns = [
    path("set-up/", set_up.page, name="set-up"),
    path("", today.today, name="today"),
    path("board/news/", today.news, name="board-news"),
    path("audit/", audit.search, name="audit"),
    path("audit/export/", audit.export, name="audit-export"),
    path("load/", load.page, name="load"),
    path("visits/move/", absence.page, name="therapist-away"),
    path("leaving/", leaving.page, name="leaving"),
    path("take-out/", practice_export.page, name="take-out"),
    path("patients/<ref:ref>/", page.page, name="record"),
    path("patients/<ref:ref>/chart/", sections.trends, name="trends"),
    path("patients/<ref:ref>/history/", sections.history, name="history"),
    path("patients/<ref:ref>/merge/<ref:other>/", merging.merge, name="merge"),
    path("patients/<ref:ref>/merge/<int:pk>/take-back/", merging.take_back, name="merge-take-back"),
    path("patients/<ref:ref>/print/", sections.print_page, name="record-print"),
    path("reports/", questions.index, name="reports"),
    path("muscles/", muscle_review.page, name="muscles"),
    path("reports/caseload/", caseload.page, name="caseload"),
    path("reports/notes/", questions.notes, name="report-notes"),
    path("reports/needles/", questions.needles, name="report-needles"),
    path("reports/calls/", questions.calls, name="report-calls"),
    path("reports/soreness/", questions.soreness, name="report-soreness"),
    path("reports/overrides/", questions.overrides, name="report-overrides"),
    path("reports/visits/", questions.visits, name="report-visits"),
    path("reports/kept-apart/", questions.kept_apart, name="report-kept-apart"),
    path("reports/lot/", lots.lot, name="report-lot"),
    path("reports/adverse-events/", register.page, name="adverse-events"),
    path("reports/adverse-events/rates/", questions.events, name="adverse-event-rates"),
    path("sharps/", sharps.log, name="sharps-log"),
    path("sharps/add/", sharps.add, name="sharps-add"),
    path("sharps/move/<int:pk>/", sharps.move, name="sharps-move"),
    path("sharps/<int:pk>/", sharps.entry, name="sharps-injury"),
    path("sharps/<int:pk>/correct/", sharps.correct, name="sharps-correct"),
    path("followups/", calls.call_list, name="followups"),
    path("warning-signs/", warning_levels.table, name="warning-levels"),
    path("warning-signs/<slug:code>/", warning_levels.decide, name="warning-level"),
    path("followups/<ref:ref>/", calls.followup, name="followup"),
    path("followups/<ref:ref>/claim/", calls.claim, name="followup-claim"),
    path("followups/<ref:ref>/answer/", calls.answer, name="followup-answer"),
    path("followups/<ref:ref>/rest/", calls.rest, name="followup-rest"),
    path("followups/<ref:ref>/correct/", calls.correct, name="followup-correct"),
    path("followups/<ref:ref>/close/", calls.close, name="followup-close"),
    path("followups/<ref:ref>/flag/", red_flags.red_flag, name="red-flag"),
    path("sessions/<ref:ref>/adverse-events/add/", recording.add, name="adverse-event"),
    path("sessions/<ref:ref>/adverse-events/<int:pk>/", events.page, name="adverse-event-page"),
    path("sessions/<ref:ref>/adverse-events/<int:pk>/change/", events.change, name="adverse-event-change"),
    path("sessions/<ref:ref>/adverse-events/<int:pk>/report/", events.report, name="adverse-event-report"),
    path("sessions/<ref:ref>/adverse-events/<int:pk>/close/", events.close, name="adverse-event-close"),
    path("sessions/<ref:ref>/adverse-events/<int:pk>/error/", events.mark_error, name="adverse-event-error"),
    path("sessions/<ref:ref>/faint/", faint.card, name="session-faint"),
    path("patients/<ref:ref>/sessions/open/", opening.session_open, name="session-open"),
    path("sessions/<ref:ref>/", page_views.session, name="session"),
    path("sessions/<ref:ref>/changes/", history.page, name="session-changes"),
    path("sessions/<ref:ref>/presence/", coediting.beat, name="session-coediting"),
    path("sessions/<ref:ref>/unkept/", unsaved.hold, name="session-unsaved"),
    path("sessions/<ref:ref>/unkept/put-away/", unsaved.put_away, name="session-put-away"),
    path(
        "sessions/<ref:ref>/unkept/measurement/",
        unsaved.hold_measurement,
        name="session-unsaved-measurement",
    ),
    path("sessions/<ref:ref>/unkept/sites/<uuid:key>/", unsaved.hold_edit, name="session-unsaved-edit"),
    path("sessions/<ref:ref>/fields/", page_views.session_field, name="session-field"),
    path("sessions/<ref:ref>/sites/", entry.site_add, name="site-add"),
    path("sessions/<ref:ref>/line/", shorthand.site_line, name="site-line"),
    path("sessions/<ref:ref>/sites/<uuid:key>/", correction.site_edit, name="site-edit"),
    path("sessions/<ref:ref>/sites/<uuid:key>/strike/", entry.site_strike, name="site-strike"),
    path("sessions/<ref:ref>/sites/<uuid:key>/needles/", entry.site_needles, name="site-needles"),
    path("sessions/<ref:ref>/sites/<uuid:key>/which/", entry.site_which, name="site-which"),
    path("sessions/<ref:ref>/reasons/", entry.rule_answer, name="rule-answer"),
    path("sessions/<ref:ref>/measurements/<slug:kind>/", measuring.add, name="measurement-add"),
    path(
        "sessions/<ref:ref>/measurements/<int:pk>/strike/",
        entry.measurement_strike,
        name="measurement-strike",
    ),
    path("sessions/<ref:ref>/sign/", signature.sign, name="session-sign"),
    path("sessions/<ref:ref>/co-sign/", cosigning.cosign, name="session-cosign"),
    path("sessions/<ref:ref>/void/", after_signing.void, name="session-void"),
    path("sessions/<ref:ref>/supervisor/", supervision.replace, name="session-supervisor"),
    path("sessions/<ref:ref>/close/", after_signing.close_unsigned, name="session-close"),
    path("sessions/<ref:ref>/addenda/", after_signing.addendum, name="addendum"),
    path("sessions/<ref:ref>/addenda/<int:pk>/answer/", amendments.answer, name="amendment-answer"),
    path("sessions/<ref:ref>/error/", after_signing.mark_error, name="session-error"),
    path("sessions/<ref:ref>/wrong-patient/", wrong_patient.page, name="session-wrong-patient"),
    path("sessions/<ref:ref>/copied/", copied.page, name="session-copied"),
    path("sessions/<ref:ref>/aftercare/", aftercare.sheet, name="session-aftercare"),
    path("sessions/<ref:ref>/aftercare/given/", aftercare.hand_over, name="aftercare-given"),
    path("sessions/<ref:ref>/print/", reading.print_sheet, name="session-print"),
]
