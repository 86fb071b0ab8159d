"""Error pages: each says what happened and what to do."""

import sys

from django.contrib.auth.decorators import login_not_required
from django.db import InterfaceError, OperationalError
from django.http import HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.template.loader import render_to_string

from clinic.django_internals import commits
from clinic.signin import signed_out
from clinic.web import confinement

FAULT, UNAVAILABLE = 500, 503


@login_not_required
def bad_request(request, exception=None):
    return render(request, "400.html", status=400)


@login_not_required
def csrf_failure(request, reason=""):
    return signed_out.csrf_refusal(request)


@login_not_required
def not_allowed(request, exception=None):
    """`exception` is the PermissionDenied; its first argument may be the permission that was missing."""
    missing = exception.args[0] if exception is not None and exception.args else ""
    return render(request, "403.html", {"missing": missing, "has_frame": _has_frame(request)}, status=403)


@login_not_required
def not_found(request, exception=None):
    return render(request, "404.html", {"has_frame": _has_frame(request)}, status=404)


def _has_frame(request) -> bool:
    """Whether the page keeps the navigation: somebody is signed in, and no patient holds the device."""
    user = getattr(request, "user", None)
    is_staff = user is not None and user.is_authenticated
    return is_staff and confinement.confinement_of(request.session) is None


@login_not_required
def failed(request):
    """A fault, or an unavailable database; the page offers the posted fields again and needs no database."""
    error = sys.exc_info()[1]
    is_unavailable = isinstance(error, OperationalError | InterfaceError) or commits.is_read_only(error)
    page, status = ("503.html", UNAVAILABLE) if is_unavailable else ("500.html", FAULT)
    # Rendered without the request, so that no context processor queries the database.
    context = {
        "again": signed_out.carried_form(request),
        "csrf_token": get_token(request),
        "is_unsure": isinstance(error, commits.UnsureCommit),
    }
    return HttpResponse(render_to_string(page, context), status=status)
