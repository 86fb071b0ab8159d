"""manage.py import_patients FILE.csv --by USERNAME [--dry-run]: registers the patients of an old system."""

from django.core.management.base import BaseCommand, CommandError

from clinic import audit
from clinic.values.errors import RuleViolation
from patients.actions.bringing_in import patients
from patients.forms.bringing_in import people as forms
from patients.management import bringing_in as shared
from patients.models import BroughtFile
from patients.rules.bringing_in import columns, files, matches, wording
from patients.rules.bringing_in.columns import PATIENTS
from patients.rules.bringing_in.rows import Judged
from patients.selectors import bringing_in as selectors


class Command(BaseCommand):
    help = (
        "Register the patients of a CSV file: all of them, or nobody where a row has a fault. Says first "
        "what each column is taken for, every fault by row and column, and who is likely registered already."
    )

    def add_arguments(self, parser):
        shared.add_arguments(parser)

    def handle(self, *, file, by, dry_run, column, **options):
        user = shared.person(by)
        opened = shared.opened(file, BroughtFile.Kind.PATIENTS, column, PATIENTS)
        for line in shared.column_lines(opened, PATIENTS):
            self.stdout.write(line)
        shared.refuse(columns.reasons_of_patients(opened.facts.mapping))
        before = selectors.brought_before(opened.facts.digest, kind=opened.facts.kind)
        shared.refuse(files.again_reasons(before))
        total = len(opened.table.rows)
        people, faults = forms.read_patients(
            opened.table, opened.facts.mapping, progress=self.telling("Read", total)
        )
        judged = self.judge(people, user)
        if faults or judged.faults:
            raise shared.faults_error([*faults, *judged.faults], total)
        if dry_run:
            self.stdout.write(f"{shared.NOTHING} {wording.of_patients(judged).new}")
            return
        try:
            tell = self.telling("Registered", len(judged.new))
            brought = patients.bring_in(people, by=user, file=opened.facts, progress=tell)
        except RuleViolation as refused:
            raise CommandError("\n".join([shared.NOTHING, *map(str, refused.messages)])) from refused
        self.stdout.write(wording.registered(brought.written))

    def judge(self, people, user) -> Judged:
        """Whom the rows are like, said; the look at the record is recorded as a search at the desk is."""
        judged = matches.judge(
            people, selectors.known_people(user), progress=self.telling("Compared", len(people))
        )
        audit.look("patient.found", None, by=user)
        for code, keys in (("restriction.found", judged.named), ("restriction.guessed", judged.guessed)):
            for patient in selectors.closed_records(keys):
                audit.look(code, patient, by=user, patient=patient)
        for likely in judged.likely:
            self.stdout.write(str(likely))
        if judged.standing:
            self.stdout.write(wording.standing_patients(len(judged.standing)))
        return judged

    def telling(self, what: str, total: int):
        return shared.telling(lambda text: self.stdout.write(text, ending=""), what, total)
