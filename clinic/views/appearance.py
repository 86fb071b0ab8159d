"""Light or dark, as somebody likes it at this device."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from clinic.web import page_frame, responses

YEAR_SECONDS = 365 * 24 * 60 * 60


@login_not_required
@require_POST
def theme(request: HttpRequest) -> HttpResponse:
    """Keep the choice on this device; anything but light and dark follows the device's own setting."""
    response = redirect(responses.way_back(request) or "/")
    chosen = request.POST.get("theme")
    if not chosen or chosen not in page_frame.THEMES:
        response.delete_cookie(page_frame.THEME_COOKIE, samesite="Lax")
        return response
    secure = settings.SESSION_COOKIE_SECURE
    response.set_cookie(
        page_frame.THEME_COOKIE, chosen, YEAR_SECONDS, secure=secure, httponly=True, samesite="Lax"
    )
    return response
