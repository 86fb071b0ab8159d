"""Why nobody changes their own access: the only administrator would shut everybody out."""

from django.utils.translation import gettext_lazy

from clinic.models import User
from clinic.values.errors import Reason

ONLY_ADMINISTRATOR = gettext_lazy("You are the only administrator. Give somebody else the role first.")
NOBODY_LEFT = gettext_lazy(
    "In the end nobody would be an administrator. Give somebody else the role without a last day first."
)
OWN_ACCOUNT = gettext_lazy("This is your own account. Another administrator closes it.")
OWN_ROLES = gettext_lazy("Somebody else has to change your roles.")


def closing_reasons(user: User, *, by: User, is_only_administrator: bool) -> list[Reason]:
    if user.pk != by.pk:
        return []
    message = str(ONLY_ADMINISTRATOR if is_only_administrator else OWN_ACCOUNT)
    return [Reason("own-account", message, field="is_active")]


def role_reasons(user: int | None, *, by: User) -> list[Reason]:
    """`user` is the key of the account whose roles are changed, None for one that is new."""
    return [Reason("own-role", str(OWN_ROLES))] if user == by.pk else []


def last_administrator_reasons(
    *, was_lasting: bool, is_lasting: bool, has_other: bool, field: str
) -> list[Reason]:
    """Somebody always holds the role without a last day: nobody could give it to anybody after that.

    `has_other`: another open account holds it without a last day.
    """
    ends = was_lasting and not is_lasting and not has_other
    return [Reason("last-administrator", str(NOBODY_LEFT), field=field)] if ends else []
