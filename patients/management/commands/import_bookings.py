"""manage.py import_bookings FILE.csv --by USERNAME [--dry-run]: books the visits of an old system."""

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from clinic import audit
from clinic.models import Practice
from clinic.values.errors import RuleViolation
from patients.actions.bringing_in import bookings
from patients.forms.bringing_in import bookings as forms
from patients.management import bringing_in as shared
from patients.models import BroughtFile
from patients.rules.bringing_in import columns, diary, files, wording
from patients.rules.bringing_in.columns import BOOKINGS
from patients.selectors import bringing_in as selectors


class Command(BaseCommand):
    help = (
        "Book the coming visits of a CSV file, each for the patient with its number in the old system or "
        "its reference: all of them, or none where a row has a fault. Times are those of the place."
    )

    def add_arguments(self, parser):
        shared.add_arguments(parser)

    def handle(self, *, file, by, dry_run, column, **options):
        user = shared.person(by)
        opened = shared.opened(file, BroughtFile.Kind.BOOKINGS, column, BOOKINGS)
        for line in shared.column_lines(opened, BOOKINGS):
            self.stdout.write(line)
        shared.refuse(columns.reasons_of_bookings(opened.facts.mapping))
        before = selectors.brought_before(opened.facts.digest, kind=opened.facts.kind)
        shared.refuse(files.again_reasons(before))
        now, total = timezone.now(), len(opened.table.rows)
        refs, numbers = forms.named_people(opened.table, opened.facts.mapping)
        minutes = Practice.objects.get(pk=1).visit_minutes
        known = selectors.diary(user, refs=refs, numbers=numbers, now=now, minutes=minutes)
        tell = shared.telling(lambda text: self.stdout.write(text, ending=""), "Read", total)
        found, faults = forms.read_bookings(opened.table, opened.facts.mapping, known, progress=tell)
        judged = diary.judge(found, known)
        audit.look("patient.found", None, by=user)
        for line in judged.likely:
            self.stdout.write(line)
        if judged.standing:
            self.stdout.write(wording.standing_bookings(len(judged.standing)))
        if faults or judged.faults:
            raise shared.faults_error([*faults, *judged.faults], total)
        if dry_run:
            self.stdout.write(f"{shared.NOTHING} {wording.of_bookings(judged).new}")
            return
        try:
            booked = bookings.book(found, by=user, file=opened.facts, now=now)
        except RuleViolation as refused:
            raise CommandError("\n".join([shared.NOTHING, *map(str, refused.messages)])) from refused
        self.stdout.write(wording.booked(booked.written))
