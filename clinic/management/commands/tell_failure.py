"""manage.py tell_failure: what a unit of systemd runs when another one failed."""

import re

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError

from clinic.actions import upkeep
from clinic.management import sentences
from clinic.rules import mail
from clinic.values.errors import NotSent

UNIT = re.compile(r"[\w@.:-]{1,80}", re.ASCII)
NOBODY = "Nobody is mailed: FAILURES_TO names no address."


class Command(BaseCommand):
    help = (
        "Tell that a run failed: a mail to FAILURES_TO, and an event in the audit, which Set-up, the board "
        "of leads and administrators and /metrics/ read. Exits with 1 when one of the two was not possible."
    )

    def add_arguments(self, parser):
        parser.add_argument("unit", help="what failed, such as filiform-backup")

    def handle(self, *, unit, **options):
        if not UNIT.fullmatch(unit):
            raise CommandError("Name the unit that failed, such as filiform-backup.")
        # the mail first: a database that is away may be why the run failed, and may answer late
        untold = [*self.unsent(unit), *self.unrecorded(unit)]
        if untold:
            raise CommandError(" ".join(untold))

    def unsent(self, unit: str) -> list[str]:
        if not settings.FAILURES_TO:
            self.stdout.write(NOBODY)
            return []
        try:
            upkeep.mail_failure(unit, to=settings.FAILURES_TO)
        except NotSent as refused:
            return [f"Not mailed: {mail.reason(refused.code)}"]
        self.stdout.write("Mailed.")
        return []

    def unrecorded(self, unit: str) -> list[str]:
        try:
            upkeep.record_failure(unit)
        except DatabaseError as error:
            return [f"Not in the audit: {sentences.first_line(error)}."]
        self.stdout.write("In the audit.")
        return []
