"""The health check for a monitor."""

from django.contrib.auth.decorators import login_not_required
from django.db import connection
from django.http import JsonResponse

from clinic.locks import moves

WORDS = {moves.UNFINISHED: "move not finished", moves.MOVED: "moved"}


@login_not_required
def health(request):
    """200 when the database answers and may be served. Says nothing about anybody."""
    if mark := moves.mark_of(connection):
        return JsonResponse({"status": WORDS[mark]}, status=503)
    return JsonResponse({"status": "ok"})
