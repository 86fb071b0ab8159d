"""Makes a demo practice: plainly fictional people, today half way through the morning."""

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from clinic.models import Practice, User
from demo import builder
from demo.builder import BuildProgress
from demo.making import DemoPlan
from demo.setup import practice_setup


class Command(BaseCommand):
    help = "Make a demo practice with fictional patients. It refuses a database that holds real ones."

    def add_arguments(self, parser):
        plan = DemoPlan()
        parser.add_argument("--patients", type=int, default=plan.patients, help="default: %(default)s")
        parser.add_argument(
            "--sessions-per-patient", type=int, default=plan.sessions, help="default: %(default)s"
        )
        parser.add_argument("--seed", default=plan.seed, help="the same seed makes the same people")
        parser.add_argument("--password", default=plan.password, help="of all five sign-ins")

    def handle(self, *, patients, sessions_per_patient, seed, password, **options):
        plan = DemoPlan(max(patients, 1), max(sessions_per_patient, 0), seed, password)
        for reason in builder.refusal_reasons(plan):
            raise CommandError(reason.message)
        if builder.is_complete():
            self.stdout.write("The demo practice is here already; nothing was changed.")
        else:
            if builder.is_begun():
                self.stdout.write(
                    f"Going on with {builder.patients_made():,} of {plan.patients:,} patients, "
                    "where an earlier run was stopped."
                )
            builder.build(plan, now=timezone.now(), report_progress=self.report_progress)
        self.list_sign_ins(password)

    def report_progress(self, progress: BuildProgress) -> None:
        self.stdout.write(
            f"{progress.patients:,} of {progress.total:,} patients, {progress.per_minute:,} a minute, "
            f"{progress.minutes_left:,} minutes left"
        )
        self.stdout.flush()

    def list_sign_ins(self, password: str) -> None:
        practice = Practice.objects.select_related("jurisdiction").get(pk=1)
        self.stdout.write(f"\n{practice.name}. State rules: {practice.jurisdiction.name}.")
        is_theirs = User.objects.get(username=practice_setup.STAFF[0].username).check_password(password)
        shown = password if is_theirs else "that was chosen when it was made (or since)"
        self.stdout.write(f"Sign in with the password {shown} as")
        for member in practice_setup.STAFF:
            self.stdout.write(f"  {member.username:<12} {member.role_label}")
