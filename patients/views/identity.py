"""The patient search: one box, sent by POST so that no name appears in an address."""

from django.shortcuts import render
from django.utils import timezone

from clinic import access, audit
from clinic.access import Permission, requires
from clinic.web import responses
from patients.forms.identity import FindForm
from patients.selectors.identity import answer, listing, restricted, search
from patients.views import visibility


@requires(Permission.PATIENT_FIND)
def find(request):
    today = timezone.localdate()
    context = {
        "may_manage": access.may(request.user, Permission.VISIT_MANAGE),
        "may_register": access.may(request.user, Permission.PATIENT_REGISTER),
        "may_sort": access.may(request.user, Permission.DUPLICATES_SORT),
    }
    if request.method != "POST":
        people = listing.recently_opened(request.user)
        recent = listing.listed_patients(people, user=request.user, on=today)
        return responses.form_page(
            request, "patients/find.html", {**context, "recent": recent}, form=FindForm()
        )

    form = FindForm(request.POST)
    if not form.is_valid():
        return responses.form_page(request, "patients/find.html", context, form=form)
    named = restricted.named_records(form.terms.whole_names, form.terms.born, user=request.user)
    people, rows = answer.found(form.terms, user=request.user, named=named.wholly, on=today)
    # what was typed is not recorded: it may be a name
    audit.look("patient.found", None, by=request.user)
    shown = [person for person, row in zip(people, rows, strict=True) if row.restricted]
    visibility.record_restricted(request, shown=shown, guessed=named.nearly)
    context |= {"form": form, "searched": True, "rows": rows, "full": len(rows) == search.MAX_FOUND}
    return render(request, "patients/find.html", {**context, "form_key": responses.new_form_key()})
