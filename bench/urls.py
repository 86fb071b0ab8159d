"""The product's addresses and an empty page behind the same sign-in."""

from django.http import HttpRequest, HttpResponse
from django.urls import path

from clinic import urls
from clinic.urls import handler400, handler403, handler404, handler500

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]


def empty(request: HttpRequest) -> HttpResponse:
    """Costs what every page costs: the server, the middleware, the session and who asks."""
    return HttpResponse(f"Signed in as {request.user.username}.", content_type="text/plain")


urlpatterns = [path("bench/empty/", empty), *urls.urlpatterns]
