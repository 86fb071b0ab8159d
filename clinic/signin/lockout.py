"""Lockout after too many wrong passwords, per name and address, never of an address alone."""

from allauth.core.internal import ratelimit
from axes.handlers.proxy import AxesProxyHandler
from axes.models import AccessAttempt
from django.conf import settings
from django.utils.crypto import salted_hmac

from clinic.models import User
from clinic.web.address import address_of

# Limits of ACCOUNT_RATE_LIMITS: wrong passwords of an address, and of a name that is locked there.
ALLAUTH, PASSWORD_GUESS, LOCKED_GUESS = "allauth.account", "password_guess", "locked_guess"
# own choice: one after another is counted at an address, and a whole practice signs in at eight o'clock
WAITS_SECONDS = 5


def let_sign_ins_queue() -> None:
    """allauth waits for one second, then refuses a right password as one try too many."""
    ratelimit.CACHE_LOCK_WAIT_TIMEOUT = WAITS_SECONDS


def is_locked(request, credentials: dict) -> bool:
    return not AxesProxyHandler.is_allowed(request, credentials)


def clear(user: User) -> None:
    """End the lockout of a user at every address."""
    AccessAttempt.objects.filter(username=digest(user.username)).delete()


def minutes() -> int:
    return int(settings.AXES_COOLOFF_TIME.total_seconds() // 60)


def digest(username: str) -> str:
    """A keyed digest: people type passwords into the username field, so it is never stored as typed."""
    return salted_hmac("clinic.lockout", username.strip().casefold()).hexdigest()


def name_for_axes(request, credentials: dict | None) -> str:
    typed = (credentials or {}).get("username") or request.POST.get("login", "")
    return digest(typed)


def address_for_axes(request) -> str | None:
    return address_of(request) or None
