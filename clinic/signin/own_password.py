"""The password as proof that the person who is signed in is at the keyboard."""

import time

from allauth.core import ratelimit
from allauth.core.internal import ratelimit as counting
from django.contrib.auth.hashers import check_password
from django.core.cache import cache

from clinic.models.accounts import normalised

# allauth's name for it, and its limit: ten tries a minute.
ALLAUTH, PASSWORD_AGAIN = "allauth.account", "reauthenticate"


def is_own_password(user, password: str) -> bool:
    """Whether `password` proves that `user` is at the keyboard. Never upgrades the stored hash."""
    return bool(password) and check_password(normalised(password), user.password)


def may_try_password(request) -> bool:
    """Whether this person has attempts left to type their own password.

    allauth checks while counting, under a lock; to check alone, the counts are read once. With a
    passkey no attempt is needed.
    """
    if request.POST.get("passkey"):
        return True
    about = {"app": ALLAUTH, "action": PASSWORD_AGAIN}
    return all(
        counting.apply_rate(cache.get(key, []), time.time(), rate, dry_run=True)[0]
        for rate in counting.get_rates(**about)
        for key in [counting.get_cache_key(request, **about, rate=rate, user=request.user)]
    )


def note_wrong_password(request) -> None:
    ratelimit.consume(request, action=PASSWORD_AGAIN, user=request.user)
