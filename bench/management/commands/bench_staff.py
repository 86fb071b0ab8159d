"""Gives the demo practice as many people as the run under load wants, and prints them and their work."""

import json

from django.core.management.base import BaseCommand
from django.db.models import F
from django.utils import timezone

from bench.management.commands.bench_enrol import enroll
from bench.management.commands.bench_subjects import subjects, treatable
from clinic.actions import accounts
from clinic.management.commands.serve import THREADS
from clinic.models import Credential, Role, RoleGrant, User
from clinic.signin import factors

ROLES = {"desk": Role.FRONT_DESK, "therapist": Role.THERAPIST, "lead": Role.LEAD}
# Whose password, profession and credentials they get.
LIKE = {"desk": "reception", "therapist": "therapist2", "lead": "lead"}
# own choice: more than a therapist treats while the run lasts, and records that leads read
PATIENTS_EACH, RECORDS = 12, 60


class Command(BaseCommand):
    help = "Make people who work under load, and print them with their patients as JSON."

    def add_arguments(self, parser):
        parser.add_argument("wanted", type=json.loads, help='{"desk": 12, "therapist": 15, "lead": 3}')

    def handle(self, *, wanted, **options):
        work = subjects()
        people = treatable(RECORDS + wanted["therapist"] * PATIENTS_EACH)
        staff = {kind: [account(kind, number) for number in range(count)] for kind, count in wanted.items()}
        found = {name: work[name] for name in ("patients", "calls", "expected")}
        split = {"records": people[:RECORDS], "coming": people[RECORDS:]}
        self.stdout.write(json.dumps({**found, **split, "staff": staff, "threads": THREADS}))


def account(kind: str, number: int) -> dict:
    username = f"load-{kind}-{number}"
    person = User.objects.filter(username=username).first() or made(kind, username, number)
    secret = enroll(person) if ROLES[kind] in factors.ROLES_THAT_NEED_A_FACTOR else ""
    return {"username": username, "pk": person.pk, "secret": secret}


def made(kind: str, username: str, number: int) -> User:
    like = User.objects.get(username=LIKE[kind])
    columns = ("password", "profession", "display_credentials", "location_id")
    person = User.objects.create(
        username=username,
        first_name=kind.capitalize(),
        last_name=f"Loadwell {number}",
        email=f"{username}@example.invalid",
        date_joined=timezone.now(),
        **{name: getattr(like, name) for name in columns},
    )
    admin = User.objects.get(username="admin")
    accounts.give_role(RoleGrant(user=person, role=ROLES[kind]), by=admin)
    kinds = Credential.Kind.LICENCE, Credential.Kind.COURSE
    for credential in Credential.objects.filter(user=like, kind__in=kinds).order_by(F("pk")):
        credential.pk, credential.user = None, person
        credential._state.adding = True
        credential.save()
    return person
