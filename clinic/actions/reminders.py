"""Mails about credentials that end. They name the credential and nobody else."""

import datetime as dt

from django.core.mail import send_mail
from django.db import transaction
from django.template.loader import render_to_string

from clinic import audit, credentials
from clinic.models import Credential, CredentialReminder, Practice


def due(*, on: dt.date, days: int) -> list[tuple[Credential, int]]:
    """(credential, call) of every mail that was not sent yet."""
    sent = set(CredentialReminder.objects.values_list("credential", "expires_on", "days"))
    found = []
    for row in credentials.ending(on=on, days=days):
        call = credentials.threshold(row.expires_on, on=on, days=days)
        if call is not None and (row.pk, row.expires_on, call) not in sent:
            found.append((row, call))
    return found


def remind(credential: Credential, *, call: int, on: dt.date, practice: Practice) -> None:
    """Send one mail, then note it. Should the note fail, the mail goes again: better twice than never."""
    context = {"credential": credential, "practice": practice, "ended": credential.expires_on < on}
    body = render_to_string("emails/credential_ends.txt", context)
    verb = "ended" if context["ended"] else "ends"
    subject = f"Your {credential.get_kind_display().lower()} {verb} on {credential.expires_on:%-d %b %Y}"
    send_mail(subject, body, None, [credential.user.email])
    with transaction.atomic():
        CredentialReminder.objects.get_or_create(
            credential=credential, expires_on=credential.expires_on, days=call
        )
        audit.record("credential.reminded", credential, by=None, changes={"days": [None, call]})
