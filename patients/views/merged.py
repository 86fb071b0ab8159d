"""Possible duplicates, and the page where two of them are said to be different people."""

from django.contrib import messages
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from clinic import audit
from clinic.access import Permission, may, requires
from clinic.web import responses
from patients.actions import merged
from patients.forms.merged import ApartForm
from patients.rules.merged import pair_lines
from patients.selectors import merged as selectors

# technical: more digits are no key of a row
MOST_DIGITS = 18


@requires(Permission.DUPLICATES_SORT)
@require_GET
def duplicates(request):
    """Pairs of records that are likely one person, the likeliest first."""
    audit.look("patient.duplicates_listed", None, by=request.user)
    after = request.GET.get("after", "")[:MOST_DIGITS]
    found = selectors.page_of_pairs(request.user, after=int(after) if after.isdecimal() else 0)
    context = {
        "pairs": [pair_lines(*pair) for pair in found.pairs],
        "after": found.after,
        "begun": bool(after),
        "may_merge": may(request.user, Permission.RECORD_MERGE),
    }
    return render(request, "patients/duplicates.html", context)


@requires(Permission.DUPLICATES_SORT)
def apart(request, ref, other):
    """Why two records are two people."""
    pair = responses.row_or_404(selectors.two_records(request.user, ref, other))
    form = ApartForm(responses.posted_data(request))
    if form.is_bound and form.is_valid():

        def act():
            merged.keep_apart(*pair, by=request.user, **form.cleaned_data)
            messages.success(request, _("Kept: they are different people. The pair does not come back."))
            return reverse("patients:duplicates")

        if (response := responses.submit(request, "patient.apart", act, form)) is not None:
            return response
    if request.method != "POST":
        for patient in pair:
            audit.look("patient.opened", patient, by=request.user, patient=patient)
    return responses.form_page(request, "patients/duplicate_apart.html", {"pair": pair}, form=form)
