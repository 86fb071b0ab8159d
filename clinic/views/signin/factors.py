"""Pages of second factors: allauth's views, with 422 for a refused form."""

import json

from allauth.account.models import Login
from allauth.account.utils import get_next_redirect_url
from allauth.mfa.base import views as base
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as webauthn
from allauth.mfa.webauthn.internal import auth, flows
from django.contrib.auth.decorators import login_not_required
from django.shortcuts import redirect

from clinic import audit
from clinic.signin import factors, passkeys
from clinic.views.signin.accounts import AtomicFormMixin, UnprocessableFormMixin


class Overview(base.IndexView):
    def get_context_data(self, **kwargs):
        missing = factors.is_missing(self.request.user)
        return {**super().get_context_data(**kwargs), "is_missing": missing}


class SecondStep(UnprocessableFormMixin, base.AuthenticateView):
    """The second step after the password, a code or a passkey. Nobody is signed in yet."""

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        context["question"] = json.dumps(context["js_data"])
        context["has_passkey"] = passkeys.has_passkey(self.stage.login.user)
        return context


class CodeReauthentication(UnprocessableFormMixin, base.ReauthenticateView):
    pass


class PasskeyReauthentication(UnprocessableFormMixin, webauthn.ReauthenticateWebAuthnView):
    def form_invalid(self, form):
        response = self.render_to_response(self.get_context_data(form=form))
        response.status_code = 422
        return response

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        return {**context, **kwargs, "question": json.dumps(context["js_data"])}


class ActivateApp(UnprocessableFormMixin, totp.ActivateTOTPView):
    pass


class RemoveApp(AtomicFormMixin, totp.DeactivateTOTPView):
    pass


class AddPasskey(UnprocessableFormMixin, webauthn.AddWebAuthnView):
    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        question = {"creation_options": auth.begin_registration(self.request.user, True)}
        return {**context, **kwargs, "question": json.dumps(question)}


class RenamePasskey(UnprocessableFormMixin, webauthn.EditWebAuthnView):
    pass


class RemovePasskey(AtomicFormMixin, webauthn.RemoveWebAuthnView):
    pass


class PasskeySignIn(webauthn.LoginWebAuthnView):
    """Sign-in with a passkey: two factors in one step."""

    def form_valid(self, form):
        passkey = form.cleaned_data["credential"]
        login = Login(user=passkey.user, redirect_url=get_next_redirect_url(self.request))
        return flows.perform_passwordless_login(self.request, passkey, login)


class RecoveryCodes(codes.ViewRecoveryCodesView):
    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        audit.look("user.recovery_codes_seen", self.request.user, by=self.request.user)
        return context


def redirect_to_overview(request):
    return redirect("mfa_index")


overview = Overview.as_view()
second_step = login_not_required(SecondStep.as_view())
reauthenticate_with_code = CodeReauthentication.as_view()
reauthenticate_with_passkey = PasskeyReauthentication.as_view()
activate_app = ActivateApp.as_view()
remove_app = RemoveApp.as_view()
add_passkey = AddPasskey.as_view()
rename_passkey = RenamePasskey.as_view()
remove_passkey = RemovePasskey.as_view()
passkey_sign_in = login_not_required(PasskeySignIn.as_view())
recovery_codes = RecoveryCodes.as_view()
download_codes = codes.DownloadRecoveryCodesView.as_view()
new_codes = codes.GenerateRecoveryCodesView.as_view()
