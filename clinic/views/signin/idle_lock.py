"""The idle lock: the time left, staying signed in, and unlocking as the same person."""

from allauth.account.adapter import get_adapter
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from clinic import audit
from clinic.signin import last_proof, lifetime, passkeys
from clinic.signin.signed_out import is_script_request
from clinic.web import responses

NO_CONTENT, UNAUTHORISED, UNPROCESSABLE = 204, 401, 422


@login_not_required
def time_left(request: HttpRequest) -> JsonResponse:
    """The time until the idle lock. A POST is user activity, which the middleware has recorded."""
    user = signed_in_or_locked_user(request)
    if user is None:
        return JsonResponse({"signed_in": False}, status=UNAUTHORISED)
    left = max(lifetime.seconds_left(request.session, minutes=user.idle_minutes), 0)
    status = {"signed_in": True, "left": left, "who": user.username}
    # forms of a page from an earlier sign-in continue with this sign-in's CSRF token
    return JsonResponse({**status, "token": get_token(request)})


@login_not_required
def passkey_challenge(request: HttpRequest) -> JsonResponse:
    """The WebAuthn request options for unlocking a page or signing."""
    user = signed_in_or_locked_user(request)
    if user is None:
        return JsonResponse({"signed_in": False}, status=UNAUTHORISED)
    return JsonResponse(passkeys.challenge_for(user))


@login_not_required
@require_POST
def lock(request: HttpRequest) -> HttpResponse:
    """Lock the page now. A page without script comes back to itself after the sign-in."""
    lifetime.lock(request.session)
    if is_script_request(request):
        return HttpResponse(status=NO_CONTENT)
    return redirect(responses.way_back(request) or "/")


@login_not_required
@require_POST
def unlock(request: HttpRequest) -> JsonResponse:
    """Unlock the page for the same person. Anybody else has to sign in."""
    user = signed_in_or_locked_user(request)
    if user is None:
        return JsonResponse({"signed_in": False}, status=UNAUTHORISED)
    refusal = _refusal(request, user)
    if refusal:
        return JsonResponse({"error": refusal}, status=UNPROCESSABLE)
    lifetime.unlock(request.session)
    last_proof.note(request.session, user)
    audit.look("user.unlocked", user, by=user)
    return JsonResponse({"left": user.idle_minutes * 60, "who": user.username})


def signed_in_or_locked_user(request: HttpRequest):
    """The signed-in user, even when locked; None when nobody is signed in."""
    return request.locked_user or (request.user if request.user.is_authenticated else None)


def _refusal(request: HttpRequest, user) -> str:
    """Why the proof does not unlock, or "". Wrong passwords count as they do at sign-in."""
    credential, password = request.POST.get("credential", ""), request.POST.get("password", "")
    if credential:
        return (
            "" if passkeys.is_own_passkey(user, credential) else _("That passkey did not answer. Try again.")
        )
    if not password:
        return _("Enter your password.")
    try:
        is_proven = get_adapter().reauthenticate(user, password)
    except ValidationError as refused:
        return " ".join(refused.messages)
    return "" if is_proven else _("That is not your password. Try again.")
