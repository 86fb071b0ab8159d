"""Why nobody changes their own access: the only administrator would shut everybody out."""

from clinic.models import User
from clinic.values.errors import Reason

ONLY_ADMINISTRATOR = "You are the only administrator. Give somebody else the role first."
OWN_ACCOUNT = "This is your own account. Another administrator closes it."
OWN_ROLES = "Somebody else has to change your roles."


def closing_reasons(user: User, *, by: User, is_only_administrator: bool) -> list[Reason]:
    if user.pk != by.pk:
        return []
    message = ONLY_ADMINISTRATOR if is_only_administrator else OWN_ACCOUNT
    return [Reason("own-account", message, field="is_active")]


def role_reasons(user: int | None, *, by: User) -> list[Reason]:
    """`user` is the key of the account whose roles are changed, None for one that is new."""
    return [Reason("own-role", OWN_ROLES)] if user == by.pk else []
