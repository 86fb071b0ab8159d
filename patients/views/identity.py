"""Finding a patient: one box, sent by POST so that no name stands in an address."""

from django.shortcuts import render
from django.utils import timezone

from clinic import access, audit
from clinic.access import Permission, requires
from clinic.web import answers
from patients.forms.identity import FindForm
from patients.rules.visits import days
from patients.selectors.identity import finding, listing


@requires(Permission.PATIENT_FIND)
def find(request):
    today = timezone.localdate()
    context = {
        "may_manage": access.may(request.user, Permission.VISIT_MANAGE),
        "may_register": access.may(request.user, Permission.PATIENT_REGISTER),
    }
    if request.method != "POST":
        people = listing.recently_opened(request.user)
        recent = listing.rows_for(people, user=request.user, on=today)
        return answers.page(request, "patients/find.html", {**context, "recent": recent}, form=FindForm())

    form = FindForm(request.POST)
    if not form.is_valid():
        return answers.page(request, "patients/find.html", context, form=form)
    found = finding.find(form.wanted, day=days.bounds(today))
    # what was typed is not kept: it may be a name
    audit.look("patient.found", None, by=request.user)
    rows = listing.rows_for(found, user=request.user, on=today)
    context |= {"form": form, "searched": True, "rows": rows, "full": len(rows) == finding.FOUND_AT_MOST}
    return render(request, "patients/find.html", {**context, "form_key": answers.new_form_key()})
