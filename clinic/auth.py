"""Who is asking: the sign-in backend that knows roles, and the door that stays shut to strangers."""

import datetime as dt
import time

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from allauth.core import ratelimit
from allauth.core.internal import ratelimit as counting
from axes.backends import AxesStandaloneBackend
from django.conf import settings
from django.contrib.auth.hashers import check_password, make_password
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet, Subquery
from django.shortcuts import resolve_url
from django.utils import timezone

from clinic import address, factors, lockout
from clinic.models import Practice, User
from clinic.models.staff import normalised
from clinic.prepared import Prepared

# allauth's name for it, and its limit: ten tries a minute.
ALLAUTH, PASSWORD_AGAIN = "allauth.account", "reauthenticate"


class LockedOutBackend(AxesStandaloneBackend):
    """Asked first. A name that is locked at this address is answered as slowly as a wrong password."""

    def authenticate(self, request, username=None, password=None, **kwargs):
        try:
            return super().authenticate(request, username=username, password=password, **kwargs)
        except PermissionDenied:
            make_password(password)
            raise


class RolesBackend(AuthenticationBackend):
    """Loads the user with place and roles of today in one query. Django's model permissions are not used."""

    def get_user(self, user_id):
        user = WHO.one(pk=User._meta.pk.to_python(user_id), on=timezone.localdate())
        return user if user is not None and user.is_active else None

    def has_perm(self, user_obj, perm, obj=None):
        return False

    def has_module_perms(self, user_obj, app_label):
        return False


def _user(pk: int, on: dt.date) -> QuerySet:
    users = User.objects.with_roles(on=on).select_related("location")
    return users.annotate(**_known_of_everybody()).filter(pk=pk)


WHO = Prepared(_user)


def _known_of_everybody() -> dict:
    """What every request needs to know of who is asking, in the query that is asked anyway."""
    minutes = Practice.objects.filter(pk=1).values("idle_lock_minutes")
    return {
        "has_factor": factors.having(*factors.KINDS),
        "has_passkey": factors.having(factors.PASSKEY),
        "idle_minutes": Subquery(minutes),
    }


class StaffAdapter(DefaultAccountAdapter):
    """Accounts are made by an administrator; nobody signs up."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "username_password_mismatch": "Username and password do not go together. Check both and try again.",
        "enter_current_password": "That is not your password. Type the one you have now.",
        "incorrect_password": "That is not your password. Try again.",
        "too_many_login_attempts": "Too many tries. Wait five minutes, then try again.",
        "locked_out": "Too many tries with this name. Wait {minutes} minutes, then try again, or ask the "
        "person who looks after accounts for a one-time password.",
        "account_inactive": "This account is closed. Ask the person who looks after accounts.",
    }

    def is_open_for_signup(self, request):
        return False

    def get_password_change_redirect_url(self, request):
        return resolve_url(settings.LOGIN_REDIRECT_URL)

    def is_safe_url(self, url):
        """The page to go to next is a path of ours, never an address that only looks like one."""
        return super().is_safe_url(url) and url.startswith("/")

    def get_client_ip(self, request):
        return address.address_of(request)

    def authenticate(self, request, **credentials):
        """The same answer for a name that exists and one that does not, before and after the lock."""
        user = super().authenticate(request, **credentials)
        if user is None and lockout.is_locked(request, credentials):
            raise self.validation_error("locked_out")
        return user

    def validation_error(self, code, *args):
        error = super().validation_error(code, *args)
        error.message = str(error.message).format(minutes=lockout.minutes())
        return error

    def _get_login_attempts_cache_key(self, request, **credentials):
        """Of a name at an address: nobody elsewhere may keep a colleague out by typing their name wrongly."""
        return f"{address.address_of(request)}:{lockout.digest(credentials.get('username', ''))}"


def is_own_password(user, password: str) -> bool:
    """Whether `password` proves that `user` is at the keyboard. Never upgrades the stored hash."""
    return bool(password) and check_password(normalised(password), user.password)


def may_try_password(request) -> bool:
    """Whether this person has tries left to type their own password, as they have at every such question.

    allauth looks under the lock that counting needs; to look alone, what is counted is read once. With a
    passkey no password is tried.
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
