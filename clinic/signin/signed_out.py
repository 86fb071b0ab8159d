"""A form that arrives after its sign-in ended: its fields are offered again once signed in."""

from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

UNAUTHORISED = 401
# Fields that are never offered again: secrets, and the token, which is made anew.
NEVER_CARRIED = ("csrfmiddlewaretoken", "password")


class SignInRequired(LoginRequiredMiddleware):
    """A GET is redirected to the sign-in page; a POST gets a page that still has everything typed."""

    def handle_no_permission(self, request, view_func):
        if request.method == "POST" or is_script_request(request):
            return render(request, "401.html", {"again": carried_form(request)}, status=UNAUTHORISED)
        return super().handle_no_permission(request, view_func)


def is_script_request(request: HttpRequest) -> bool:
    """Scripts get a 401 instead of a redirect to the sign-in page, and show it to the user."""
    headers = request.headers
    return "X-Live" in headers or headers.get("X-Requested-With") == "fetch"


def carried_form(request: HttpRequest) -> dict | None:
    """The address of the form and its fields, [(name, value)…] in order; None without fields."""
    fields = [
        (name, value)
        for name, values in request.POST.lists()
        for value in values
        if not any(secret in name.lower() for secret in NEVER_CARRIED)
    ]
    return {"to": request.get_full_path(), "fields": fields} if fields else None


def csrf_refusal(request: HttpRequest) -> HttpResponse:
    """A form whose CSRF token does not match: old after a new sign-in, or sent by another site.

    The fields are offered again only when the browser names this site as the origin.
    """
    origin = f"{request.scheme}://{request.get_host()}"
    form = carried_form(request) if request.headers.get("Origin") == origin else None
    return render(request, "403_csrf.html", {"again": form}, status=403)
