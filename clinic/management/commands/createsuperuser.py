"""Stands before Django's command: a superuser could open nothing here, since access comes from roles."""

from django.core.management.base import BaseCommand, CommandError


class Command(BaseCommand):
    help = "Not used here: `manage.py practice` begins a practice with its first administrator."
    requires_system_checks = []

    def add_arguments(self, parser):
        """Whatever Django's command takes: the answer is the same."""
        for option in ("--username", "--email", "--database"):
            parser.add_argument(option)
        for option in ("--noinput", "--no-input"):
            parser.add_argument(option, action="store_false", dest="interactive")

    def handle(self, **options):
        raise CommandError(
            "A superuser could open nothing in Filiform: what people may do comes from their roles. Run "
            "`python manage.py practice`, which makes the first administrator; they make all other accounts."
        )
