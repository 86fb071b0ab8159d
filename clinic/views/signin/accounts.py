"""The door: the library's views, answering 422 where something was refused."""

from allauth.account import views
from django.contrib.auth.decorators import login_not_required
from django.db import transaction
from django.http import Http404


class UnprocessableFormMixin:
    """A form that was refused is not a success, for a browser or for a test."""

    def form_invalid(self, form):
        response = super().form_invalid(form)
        response.status_code = 422
        return response


class AtomicFormMixin:
    """What the library writes and what follows from it, its event and sign-ins that end: all or nothing."""

    def form_valid(self, form):
        with transaction.atomic():
            return super().form_valid(form)


class SignIn(UnprocessableFormMixin, views.LoginView):
    pass


class ChangePassword(AtomicFormMixin, UnprocessableFormMixin, views.PasswordChangeView):
    pass


sign_in = SignIn.as_view()
change_password = ChangePassword.as_view()


@login_not_required
def closed(request):
    """Addresses that the library wants to name and that this product does not offer."""
    raise Http404
