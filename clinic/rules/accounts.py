"""Why nobody changes their own access, and why somebody always is an administrator and a lead."""

from django.utils.translation import gettext_lazy

from clinic.models import Role, User
from clinic.values.errors import Reason
from clinic.values.words import Text

ONLY_ADMINISTRATOR = gettext_lazy("You are the only administrator. Give somebody else the role first.")
NOBODY_LEFT = gettext_lazy(
    "In the end nobody would be an administrator. Give somebody else the role without a last day first."
)
NO_LEAD_LEFT = gettext_lazy(
    "In the end nobody would be a clinical lead: nobody could close drafts, approve limits or read the "
    "audit. Give somebody else the role without a last day first."
)
OWN_ACCOUNT = gettext_lazy("This is your own account. Another administrator closes it.")
OWN_ROLES = gettext_lazy("Somebody else has to change your roles.")
# the roles that somebody always holds
LAST_OF: dict[str, tuple[str, Text]] = {
    Role.ADMIN: ("last-administrator", NOBODY_LEFT),
    Role.LEAD: ("last-lead", NO_LEAD_LEFT),
}


def closing_reasons(user: User, *, by: User, is_only_administrator: bool) -> list[Reason]:
    if user.pk != by.pk:
        return []
    message = str(ONLY_ADMINISTRATOR if is_only_administrator else OWN_ACCOUNT)
    return [Reason("own-account", message, field="is_active")]


def role_reasons(user: int | None, *, by: User) -> list[Reason]:
    """`user` is the key of the account whose roles are changed, None for one that is new."""
    return [Reason("own-role", str(OWN_ROLES))] if user == by.pk else []


def last_holder_reasons(
    role: str, *, was_lasting: bool, is_lasting: bool, has_other: bool, field: str
) -> list[Reason]:
    """Somebody always holds the role without a last day: nobody could do its work, or give it, after that.

    `has_other`: another open account holds it without a last day.
    """
    if not was_lasting or is_lasting or has_other:
        return []
    code, message = LAST_OF[role]
    return [Reason(code, str(message), field=field)]
