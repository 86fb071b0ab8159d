"""Under DEBUG too, a fault has the product's page: Django's own prints settings, code and addresses.

`make run` serves with DEBUG, and a patient may hold the tablet. The log says where a fault was.
"""

from django.http import HttpRequest, HttpResponse
from django.urls import get_resolver, get_urlconf
from django.views import debug

NOT_FOUND, FAULT = 404, 500


def install() -> None:
    """Put the product's pages in the place of Django's, which looks both functions up when it needs them."""
    debug.technical_404_response = not_found
    debug.technical_500_response = failed


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _handler(NOT_FOUND)(request, exception=exception)


def failed(request: HttpRequest, exc_type, exc_value, tb, status_code: int = FAULT) -> HttpResponse:
    """Django calls it for requests that cannot be read as well, then with 400."""
    handler = _handler(status_code)
    return handler(request) if status_code == FAULT else handler(request, exception=exc_value)


def _handler(status_code: int):
    return get_resolver(get_urlconf()).resolve_error_handler(status_code)
