"""The first administrator of a practice: an account without a password, and the link that gives it one."""

import datetime as dt
import secrets

from django.db import transaction
from django.utils import timezone

from clinic import audit
from clinic.actions import accounts
from clinic.models import Role, RoleGrant, User
from clinic.models.first_start import FirstLink
from clinic.rules import first_start
from clinic.selectors import first_start as selectors
from clinic.values import errors


@transaction.atomic
def begin(*, first_name: str, last_name: str, username: str) -> str:
    """Make the first administrator, and return the token of their link. It is not stored."""
    accounts.lock_administration()
    errors.refuse(
        first_start.beginning_reasons(is_demo=selectors.is_demo(), administrator=selectors.administrator())
    )
    errors.refuse(
        first_start.name_reasons(
            first_name=first_name,
            last_name=last_name,
            username=username,
            is_taken=selectors.is_taken(username),
        )
    )

    owner = User(username=username, first_name=first_name, last_name=last_name)
    # their times are those of the place
    owner.location = selectors.first_place()
    owner.set_unusable_password()
    owner.save()
    RoleGrant.objects.create(user=owner, role=Role.ADMIN)
    token = _new_link(owner)

    audit.record("user.first_administrator", owner, by=None)
    return token


@transaction.atomic
def renew() -> tuple[User, str]:
    """A new link for the administrator who never used theirs; the former one ends."""
    accounts.lock_administration()
    holders = selectors.administrators()
    first = next(iter(holders), None)
    errors.refuse(first_start.renewing_reasons(is_demo=selectors.is_demo(), administrator=first))

    owner = holders[0]
    token = _new_link(owner)

    audit.record("user.first_link_renewed", owner, by=None)
    return owner, token


@transaction.atomic
def choose_password(token: str, password: str) -> User:
    """Use the link up, once: of two who send it at the same time, one does."""
    now = timezone.now()
    link = selectors.open_link(token, at=now)
    keys = [link.pk] if link is not None else []
    used = FirstLink.objects.filter(pk__in=keys, ended_at=None).update(ended_at=now)
    errors.refuse(first_start.link_reasons(is_open=bool(used)))

    links = FirstLink.objects.filter(pk__in=keys)
    owner = User.objects.select_for_update(of=("self",)).get(pk__in=links.values("user"))
    owner.set_password(password)
    owner.save(update_fields=["password", "password_needs_factor"])

    audit.record("user.first_link_used", owner, by=owner)
    return owner


def _new_link(owner: User) -> str:
    token, now = secrets.token_urlsafe(first_start.TOKEN_BYTES), timezone.now()
    FirstLink.objects.filter(user=owner, ended_at=None).update(ended_at=now)
    FirstLink.objects.create(
        user=owner,
        digest=first_start.digest_of(token),
        expires_at=now + dt.timedelta(hours=first_start.LINK_HOURS),
    )
    return token
