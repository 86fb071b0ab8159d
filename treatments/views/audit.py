"""The audit for an owner. Searched by POST, so that no search term appears in a URL."""

from django.shortcuts import render
from django.views.decorators.http import require_POST

from clinic import audit
from clinic.access import Permission, requires
from clinic.views.csv_export import csv_file
from clinic.web import responses
from treatments.actions import audit as audit_actions
from treatments.forms.audit import AuditForm
from treatments.rules import audit as audit_rules
from treatments.selectors import audit as audit_selectors


@requires(Permission.AUDIT_VIEW)
def search(request):
    form = AuditForm(responses.posted_data(request))
    if request.method != "POST" or not form.is_valid():
        return responses.form_page(request, "treatments/audit.html", {}, form=form)
    terms = form.search
    audit.look(
        "audit.searched",
        None,
        by=request.user,
        patient=audit_selectors.searched_patient(terms),
        reason=terms.summary,
    )
    results = audit_selectors.page(terms, before=form.cleaned_data["before"], user=request.user)
    return render(request, "treatments/audit.html", {"form": form, "searched": True, **results})


@requires(Permission.AUDIT_VIEW)
@require_POST
def export(request):
    """All results as a file. The export is recorded first: without that audit event there is no file."""
    form = AuditForm(request.POST)
    if not form.is_valid():
        return responses.form_page(request, "treatments/audit.html", {}, form=form)
    terms = form.search
    until = audit_actions.record_export(
        terms.summary, patient=audit_selectors.searched_patient(terms), by=request.user
    )
    rows = audit_selectors.export_rows(terms, until=until, user=request.user)
    return csv_file("audit", audit_rules.EXPORT_COLUMNS, rows)
