"""The product's URLs and its error pages by name, some of which cannot be provoked otherwise."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.template.loader import render_to_string
from django.urls import path

from clinic.urls import urlpatterns as product

REASONS = ["This session was signed meanwhile. Nothing in it can be changed; add an addendum."]


@login_not_required
def error(request, name: str) -> HttpResponse:
    """Rendered without the request, as when the database fails."""
    return HttpResponse(render_to_string(f"{name}.html", {"reasons": REASONS}), status=int(name[:3]))


urlpatterns = [*product, path("error/<slug:name>/", error, name="error")]
