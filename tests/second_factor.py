"""Second factors for tests: an authenticator app with a known secret, recovery codes, a fresh proof."""

import time

from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal import auth as totp
from django.urls import reverse

from tests.factories import PASSWORD

STEP = 30
# How long a request may take between the code and its check.
MARGIN = 3


def give_app(user) -> str:
    """An authenticator app; its secret is what `code_of` reads."""
    secret = totp.generate_totp_secret()
    totp.TOTP.activate(user, secret)
    return secret


def code_of(secret: str, *, later: int = 0) -> str:
    """The code of this half minute, or of a later one; near its end the next one is waited for."""
    if time.time() % STEP > STEP - MARGIN:
        time.sleep(MARGIN)
    return totp.format_hotp_value(totp.hotp_value(secret, int(time.time()) // STEP + later))


def give_codes(user) -> list[str]:
    return RecoveryCodes.activate(user).get_unused_codes()


def sign_in(client, username: str, password: str = PASSWORD, **typed):
    return client.post(reverse("account_login"), {"login": username, "password": password, **typed})


def prove_again(client, password: str = PASSWORD):
    return client.post(reverse("account_reauthenticate"), {"password": password})
