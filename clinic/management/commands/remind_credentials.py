"""manage.py remind_credentials: mails about licences and certificates that end; run it once a day."""

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from clinic.actions import credentials as credentials_actions
from clinic.models import Practice
from clinic.rules import mail
from clinic.selectors import credentials
from clinic.values.errors import NotSent


class Command(BaseCommand):
    help = "Mail people whose credentials end soon. Each is told once per threshold; run it once a day."

    def handle(self, *args, **options):
        practice, today = Practice.objects.get(pk=1), timezone.localdate()
        due = credentials.due_reminders(on=today, days=practice.credential_reminder_days)
        sent, unsent = 0, {}
        for credential, days_before in due:
            who = credential.user.username
            if not credential.user.email:
                self.stdout.write(f"{who} has no email address; tell them yourself.")
                continue
            try:
                credentials_actions.remind(credential, days=days_before, on=today, practice=practice)
            except NotSent as refused:
                unsent.setdefault(refused.code, []).append(who)
            else:
                sent += 1
        self.stdout.write(f"{sent} reminder{'' if sent == 1 else 's'} sent.")
        if unsent:
            lines = [f"{', '.join(who)}: {mail.reason(code)}" for code, who in unsent.items()]
            raise CommandError("Not sent, will be tried at the next run:\n" + "\n".join(lines))
