"""A code app for everybody who must have a second factor, as JSON: the secrets by username."""

import json

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.core.management.base import BaseCommand

from clinic.models import RoleGrant, User
from clinic.signin import factors


class Command(BaseCommand):
    help = "Give a code app to everybody of the demo who must have one, and print its secret."

    def handle(self, **options):
        grants = RoleGrant.objects.filter(role__in=factors.ROLES_THAT_NEED_A_FACTOR)
        people = User.objects.filter(pk__in=grants.values("user"))
        self.stdout.write(json.dumps({person.username: enroll(person) for person in people}))


def enroll(person: User) -> str:
    """A new secret. One of an earlier run was told to nobody else."""
    Authenticator.objects.filter(user=person, type=Authenticator.Type.TOTP).delete()
    secret = generate_totp_secret()
    TOTP.activate(person, secret)
    return secret
