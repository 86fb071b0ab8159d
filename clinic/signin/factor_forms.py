"""Forms of second factors: allauth's, with our messages and our limits on wrong codes."""

from allauth.core import context
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import AddWebAuthnForm, EditWebAuthnForm
from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clinic.signin import factors
from clinic.signin.account_forms import remove_placeholders
from clinic.web.text_fields import TextField


def word_code_field(field: forms.Field, label: str, hint: str = "") -> None:
    field.label, field.help_text = label, hint
    field.widget.attrs.pop("placeholder", None)
    field.widget.attrs["inputmode"] = "numeric"
    field.error_messages["required"] = _("Enter the code.")


TOO_MANY = {
    Authenticator.Type.TOTP: gettext_lazy(
        "Too many wrong codes. Wait an hour, or use a recovery code or a passkey."
    ),
    Authenticator.Type.RECOVERY_CODES: gettext_lazy(
        "Too many wrong recovery codes today. Use your app or a passkey, or ask your "
        "administrator to reset your two-step verification."
    ),
}


class LimitedGuesses:
    """Limits wrong codes, since a code has only six digits; see ACCOUNT_RATE_LIMITS."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        remove_placeholders(self)
        hint = _("Six digits from the app, or one of your recovery codes.")
        word_code_field(self.fields["code"], _("Code"), hint)
        self.fields["code"].widget.attrs["autofocus"] = True

    def clean_code(self):
        factor = factors.factor_of(self.user, self.cleaned_data["code"])
        if factor is not None and not factors.may_guess(context.request, factor):
            raise forms.ValidationError(TOO_MANY[factor.type], code="too-many")
        code = super().clean_code()
        factors.forgive_guesses(context.request, self.authenticator)
        return code


class CodeForm(LimitedGuesses, AuthenticateForm):
    pass


class CodeReauthenticationForm(LimitedGuesses, ReauthenticateForm):
    pass


class ActivateAppForm(ActivateTOTPForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        remove_placeholders(self)
        word_code_field(self.fields["code"], _("Code that the app shows now"))


class PasskeyForm(AddWebAuthnForm):
    """Every passkey requires user verification and signs in without a password."""

    passwordless = None
    name = TextField(
        label=gettext_lazy("What is its name?"),
        help_text=gettext_lazy("For example: my phone, the key on my ring."),
        max_length=60,
        required=False,
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        remove_placeholders(self)
        self.fields["credential"].error_messages["required"] = _(
            "No passkey was received. Press the button again and follow the browser."
        )


class RenamePasskeyForm(EditWebAuthnForm):
    name = TextField(
        label=gettext_lazy("What is its name?"),
        max_length=60,
        error_messages={"required": gettext_lazy("Give it a name that tells it from the others.")},
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        remove_placeholders(self)
