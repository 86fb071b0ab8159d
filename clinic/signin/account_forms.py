"""Sign-in and password forms: allauth's, with our messages and without its reset by mail."""

from allauth.account.forms import ChangePasswordForm, LoginForm, ReauthenticateForm, SetPasswordForm
from django import forms
from django.utils.translation import gettext as _

NO_PLACEHOLDER = ("login", "password", "oldpassword", "password1", "password2")


def remove_placeholders(form) -> None:
    """Remove placeholders that only repeat the label."""
    for name in NO_PLACEHOLDER:
        if name in form.fields:
            form.fields[name].widget.attrs.pop("placeholder", None)
    form.use_required_attribute = False


class SignInForm(LoginForm):
    """Without a password reset: an administrator gives a one-time password."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        remove_placeholders(self)
        self.fields["login"].widget.attrs["autofocus"] = True
        self.fields["password"].help_text = ""
        self.fields["login"].error_messages["required"] = _("Enter your username.")
        self.fields["password"].error_messages["required"] = _("Enter your password.")


class PasswordForm(ChangePasswordForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        remove_placeholders(self)
        self.fields["oldpassword"].help_text = ""
        self.fields["oldpassword"].label = _("Current password")
        self.fields["password1"].label = _("New password")
        self.fields["password2"].label = _("New password, again")
        self.fields["oldpassword"].error_messages["required"] = _("Enter the password you have now.")
        self.fields["password1"].error_messages["required"] = _("Enter a new password.")
        self.fields["password2"].error_messages["required"] = _("Enter the new password again.")

    def clean_password1(self):
        """A one-time password is not kept as somebody's own, nor is any the same as before."""
        password = self.cleaned_data["password1"]
        if self.user.check_password(password):
            raise forms.ValidationError(
                _("That is the password you have now. Choose another one."), code="same"
            )
        return password


class FirstPasswordForm(SetPasswordForm):
    """The first password of whoever was given a link at the machine."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        remove_placeholders(self)
        self.fields["password1"].label = _("Password")
        self.fields["password2"].label = _("Password, again")
        self.fields["password1"].error_messages["required"] = _("Enter a password.")
        self.fields["password2"].error_messages["required"] = _("Enter the password again.")


class PasswordReauthenticationForm(ReauthenticateForm):
    """Without allauth's link to a reset by mail, which this product does not offer."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        remove_placeholders(self)
        self.fields["password"].help_text = ""
        self.fields["password"].error_messages["required"] = _("Enter your password.")
