"""Changes of accounts: one-time passwords, roles, second factors, ended sign-ins."""

import secrets

from allauth.mfa.models import Authenticator
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from clinic import audit
from clinic.actions import practice
from clinic.models import RoleGrant, User
from clinic.rules import accounts
from clinic.rules import taking_away as taking_away_rules
from clinic.selectors import accounts as account_selectors
from clinic.selectors import taking_away
from clinic.signin import lockout
from clinic.values import errors, references

GROUPS, GROUP_LENGTH = 5, 4
ONE_TIME = ("one_time_password_at", "one_time_password_by", "one_time_password_used_at")


@transaction.atomic
def give_one_time_password(user: User, *, by: User) -> str:
    """Set a password that leads to choosing an own one. It is returned once and not stored; sign-ins end."""
    user = User.objects.select_for_update(of=("self",)).get(pk=user.pk)
    if user.pk == by.pk:
        errors.refuse([errors.Reason("own-account", _("Change your own password on the password page."))])

    password = "-".join(
        "".join(secrets.choice(references.ALPHABET) for _letter in range(GROUP_LENGTH)).lower()
        for _group in range(GROUPS)
    )
    user.set_password(password)
    user.one_time_password_at, user.one_time_password_by = timezone.now(), by
    user.one_time_password_used_at = None
    user.save(update_fields=["password", "password_needs_factor", *ONE_TIME])
    end_sign_ins(user)
    lockout.clear(user)

    audit.record("user.one_time_password", user, by=by)
    return password


@transaction.atomic
def end_one_time_password(user: User) -> None:
    """Called when somebody has chosen their own password."""
    User.objects.filter(pk=user.pk).update(**dict.fromkeys(ONE_TIME))

    audit.record("user.password_changed", user, by=user)


@transaction.atomic
def reset_factors(user: User, *, by: User) -> int:
    """Remove every second factor of somebody who lost them and end their sign-ins. Returns their number."""
    user = User.objects.select_for_update(of=("self",)).get(pk=user.pk)
    if user.pk == by.pk:
        own = _("Change your own two-step verification in the menu under your name.")
        errors.refuse([errors.Reason("own-account", own)])

    kinds = sorted(Authenticator.objects.filter(user=user).values_list("type", flat=True))
    Authenticator.objects.filter(user=user).delete()
    end_sign_ins(user)
    lockout.clear(user)

    audit.record("user.factors_reset", user, by=by, changes={"factors": [kinds, []]})
    return len(kinds)


@transaction.atomic
def close(user: User, *, by: User) -> None:
    """Close the account of somebody who left. Nothing is deleted; every sign-in ends."""
    lock_administration()
    user = User.objects.select_for_update(of=("self",)).get(pk=user.pk)
    errors.refuse(closing_reasons(user, by=by))

    user.is_active = False
    user.save(update_fields=["is_active"])
    end_sign_ins(user)

    audit.record("user.closed", user, by=by, changes={"is_active": [True, False]})


def closing_reasons(user: User, *, by: User) -> list[errors.Reason]:
    """Why this account stays open: one's own, the last with a role, or one with work that waits."""
    found = accounts.closing_reasons(
        user, by=by, is_only_administrator=account_selectors.is_only_administrator(user)
    )
    for role in accounts.LAST_OF:
        found += accounts.last_holder_reasons(
            role,
            was_lasting=account_selectors.holds_lastingly(user.pk, role),
            is_lasting=False,
            has_other=account_selectors.has_other_lasting(user.pk, role),
            field="is_active",
        )
    return [*found, *taking_away_rules.account_reasons(taking_away.on_account(user))]


def end_sign_ins(user: User) -> None:
    """End every open sign-in of this user: the next request of each has to sign in."""
    User.objects.filter(pk=user.pk).update(sign_in_series=F("sign_in_series") + 1)
    user.refresh_from_db(fields=["sign_in_series"])


def lock_administration() -> None:
    """One administrator at a time changes accounts: two who close each other would leave nobody."""
    practice.locked()


@transaction.atomic
def give_role(grant: RoleGrant, *, by: User) -> RoleGrant:
    """Store a new or changed grant; open sign-ins end. Nobody gives a role to themselves."""
    errors.refuse(accounts.role_reasons(grant.user_id, by=by))
    stored = RoleGrant.objects.filter(pk=grant.pk).values("role", "from_on", "until_on").first()
    before: dict = {**stored} if stored else {}
    grant.given_at, grant.given_by = timezone.now(), by
    grant.save()
    end_sign_ins(grant.user)

    after = {"role": grant.role, "from_on": grant.from_on, "until_on": grant.until_on}
    audit.record("user.role_given", grant.user, by=by, changes=audit.difference(before, after))
    return grant
