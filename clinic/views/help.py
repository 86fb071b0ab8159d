"""Help: a page for each role, what it does on a day and by which keys."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from clinic.models import Role

# The part of the address, and whose page it is.
PAGES = {
    "front-desk": Role.FRONT_DESK,
    "therapist": Role.THERAPIST,
    "lead": Role.LEAD,
    "administrator": Role.ADMIN,
}


def own_page(request: HttpRequest) -> HttpResponse:
    """Lead to the page of the role that somebody holds; the first of several."""
    own = (name for name, role in PAGES.items() if getattr(request.user, f"has_{role.value}", False))
    return redirect("help-page", next(own, "front-desk"))


def page(request: HttpRequest, role: str) -> HttpResponse:
    """Everybody who works here may read every page: no role works alone."""
    if role not in PAGES:
        raise Http404
    pages = [{"name": name, "label": each.label, "current": name == role} for name, each in PAGES.items()]
    return render(request, f"help/{role.replace('-', '_')}.html", {"pages": pages})
