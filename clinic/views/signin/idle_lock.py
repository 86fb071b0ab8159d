"""The lock over a page that nobody touched: how long is left, staying, and going on as the same person."""

from allauth.account.adapter import get_adapter
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, JsonResponse
from django.middleware.csrf import get_token
from django.views.decorators.http import require_POST

from clinic import audit
from clinic.signin import lifetime, passkeys

UNAUTHORISED, UNPROCESSABLE = 401, 422


@login_not_required
def time_left(request: HttpRequest) -> JsonResponse:
    """Asked: how long until the lock. Sent: somebody is at the keyboard, which the middleware has noted."""
    user = signed_in_or_locked_user(request)
    if user is None:
        return JsonResponse({"signed_in": False}, status=UNAUTHORISED)
    left = max(lifetime.seconds_left(request.session, minutes=user.idle_minutes), 0)
    said = {"signed_in": True, "left": left, "who": user.username}
    # forms of a page that was opened under an earlier sign-in go on with the token of this one
    return JsonResponse({**said, "token": get_token(request)})


@login_not_required
def passkey_challenge(request: HttpRequest) -> JsonResponse:
    """What the browser asks a passkey of the person whose page is locked, or who is about to sign."""
    user = signed_in_or_locked_user(request)
    if user is None:
        return JsonResponse({"signed_in": False}, status=UNAUTHORISED)
    return JsonResponse(passkeys.challenge_for(user))


@login_not_required
@require_POST
def unlock(request: HttpRequest) -> JsonResponse:
    """The same person goes on in the same field. Anybody else signs in at the door."""
    user = signed_in_or_locked_user(request)
    if user is None:
        return JsonResponse({"signed_in": False}, status=UNAUTHORISED)
    refusal = _refusal(request, user)
    if refusal:
        return JsonResponse({"error": refusal}, status=UNPROCESSABLE)
    lifetime.unlock(request.session)
    audit.look("user.unlocked", user, by=user)
    return JsonResponse({"left": user.idle_minutes * 60, "who": user.username})


def signed_in_or_locked_user(request: HttpRequest):
    """Who is signed in here, locked or not; None for a stranger."""
    return request.locked_user or (request.user if request.user.is_authenticated else None)


def _refusal(request: HttpRequest, user) -> str:
    """Why the proof does not unlock; empty when it does. Wrong passwords count as they do at the door."""
    credential, password = request.POST.get("credential", ""), request.POST.get("password", "")
    if credential:
        return "" if passkeys.is_own_passkey(user, credential) else "That passkey did not answer. Try again."
    if not password:
        return "Enter your password."
    try:
        proven = get_adapter().reauthenticate(user, password)
    except ValidationError as refused:
        return " ".join(refused.messages)
    return "" if proven else "That is not your password. Try again."
