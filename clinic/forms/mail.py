"""The button that sends a test mail: nothing is typed, and it may be refused."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy

from clinic.forms.base import StaffForm
from clinic.rules import mail

NO_ADDRESS = gettext_lazy("Your account has no email address. Enter one under People, then send the test.")


class TryMailForm(StaffForm):
    def __init__(self, *args, server: mail.MailServer, to: str, **kwargs):
        super().__init__(*args, **kwargs)
        self.server, self.to = server, to

    def clean(self):
        if self.server.lacks:
            raise ValidationError(mail.reason(self.server.lacks), code=self.server.lacks)
        if not self.to:
            raise ValidationError(NO_ADDRESS, code="no-address")
        return super().clean()
