"""Sign-in and password pages: allauth's views, with 422 for a refused form."""

from allauth.account import views
from django.contrib.auth.decorators import login_not_required
from django.db import transaction
from django.http import Http404


class UnprocessableFormMixin:
    """Responds with 422 when the form is refused."""

    def form_invalid(self, form):
        response = super().form_invalid(form)
        response.status_code = 422
        return response


class AtomicFormMixin:
    """Runs the view's writes and those of its signals, such as audit events, in one transaction."""

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
    """For addresses that allauth needs and this product does not offer."""
    raise Http404
