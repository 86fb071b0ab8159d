"""Pages of the ground floor: the pulse for a monitor, and the gallery of parts."""

from django.contrib.auth.decorators import login_not_required
from django.db import connection
from django.http import JsonResponse
from django.shortcuts import render

from clinic.views import gallery as parts


@login_not_required
def health(request):
    """200 when the database answers. Says nothing about anybody."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return JsonResponse({"status": "ok"})


@login_not_required
def gallery(request):
    """Every part of the look once; served in DEBUG only."""
    return render(request, "clinic/gallery.html", parts.contents())
