"""By which server mail goes out, and what the last test mail came to."""

from django.conf import settings

from clinic.models import AuditEvent
from clinic.rules import mail
from clinic.rules.mail import MailServer, MailTest


def server() -> MailServer:
    host, sender = settings.EMAIL_HOST or "", settings.DEFAULT_FROM_EMAIL
    name = f"{host}:{settings.EMAIL_PORT}" if settings.EMAIL_PORT else host
    return MailServer(name, sender, mail.lacks(settings.EMAIL_BACKEND, host, sender))


def last_test() -> MailTest | None:
    """A test is no row of its own: the audit has it."""
    event = AuditEvent.objects.filter(code="mail.tested").order_by("-at").first()
    if event is None:
        return None
    return MailTest(event.at, event.changes["server"][1], event.changes["result"][1])
