"""Addresses of the first floor."""

from django.urls import path

from patients.views import (
    alerts,
    conditions,
    consents,
    episodes,
    identity,
    merged,
    papers,
    patients,
    restrictions,
    retention,
    screenings,
    visits,
)
from patients.views.bringing_in import files as bringing_in
from patients.views.handovers import handing_over, tablet

app_name = "patients"

urlpatterns = [
    path("patients/", identity.find, name="find"),
    path("patients/register/", patients.register, name="register"),
    path("patients/register/matches/", patients.matches, name="register-matches"),
    path("patients/bring-in/", bringing_in.upload, name="bring-in"),
    path("patients/bring-in/<int:pk>/", bringing_in.file, name="bring-in-file"),
    path("patients/duplicates/", merged.duplicates, name="duplicates"),
    path("patients/<ref:ref>/apart/<ref:other>/", merged.apart, name="duplicate-apart"),
    path("patients/<ref:ref>/edit/", patients.edit, name="edit"),
    path("patients/<ref:ref>/alerts/", alerts.page, name="alerts"),
    path("patients/<ref:ref>/restriction/", restrictions.restriction, name="restriction"),
    path("patients/<ref:ref>/restriction/lift/", restrictions.lift, name="restriction-lift"),
    path("patients/<ref:ref>/glass/", restrictions.emergency_access, name="glass"),
    path(
        "patients/<ref:ref>/glass/<int:pk>/seen/", restrictions.emergency_access_reviewed, name="glass-seen"
    ),
    path("patients/<ref:ref>/keeping/", retention.retention, name="keeping"),
    path("patients/<ref:ref>/disclosures/", retention.disclosures, name="disclosures"),
    path("patients/<ref:ref>/visits/book/", visits.book, name="visit-book"),
    path("patients/<ref:ref>/visits/start/", visits.start, name="visit-start"),
    path("patients/<ref:ref>/papers/", papers.papers, name="papers"),
    path("patients/<ref:ref>/papers/file/", papers.file, name="paper-file"),
    path("patients/<ref:ref>/papers/<int:pk>/", papers.download, name="paper-download"),
    path("patients/<ref:ref>/papers/<int:pk>/wrong/", papers.wrong, name="paper-wrong"),
    path("visits/<ref:ref>/edit/", visits.edit, name="visit-edit"),
    path("visits/<ref:ref>/step/", visits.step, name="visit-step"),
    path("visits/<ref:ref>/take-back/", visits.take_back, name="visit-take-back"),
    path("conditions/search/", conditions.search, name="condition-search"),
    path("patients/<ref:ref>/conditions/add/", conditions.add, name="condition-add"),
    path("patients/<ref:ref>/conditions/<int:pk>/edit/", conditions.edit, name="condition-edit"),
    path("patients/<ref:ref>/conditions/<int:pk>/resolve/", conditions.resolve, name="condition-resolve"),
    path("patients/<ref:ref>/episode/", episodes.episode, name="episode"),
    path("patients/<ref:ref>/discharge/", episodes.discharge, name="discharge"),
    path("patients/<ref:ref>/screenings/hand-over/", handing_over.screening, name="screening-hand-over"),
    path("patients/<ref:ref>/screenings/<int:pk>/", screenings.screening, name="screening"),
    path("patients/<ref:ref>/screenings/<slug:kind>/", screenings.answer, name="screening-answer"),
    path("patients/<ref:ref>/consents/start/", consents.start, name="consent-start"),
    path("patients/<ref:ref>/consents/paper/", consents.paper, name="consent-paper"),
    path("patients/<ref:ref>/consents/refuse/", consents.refuse, name="consent-refuse"),
    path("patients/<ref:ref>/consents/<int:pk>/", consents.consent, name="consent"),
    path("patients/<ref:ref>/consents/<int:pk>/print/", consents.print_sheet, name="consent-print"),
    path("patients/<ref:ref>/consents/<int:pk>/withdraw/", consents.withdraw, name="consent-withdraw"),
    path("handover/", tablet.handover, name="handover"),
    path("handover/<int:step>/", tablet.handover, name="handover-step"),
    path("handover/return/", tablet.take_back, name="handover-return"),
]
