"""Print how many rules of each state were found, for docs/states.md."""

from django.core.management.base import BaseCommand

from clinic.rules import all_states
from clinic.selectors import all_states as all_states_selectors


class Command(BaseCommand):
    help = "Print the table of docs/states.md: of each state how many rules were found and how many not."

    def handle(self, *args, **options):
        for line in all_states.table(all_states_selectors.profiles()):
            self.stdout.write(line)
