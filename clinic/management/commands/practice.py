"""Begins a practice: its tables, its first administrator, and the link by which they come in."""

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.urls import reverse

from clinic.actions import first_start
from clinic.rules import first_start as rules
from clinic.selectors import first_start as selectors
from clinic.values.databases import sqlite_file
from clinic.values.errors import RuleViolation

# What `serve` listens on by default, by the name that passkeys can belong to.
HERE = "http://localhost:8000"


class Command(BaseCommand):
    help = "Begin a practice: prints a link by which its first administrator comes in, once."
    # The checks ask for tables, which this makes.
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("--name", help="the owner's first and last name; asked for when left out")
        parser.add_argument("--username", help="what the owner types to sign in; asked for when left out")
        parser.add_argument("--address", help="how the practice is reached, such as https://clinic.example")
        parser.add_argument(
            "--new-link", action="store_true", help="print a new link for an owner who never used theirs"
        )
        parser.add_argument(
            "--if-none", action="store_true", help="leave a practice alone that has been begun"
        )

    def handle(self, *, name, username, address, new_link, if_none, **options):
        if not is_migrated():
            call_command("migrate", verbosity=0, interactive=False)
        owner = selectors.administrator()
        try:
            if if_none and owner is not None and not selectors.is_demo():
                self.go_on(owner, address)
            elif new_link:
                self.renew(address)
            else:
                self.begin(name, username, address)
        except RuleViolation as refused:
            raise CommandError(" ".join(str(reason.message) for reason in refused.reasons)) from refused

    def go_on(self, owner, address):
        if rules.waits_for_link(owner):
            self.renew(address)
        else:
            self.stdout.write(f"The practice has been begun; {owner.username} administers it.")

    def renew(self, address):
        owner, token = first_start.renew()
        self.show(owner.username, token, address)

    def begin(self, name, username, address):
        reasons = rules.beginning_reasons(
            is_demo=selectors.is_demo(), administrator=selectors.administrator()
        )
        if reasons:
            raise RuleViolation(reasons)
        name = name or ask("The owner's first and last name: ", "--name")
        username = (username or ask("What the owner types to sign in: ", "--username")).strip()
        first_name, _, last_name = " ".join(name.split()).partition(" ")
        token = first_start.begin(first_name=first_name, last_name=last_name, username=username)
        self.show(username, token, address)

    def show(self, username: str, token: str, address: str | None) -> None:
        page = reverse("first-start", args=[token])
        self.stdout.write(f"{username} opens this link and chooses a password:")
        self.stdout.write(f"\n  {(address or address_of_practice()).rstrip('/')}{page}\n\n")
        self.stdout.write(
            f"It works once, and for {rules.LINK_HOURS} hours. Whoever has it can become administrator: "
            "give it to nobody else. It is not stored; `python manage.py practice --new-link` prints another."
        )


def is_migrated() -> bool:
    """A role that only serves may not migrate, and need not where nothing waits."""
    path = sqlite_file(connection)
    if path and not path.exists():
        return False
    executor = MigrationExecutor(connection)
    return not executor.migration_plan(executor.loader.graph.leaf_nodes())


def address_of_practice() -> str:
    """The first address of the practice's own that is named in the environment, else this machine's."""
    return next(iter(settings.CSRF_TRUSTED_ORIGINS), HERE)


def ask(question: str, option: str) -> str:
    """At a terminal, or of what is piped in."""
    try:
        return input(question)
    except (EOFError, OSError):
        raise CommandError(f"There is nobody to ask. Name it with {option}.") from None
