"""The one way by which mail leaves: it was taken by a server, or it was not sent."""

import logging
from smtplib import SMTPException

from django.core.mail import EmailMessage
from django.db import transaction
from django.utils.translation import gettext as _

from clinic import audit
from clinic.models import Practice, User
from clinic.rules.mail import SENT
from clinic.selectors import mail
from clinic.values.errors import NotSent

log = logging.getLogger(__name__)


def send(subject: str, body: str, *, to: str) -> None:
    """Returns once the server has taken it; else raises NotSent. Never within a transaction: it may wait."""
    if lacks := mail.server().lacks:
        raise NotSent(lacks)
    try:
        # a line break in an address or subject is a ValueError
        EmailMessage(subject, body, to=[to]).send()
    except (SMTPException, OSError, ValueError) as error:
        log.warning("mail not sent: %s", type(error).__name__)
        raise NotSent(type(error).__name__) from error


def send_test(*, to: str, practice: Practice) -> str:
    """Send a mail that says nothing but that mail arrives. Returns "sent" or the code of why not."""
    body = _("Mail of %(practice)s arrives. Nobody needs to answer.") % {"practice": practice.name}
    try:
        send(_("A test mail"), body, to=to)
    except NotSent as refused:
        return refused.code
    return SENT


@transaction.atomic
def record_test(result: str, *, by: User) -> None:
    changes = {"server": [None, mail.server().name], "result": [None, result]}
    audit.record("mail.tested", by, by=by, changes=changes)
