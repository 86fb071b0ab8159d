"""The allauth account adapter: no sign-up, our messages, one client address."""

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.shortcuts import resolve_url

from clinic.signin import last_proof, lockout
from clinic.web import address


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
        """Only a path of this site is a safe next page, never another host."""
        return super().is_safe_url(url) and url.startswith("/")

    def get_client_ip(self, request):
        return address.address_of(request)

    def login(self, request, user):
        """The end of every way to sign in, after a second factor: it is proof as a password at signing is."""
        super().login(request, user)
        last_proof.note(request.session, user)

    def authenticate(self, request, **credentials):
        """The same response for a name that exists and one that does not, before and after the lockout."""
        user = super().authenticate(request, **credentials)
        if user is None and lockout.is_locked(request, credentials):
            raise self.validation_error("locked_out")
        return user

    def validation_error(self, code, *args):
        error = super().validation_error(code, *args)
        error.message = str(error.message).format(minutes=lockout.minutes())
        return error

    def _get_login_attempts_cache_key(self, request, **credentials):
        """Per name and address: nobody elsewhere can lock a colleague out by failing under their name."""
        return f"{address.address_of(request)}:{lockout.digest(credentials.get('username', ''))}"
