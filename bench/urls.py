"""The product's URLs and two yardsticks behind the same sign-in."""

import uuid

from django.http import HttpRequest, HttpResponse
from django.urls import path

from clinic import urls
from clinic.models import FormKey
from clinic.urls import handler400, handler403, handler404, handler500

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]


def empty(request: HttpRequest) -> HttpResponse:
    """Costs what every page costs: server, middleware, session and user."""
    return HttpResponse(f"Signed in as {request.user.username}.", content_type="text/plain")


def row(request: HttpRequest) -> HttpResponse:
    """The same plus one committed row, the minimum cost of a write."""
    FormKey.objects.create(user=request.user, key=uuid.uuid4(), action="bench")
    return HttpResponse("One row.", content_type="text/plain")


urlpatterns = [path("bench/empty/", empty), path("bench/row/", row), *urls.urlpatterns]
