"""Makes a demo practice: plainly fictional people, today half way through the morning."""

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from clinic.models import Practice, User
from demo import build, team
from demo.build import Plan, Progress


class Command(BaseCommand):
    help = "Make a demo practice with fictional patients. It refuses a database that holds real ones."

    def add_arguments(self, parser):
        plan = Plan()
        parser.add_argument("--patients", type=int, default=plan.patients, help="default: %(default)s")
        parser.add_argument(
            "--sessions-per-patient", type=int, default=plan.sessions, help="default: %(default)s"
        )
        parser.add_argument("--seed", default=plan.seed, help="the same seed makes the same people")
        parser.add_argument("--password", default=plan.password, help="of all five sign-ins")

    def handle(self, *, patients, sessions_per_patient, seed, password, **options):
        for reason in build.reasons_not_to():
            raise CommandError(reason.message)
        if build.stands():
            self.stdout.write("The demo practice is here already; nothing was changed.")
        else:
            plan = Plan(max(patients, 1), max(sessions_per_patient, 0), seed, password)
            build.build(plan, now=timezone.now(), tell=self.tell)
        self.say_who_signs_in(password)

    def tell(self, progress: Progress) -> None:
        self.stdout.write(
            f"{progress.patients:,} of {progress.of:,} patients, {progress.per_minute:,} a minute"
        )
        self.stdout.flush()

    def say_who_signs_in(self, password: str) -> None:
        practice = Practice.objects.select_related("jurisdiction").get(pk=1)
        self.stdout.write(f"\n{practice.name}. Jurisdiction profile: {practice.jurisdiction.name}.")
        known = User.objects.get(username=team.MEMBERS[0].username).check_password(password)
        said = password if known else "that was chosen when it was made (or since)"
        self.stdout.write(f"Sign in with the password {said} as")
        for member in team.MEMBERS:
            self.stdout.write(f"  {member.username:<12} {member.says}")
