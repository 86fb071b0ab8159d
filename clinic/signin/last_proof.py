"""When the person who is signed in last gave a password or passkey on this device."""

import datetime as dt

from django.http import HttpRequest
from django.utils import timezone

PROOF = "proof"


def note(session, user) -> None:
    """Called at sign-in, unlocking, signing, and where a password or passkey is asked for again."""
    session[PROOF] = {"of": user.pk, "at": timezone.now().isoformat()}


def given_at(request: HttpRequest) -> dt.datetime | None:
    """A proof of somebody else is none."""
    last = request.session.get(PROOF)
    if not last or last["of"] != request.user.pk:
        return None
    return dt.datetime.fromisoformat(last["at"])
