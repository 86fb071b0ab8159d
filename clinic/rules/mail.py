"""Whether mail goes out, and why one did not: `lacks` and `result` are codes, which `reason` words."""

import datetime as dt
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clinic.values.words import Text

SENT, NO_SERVER, NO_SENDER = "sent", "no-server", "no-sender"
# What a practice without a mail server has: each writes mail where nobody gets it.
UNSENT = ("console", "dummy", "filebased")

REASONS: dict[str, Text] = {
    NO_SERVER: gettext_lazy("No mail server is set. Name one in EMAIL_URL and start the server anew."),
    NO_SENDER: gettext_lazy(
        "No sender is set. Name an address in DEFAULT_FROM_EMAIL and start the server anew."
    ),
    "ConnectionRefusedError": gettext_lazy("Nothing answers at that server and port."),
    "TimeoutError": gettext_lazy("The mail server did not answer in time."),
    "SMTPServerDisconnected": gettext_lazy("The mail server hung up, or did not answer in time."),
    "gaierror": gettext_lazy("No server has the name that EMAIL_URL gives."),
    "SMTPAuthenticationError": gettext_lazy("The mail server refused the name or password in EMAIL_URL."),
    "SMTPSenderRefused": gettext_lazy("The mail server refused the sender. Look at DEFAULT_FROM_EMAIL."),
    "SMTPRecipientsRefused": gettext_lazy("The mail server refused the address that the mail is for."),
    "SSLCertVerificationError": gettext_lazy("The mail server's certificate is not trusted here."),
}


@dataclass(frozen=True)
class MailServer:
    """`name` is host and port, never with a password. `lacks` says why nothing goes out; "" where it does."""

    name: str
    sender: str
    lacks: str = ""


@dataclass(frozen=True)
class MailTest:
    """A test mail of an administrator. `server` is the name of the one it was given to."""

    at: dt.datetime
    server: str
    result: str

    @property
    def was_sent(self) -> bool:
        return self.result == SENT


def lacks(backend: str, host: str, sender: str) -> str:
    """Why no mail can go out by these settings, as a code; "" where it can."""
    if not host or any(f".{name}." in backend for name in UNSENT):
        return NO_SERVER
    return "" if sender else NO_SENDER


def reason(code: str) -> str:
    """Why a mail was not sent, with the class of an error for whoever looks it up."""
    if code in (NO_SERVER, NO_SENDER):
        return str(REASONS[code])
    words = REASONS.get(code, _("The mail server did not take it."))
    return f"{words} ({code})"
