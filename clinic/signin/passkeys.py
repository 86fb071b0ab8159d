"""A passkey as proof that the person who is signed in is at the keyboard: unlocking, signing."""

import json

from allauth.core import context
from allauth.mfa.base.internal.flows import post_authentication
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.internal import auth as webauthn
from django.core.exceptions import ValidationError
from django.db.models import QuerySet


def has_passkey(user) -> bool:
    return _of(user).exists()


def challenge_for(user) -> dict:
    """The WebAuthn request options for the browser. The answer is valid once, in this login session."""
    return {"request_options": webauthn.begin_authentication(user)}


def is_own_passkey(user, answer: str) -> bool:
    """Whether `answer` is the response of a passkey of `user` to the current challenge.

    Attempts are not counted as they are for passwords: a signature over a challenge cannot be guessed.
    """
    if not _has_shape(answer):
        return False
    passkey = _verified_passkey(user, json.loads(answer))
    if passkey is not None:
        post_authentication(context.request, passkey, reauthenticated=True)
    return passkey is not None


def _verified_passkey(user, answer: dict) -> Authenticator | None:
    """As allauth does it, with one query for the passkeys instead of two and a third for their owner."""
    rows = list(_of(user))
    credentials = [row.wrap().authenticator_data.credential_data for row in rows]
    state = webauthn.get_state()
    try:
        webauthn.parse_authentication_response(answer)
        credential = state and webauthn.get_server().authenticate_complete(state, credentials, answer)
    except (ValidationError, ValueError):
        return None
    if not credential:
        return None
    webauthn.clear_state()
    passkey = next(
        row
        for row, key in zip(rows, credentials, strict=True)
        if key.credential_id == credential.credential_id
    )
    passkey.user = user
    return passkey


def _of(user) -> QuerySet:
    return Authenticator.objects.filter(user=user, type=Authenticator.Type.WEBAUTHN)


def _has_shape(answer: str) -> bool:
    """allauth validates the rest, but fails on JSON that is no object."""
    try:
        parsed = json.loads(answer)
    except ValueError:
        return False
    return isinstance(parsed, dict) and isinstance(parsed.get("response"), dict)
