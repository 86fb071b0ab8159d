"""Mails that remind people of their expiring credentials."""

import datetime as dt

from django.db import transaction
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from clinic import audit, formats
from clinic.actions import mail
from clinic.models import Credential, CredentialReminder, Practice


def remind(credential: Credential, *, days: int, on: dt.date, practice: Practice) -> None:
    """Send one mail, then record it. If that fails the mail is sent again: better twice than never.

    Raises NotSent, and then nothing is recorded.
    """
    ends_on = credential.expires_on
    if ends_on is None:
        return
    context = {"credential": credential, "practice": practice, "ended": ends_on < on}
    body = render_to_string("emails/credential_ends.txt", context)
    subject = _("Your %(credential)s expired on %(day)s")
    if not context["ended"]:
        subject = _("Your %(credential)s expires on %(day)s")
    named = {"credential": credential.get_kind_display().lower(), "day": formats.day(ends_on)}
    mail.send(subject % named, body, to=credential.user.email)
    with transaction.atomic():
        CredentialReminder.objects.get_or_create(credential=credential, expires_on=ends_on, days=days)
        audit.record("credential.reminded", credential, by=None, changes={"days": [None, days]})
