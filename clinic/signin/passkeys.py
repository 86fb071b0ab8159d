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
    """What the browser asks the passkey. The answer is good once, in this sign-in."""
    return {"request_options": webauthn.begin_authentication(user)}


def is_own_passkey(user, answer: str) -> bool:
    """Whether `answer` is to the question that was asked, by a passkey of `user`.

    Tries are not counted, as passwords are: a signature over a question of this sign-in cannot be guessed.
    """
    if not _has_shape(answer):
        return False
    passkey = _that_answered(user, json.loads(answer))
    if passkey is not None:
        post_authentication(context.request, passkey, reauthenticated=True)
    return passkey is not None


def _that_answered(user, answer: dict) -> Authenticator | None:
    """As the library does it, with one question for the keys instead of two and a third for their owner."""
    rows = list(_of(user))
    known = [row.wrap().authenticator_data.credential_data for row in rows]
    state = webauthn.get_state()
    try:
        webauthn.parse_authentication_response(answer)
        found = state and webauthn.get_server().authenticate_complete(state, known, answer)
    except (ValidationError, ValueError):
        return None
    if not found:
        return None
    webauthn.clear_state()
    passkey = next(
        row for row, key in zip(rows, known, strict=True) if key.credential_id == found.credential_id
    )
    passkey.user = user
    return passkey


def _of(user) -> QuerySet:
    return Authenticator.objects.filter(user=user, type=Authenticator.Type.WEBAUTHN)


def _has_shape(answer: str) -> bool:
    """The library takes the rest apart, and trips over what is no object at all."""
    try:
        said = json.loads(answer)
    except ValueError:
        return False
    return isinstance(said, dict) and isinstance(said.get("response"), dict)
