"""The allauth account adapter: no sign-up, our messages, one client address."""

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context
from allauth.core.internal import ratelimit
from django.conf import settings
from django.shortcuts import resolve_url
from django.utils.translation import gettext_lazy

from clinic import audit
from clinic.signin import backends, last_proof, lockout, one_time
from clinic.web import address, confinement


class StaffAdapter(DefaultAccountAdapter):
    """Accounts are made by an administrator; nobody signs up."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "username_password_mismatch": gettext_lazy(
            "The username and password do not match. Check both and try again."
        ),
        "enter_current_password": gettext_lazy("That is not your password. Type the one you have now."),
        "incorrect_password": gettext_lazy("That is not your password. Try again."),
        "too_many_login_attempts": gettext_lazy("Too many tries. Wait a minute, then try again."),
        "locked_out": gettext_lazy(
            "Too many tries with this name. Wait {minutes} minutes, then try again, or ask the "
            "person who looks after accounts for a one-time password."
        ),
        "one_time_is_over": gettext_lazy(
            "This one-time password was used or has ended. Ask the person who looks "
            "after accounts for a new one."
        ),
        "one_time_on_tablet": gettext_lazy(
            "A one-time password opens only the page for your own password. Choose that "
            "on another device first, then take the tablet back with it."
        ),
        "account_inactive": gettext_lazy("This account is closed. Ask your administrator."),
    }

    def is_open_for_signup(self, request):
        return False

    def get_password_change_redirect_url(self, request):
        return resolve_url(settings.LOGIN_REDIRECT_URL)

    def is_safe_url(self, url):
        """Only a path of this site is a safe next page, never another host."""
        return super().is_safe_url(url) and url.startswith("/")

    def get_client_ip(self, request):
        return address.address_of(request)

    def login(self, request, user):
        """The end of every way to sign in, after a second factor: it is proof as a password at signing is."""
        super().login(request, user)
        last_proof.note(request.session, user)

    def pre_authenticate(self, request, **credentials):
        """Wrong passwords are counted per address; allauth takes a right one off the count again."""
        self._login_failed_rl_usage = ratelimit.consume(
            request, app=lockout.ALLAUTH, action=lockout.PASSWORD_GUESS
        )
        if not self._login_failed_rl_usage and not backends.may_pass(request, **credentials):
            raise self.validation_error("too_many_login_attempts")

    def reauthenticate(self, user, password):
        """The password again of who is signed in: no second step follows it."""
        context.request.is_asked_again = True
        return super().reauthenticate(user, password)

    def authenticate(self, request, **credentials):
        """The same response for a name that exists and one that does not, before and after the lockout."""
        user = super().authenticate(request, **credentials)
        if user is None and lockout.is_locked(request, credentials):
            raise self.validation_error("locked_out")
        if user is not None and user.one_time_password_at and backends.is_at_the_door(request):
            self._use_one_time_password(request, user)
        return user

    def _use_one_time_password(self, request, user):
        """At the door. Asked again over an idle page, it only opens what it has opened."""
        if confinement.confinement_of(request.session):
            raise self.validation_error("one_time_on_tablet")
        if not one_time.use(user):
            audit.look("user.sign_in_failed", user, by=None)
            raise self.validation_error("one_time_is_over")

    def validation_error(self, code, *args):
        error = super().validation_error(code, *args)
        error.message = str(error.message).format(minutes=lockout.minutes())
        return error
