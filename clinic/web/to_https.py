"""The way to HTTPS, and a page where it leads back to where it began: a proxy that is not set up."""

import hashlib

from django.conf import settings
from django.http import HttpResponse
from django.middleware.security import SecurityMiddleware
from django.template.loader import render_to_string

# Says that this address was sent to HTTPS a moment ago; it holds as long as a browser takes to follow.
COOKIE, SECONDS = "sent_to_https", 10
MISCONFIGURED = 500


class ToHttps(SecurityMiddleware):
    """Django's redirect. Behind TLS without `PROXY_DEPTH` each request seems to be without TLS, for ever."""

    def process_request(self, request):
        answer = super().process_request(request)
        if answer is None:
            return None
        if request.COOKIES.get(COOKIE) != _mark(request):
            answer.set_cookie(COOKIE, _mark(request), max_age=SECONDS, httponly=True, samesite="Lax")
            return answer
        if request.path.startswith(settings.STATIC_URL):
            # what the page below is drawn with
            return None
        # without the request: nobody is signed in yet, and nothing of them travels without TLS
        page = render_to_string("no_tls.html", {"depth": settings.PROXY_DEPTH})
        return HttpResponse(page, status=MISCONFIGURED)

    def process_response(self, request, response):
        if request.is_secure() and COOKIE in request.COOKIES:
            response.delete_cookie(COOKIE, samesite="Lax")
        return super().process_response(request, response)


def _mark(request) -> str:
    return hashlib.sha256(request.get_full_path().encode()).hexdigest()[:16]
