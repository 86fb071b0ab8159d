"""Taking the whole practice out: why, the proof, then one ZIP that is made while it is sent."""

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.utils import timezone

from clinic import audit, formats
from clinic.access import Permission, requires
from clinic.signin import last_proof, own_password
from clinic.web import responses
from treatments.actions import practice_export as actions
from treatments.forms.practice_export import PracticeExportForm
from treatments.selectors.practice_export import rows as selectors
from treatments.selectors.practice_export import tables


@requires(Permission.PRACTICE_EXPORT)
def page(request: HttpRequest) -> HttpResponse:
    may_try = request.method != "POST" or own_password.may_try_password(request)
    form = PracticeExportForm(responses.posted_data(request), signer=request.user, may_try=may_try)
    if form.is_bound and form.is_valid():
        last_proof.note(request.session, request.user)
        actions.record(by=request.user, reason=form.cleaned_data["reason"])
        return _file(request)
    if form.is_bound and form.was_wrong:
        own_password.note_wrong_password(request)
        audit.look("practice.proof_failed", None, by=request.user)
    context = {"closed": selectors.closed_to(request.user).count(), "tables": len(tables.exported())}
    return responses.form_page(request, "treatments/practice_export.html", context, form=form)


def _file(request: HttpRequest) -> HttpResponse:
    name = f"practice-{formats.iso_day(timezone.localdate())}.zip"
    return StreamingHttpResponse(
        actions.zipped(by=request.user),
        content_type="application/zip",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
