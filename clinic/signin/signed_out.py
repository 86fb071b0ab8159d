"""A form that arrives after its sign-in ended: nothing typed is lost, it is offered again once signed in."""

from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

UNAUTHORISED = 401
# Never carried through a page: secrets, and the token of a form that is made anew.
NEVER_CARRIED = ("csrfmiddlewaretoken", "password")


class SignInRequired(LoginRequiredMiddleware):
    """A reader goes to the sign-in page; a sender is told, with everything typed still there."""

    def handle_no_permission(self, request, view_func):
        if request.method == "POST" or is_script_request(request):
            return render(request, "401.html", {"again": carried_form(request)}, status=UNAUTHORISED)
        return super().handle_no_permission(request, view_func)


def is_script_request(request: HttpRequest) -> bool:
    """A script cannot follow to the sign-in page: it is told, and tells the reader."""
    said = request.headers
    return "X-Live" in said or said.get("X-Requested-With") == "fetch"


def carried_form(request: HttpRequest) -> dict | None:
    """Where the form goes and its fields, [(name, value)…] in order; None when there is nothing to carry."""
    fields = [
        (name, value)
        for name, values in request.POST.lists()
        for value in values
        if not any(secret in name.lower() for secret in NEVER_CARRIED)
    ]
    return {"to": request.get_full_path(), "fields": fields} if fields else None


def csrf_refusal(request: HttpRequest) -> HttpResponse:
    """A form whose token does not fit: old after a new sign-in, or sent by another site.

    Only a browser that names this very site as the sender is offered its fields again.
    """
    own = f"{request.scheme}://{request.get_host()}"
    carried = carried_form(request) if request.headers.get("Origin") == own else None
    return render(request, "403_csrf.html", {"again": carried}, status=403)
