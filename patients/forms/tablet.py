"""How a member of staff takes the tablet back."""

from allauth.account.forms import LoginForm


class ReturnForm(LoginForm):
    """The staff sign-in without its way to a forgotten password: that way leads out of the hand-over."""

    use_required_attribute = False

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["password"].help_text = ""
        self.fields["login"].error_messages["required"] = "Enter your user name."
        self.fields["password"].error_messages["required"] = "Enter your password."
