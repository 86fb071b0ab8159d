"""How urgent each warning sign is, for the clinical lead to approve or to change with a reason."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _

from clinic.access import Permission, requires
from clinic.actions import csv_export
from clinic.views.csv_export import csv_file
from clinic.web import responses
from treatments.actions.followups import warning_levels as actions
from treatments.forms.followups import LevelForm
from treatments.models import WarningSignLevel
from treatments.rules.followups import warning_levels as rules
from treatments.selectors.followups import warning_levels


@requires(Permission.WARNING_SIGN_WEIGH)
def table(request: HttpRequest) -> HttpResponse:
    """Sent by POST, the same as a file."""
    lines = warning_levels.lines()
    if request.method == "POST":
        csv_export.record("warning-levels", by=request.user)
        return csv_file("warning-levels", *rules.table(lines))
    context = {
        "lines": [{"line": line, "key": responses.new_form_key()} for line in lines],
        "unapproved": rules.unapproved_words([line.level for line in lines]),
    }
    return render(request, "treatments/warning_levels.html", context)


@requires(Permission.WARNING_SIGN_WEIGH)
def decide(request: HttpRequest, code: str) -> HttpResponse:
    level = get_object_or_404(WarningSignLevel.objects.current(), code=code)
    line = next(line for line in warning_levels.lines() if line.code == code)
    initial = {"urgency": line.level.urgency, "reason": line.reason}
    form = LevelForm(responses.posted_data(request), initial=initial)
    if form.is_valid():

        def act():
            actions.decide(level, by=request.user, **form.cleaned_data)
            messages.success(request, _("Approved, with your name and the day."))
            return reverse("treatments:warning-levels")

        if (response := responses.submit(request, "warning_level.decide", act, form)) is not None:
            return response
    return responses.form_page(request, "treatments/warning_level.html", {"line": line}, form=form)
