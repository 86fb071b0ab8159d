"""The pages for what went wrong: each says what happened and what to do."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponseServerError
from django.shortcuts import render
from django.template.loader import render_to_string

from clinic import signed_out


@login_not_required
def bad_request(request, exception=None):
    return render(request, "400.html", status=400)


@login_not_required
def csrf_failure(request, reason=""):
    return signed_out.forged_or_old(request)


@login_not_required
def not_allowed(request, exception=None):
    """`exception` is the PermissionDenied; its first argument may be the permission that was missing."""
    missing = exception.args[0] if exception is not None and exception.args else ""
    return render(request, "403.html", {"missing": missing}, status=403)


@login_not_required
def not_found(request, exception=None):
    return render(request, "404.html", status=404)


@login_not_required
def failed(request):
    # Without the request no context processor runs: the database may be what failed.
    return HttpResponseServerError(render_to_string("500.html"))
