"""Sign-in backends: the lockout, and the user with the current roles."""

import datetime as dt

from allauth.account.auth_backends import AuthenticationBackend
from allauth.core.internal import ratelimit
from axes.backends import AxesStandaloneBackend
from django.contrib.auth.hashers import make_password
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet, Subquery
from django.utils import timezone

from clinic.django_internals.prepared import PreparedQuery
from clinic.models import Practice, User
from clinic.signin import factors, lockout
from clinic.web.address import address_of


class LockedOutBackend(AxesStandaloneBackend):
    """Runs first. A locked name is refused, but for who has a second factor beside the right password."""

    def authenticate(self, request, username=None, password=None, **kwargs):
        try:
            return super().authenticate(request, username=username, password=password, **kwargs)
        except PermissionDenied:
            if not may_pass(request, username=username, password=password):
                raise


class RolesBackend(AuthenticationBackend):
    """Loads the user with location and current roles in one query. Django's permissions are not used."""

    def authenticate(self, request, **credentials):
        user = super().authenticate(request, **credentials)
        # the library keeps the user of a closed account, to say so: it is answered as a wrong password
        self.unstash_authenticated_user()
        return user

    def get_user(self, user_id):
        user = SIGNED_IN_USER.one(pk=User._meta.pk.to_python(user_id), on=timezone.localdate())
        return user if user is not None and user.is_active else None

    def has_perm(self, user_obj, perm, obj=None):
        return False

    def has_module_perms(self, user_obj, app_label):
        return False


def may_pass(request, *, username: str, password: str, **_) -> bool:
    """Whether tries that others spent do not count: the password is right and a second step follows.

    It costs one hash whoever was named, so that response times tell no names apart.
    """
    key = f"{address_of(request)}:{lockout.digest(username)}"
    usage = is_at_the_door(request) and ratelimit.consume(
        request, app=lockout.ALLAUTH, action=lockout.LOCKED_GUESS, key=key
    )
    if not usage:
        make_password(password)
        return False
    user = RolesBackend().authenticate(request, username=username, password=password)
    if user is None or not factors.has_factor(user):
        return False
    usage.rollback()
    return True


def is_at_the_door(request) -> bool:
    """False where a password is asked again of who is signed in: no second step follows it there."""
    return not getattr(request, "is_asked_again", False)


def _user(pk: int, on: dt.date) -> QuerySet:
    users = User.objects.with_roles(on=on).select_related("location")
    return users.annotate(**_request_annotations()).filter(pk=pk)


SIGNED_IN_USER = PreparedQuery(_user)


def _request_annotations() -> dict:
    """What every request needs to know of its user, in the query that reads the user anyway."""
    minutes = Practice.objects.filter(pk=1).values("idle_lock_minutes")
    return {
        "has_factor": factors.has_factor_of(*factors.FACTOR_KINDS),
        "has_passkey": factors.has_factor_of(factors.PASSKEY),
        "idle_minutes": Subquery(minutes),
    }
