"""What the catalogue says of each muscle, with its sources, and who reviewed it on which day."""

from itertools import groupby

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import ngettext

from clinic.access import Permission, requires
from clinic.web import responses
from treatments.actions.sites import muscle_review as actions
from treatments.forms.sites.muscle_review import MuscleReviewForm, box_value
from treatments.models import Muscle
from treatments.rules.sites import muscle_review
from treatments.selectors.sites import muscle_review as selectors


@requires(Permission.MUSCLE_REVIEW)
def page(request: HttpRequest) -> HttpResponse:
    if (answered := responses.earlier_redirect(request)) is not None:
        return answered
    rows = selectors.rows()
    initial = {"on": timezone.localdate()}
    form = MuscleReviewForm(responses.posted_data(request), muscles=rows, initial=initial)
    if form.is_valid():

        def act():
            saved = actions.review(form.contents, by=request.user, on=form.cleaned_data["on"])
            said = ngettext("%(count)d muscle reviewed.", "%(count)d muscles reviewed.", len(saved))
            messages.success(request, said % {"count": len(saved)})
            return reverse("treatments:muscles")

        if (response := responses.submit(request, "muscle.reviewed", act, form)) is not None:
            return response
    ticked = form.ticked if form.is_bound else set()
    context = {
        "counts": muscle_review.counts(rows),
        "groups": [
            (group, [_line(row, is_ticked=row.code in ticked) for row in found])
            for group, found in groupby(rows, key=lambda row: row.group)
        ],
    }
    return responses.form_page(request, "treatments/muscles.html", context, form=form)


def _line(muscle: Muscle, *, is_ticked: bool) -> dict:
    return {
        "muscle": muscle,
        "value": box_value(muscle),
        "is_ticked": is_ticked,
        "is_reviewed": muscle_review.is_reviewed(muscle),
        "hazards": muscle_review.hazard_lines(muscle),
        "members": muscle.members.replace(";", ", "),
        "places": ", ".join(row["name"] for row in muscle.region_rows),
    }
