"""Who is asking: the sign-in backend that knows roles, and the door that stays shut to strangers."""

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from allauth.core import ratelimit
from django.conf import settings
from django.contrib.auth.hashers import check_password
from django.shortcuts import resolve_url

from clinic.models import User

# allauth's name for it, and its limit: ten tries a minute.
PASSWORD_AGAIN = "reauthenticate"


class RolesBackend(AuthenticationBackend):
    """Loads the user with place and roles of today in one query. Django's model permissions are not used."""

    def get_user(self, user_id):
        user = User.objects.with_roles().select_related("location").filter(pk=user_id).first()
        return user if user is not None and user.is_active else None

    def has_perm(self, user_obj, perm, obj=None):
        return False

    def has_module_perms(self, user_obj, app_label):
        return False


class StaffAdapter(DefaultAccountAdapter):
    """Accounts are made by an administrator; nobody signs up."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "username_password_mismatch": "Username and password do not go together. Check both and try again.",
        "enter_current_password": "That is not your password. Type the one you have now.",
        "incorrect_password": "That is not your password. Try again.",
        "too_many_login_attempts": "Too many tries. Wait five minutes, then try again.",
        "account_inactive": "This account is closed. Ask the person who looks after accounts.",
    }

    def is_open_for_signup(self, request):
        return False

    def get_password_change_redirect_url(self, request):
        return resolve_url(settings.LOGIN_REDIRECT_URL)


def is_own_password(user, password: str) -> bool:
    """Whether `password` proves that `user` is at the keyboard. Never upgrades the stored hash."""
    return bool(password) and check_password(password, user.password)


def may_try_password(request) -> bool:
    """Whether this person has tries left to type their own password, as they have at every such question."""
    return ratelimit.consume(request, action=PASSWORD_AGAIN, user=request.user, dry_run=True)


def note_wrong_password(request) -> None:
    ratelimit.consume(request, action=PASSWORD_AGAIN, user=request.user)
