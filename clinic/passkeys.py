"""A passkey as proof that the person who is signed in is at the keyboard: unlocking, signing."""

import json

from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.forms import ReauthenticateWebAuthnForm
from allauth.mfa.webauthn.internal import auth as webauthn


def has_passkey(user) -> bool:
    return Authenticator.objects.filter(user=user, type=Authenticator.Type.WEBAUTHN).exists()


def question_for(user) -> dict:
    """What the browser asks the passkey. The answer is good once, in this sign-in."""
    return {"request_options": webauthn.begin_authentication(user)}


def is_own_passkey(user, answer: str) -> bool:
    """Whether `answer` is to the question that was asked, by a passkey of `user`."""
    form = ReauthenticateWebAuthnForm({"credential": answer}, user=user)
    if not _has_shape(answer) or not form.is_valid():
        return False
    form.save()
    return True


def _has_shape(answer: str) -> bool:
    """The library takes the rest apart, and trips over what is no object at all."""
    try:
        said = json.loads(answer)
    except ValueError:
        return False
    return isinstance(said, dict) and isinstance(said.get("response"), dict)
