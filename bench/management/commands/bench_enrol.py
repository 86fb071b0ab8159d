"""Enrolls everybody who must have a second factor in an authenticator app; prints the secrets as JSON."""

import json

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.core.management.base import BaseCommand

from clinic.models import RoleGrant, User
from clinic.signin import factors


class Command(BaseCommand):
    help = "Enroll everybody of the demo who must have a second factor, and print the secrets."

    def handle(self, **options):
        grants = RoleGrant.objects.filter(role__in=factors.ROLES_THAT_NEED_A_FACTOR)
        people = User.objects.filter(pk__in=grants.values("user"))
        self.stdout.write(json.dumps({person.username: enroll(person) for person in people}))


def enroll(person: User) -> str:
    """Replaces the secret of an earlier run, which nobody knows any more."""
    Authenticator.objects.filter(user=person, type=Authenticator.Type.TOTP).delete()
    secret = generate_totp_secret()
    TOTP.activate(person, secret)
    return secret
