"""What happens to accounts: a one-time password, roles given, sign-ins ended."""

import secrets

from django.contrib.sessions.models import Session
from django.db import transaction
from django.utils import timezone

from clinic import audit, errors, references
from clinic.models import RoleGrant, User

GROUPS, GROUP_LENGTH = 5, 4


@transaction.atomic
def give_one_time_password(user: User, *, by: User) -> str:
    """A password that opens one page: choose your own. Returned once, stored nowhere; open sign-ins end."""
    user = User.objects.select_for_update(of=("self",)).get(pk=user.pk)
    if user.pk == by.pk:
        errors.refuse([errors.Reason("own-account", "Change your own password on the password page.")])

    password = "-".join(
        "".join(secrets.choice(references.ALPHABET) for _ in range(GROUP_LENGTH)).lower()
        for _ in range(GROUPS)
    )
    user.set_password(password)
    user.one_time_password_at, user.one_time_password_by = timezone.now(), by
    user.save(update_fields=["password", "one_time_password_at", "one_time_password_by"])
    end_sign_ins(user)

    audit.record("user.one_time_password", user, by=by)
    return password


def end_sign_ins(user: User) -> None:
    """Close every open session of this user. The table is small: sessions end after a day."""
    for session in Session.objects.filter(expire_date__gt=timezone.now()).iterator():
        if session.get_decoded().get("_auth_user_id") == str(user.pk):
            session.delete()


@transaction.atomic
def give_role(grant: RoleGrant, *, by: User) -> RoleGrant:
    """Store a new or changed grant. Nobody gives a role to themselves."""
    if grant.user_id == by.pk:
        errors.refuse([errors.Reason("own-role", "Somebody else has to change your roles.")])
    before = RoleGrant.objects.filter(pk=grant.pk).values("role", "from_on", "until_on").first() or {}
    grant.given_at, grant.given_by = timezone.now(), by
    grant.save()

    after = {"role": grant.role, "from_on": grant.from_on, "until_on": grant.until_on}
    audit.record("user.role_given", grant.user, by=by, changes=audit.difference(before, after))
    return grant
