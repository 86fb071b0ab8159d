"""When a practice may be begun at the machine, and what the link of its first administrator is."""

import hashlib

from django.contrib.auth.validators import UnicodeUsernameValidator
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from clinic.models import User
from clinic.values.errors import Reason

# own choice: whoever prints the link opens it in the same morning, or on the next
LINK_HOURS = 24
# technical: bytes of the token, as many as its digest has
TOKEN_BYTES = 32


def digest_of(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def beginning_reasons(*, is_demo: bool, administrator: User | None) -> list[Reason]:
    """Why no first administrator is made. `administrator`: an open account that holds the role today."""
    if is_demo:
        message = _(
            "This database holds the demo practice. Name another one, such as "
            "DATABASE_URL=sqlite:///practice.sqlite3, in the environment or in .env."
        )
        return [Reason("demo-practice", message)]
    if administrator is None:
        return []
    if waits_for_link(administrator):
        message = _(
            "This practice has an administrator who never used their link: %(username)s. "
            "Print a new one with `python manage.py practice --new-link`; the former one ends."
        )
        return [Reason("link-unused", message % {"username": administrator.username})]
    message = _(
        "This practice has an administrator already: %(username)s. Further accounts are made in the "
        "administration, under Users; whoever is locked out gets a one-time password there."
    )
    return [Reason("has-administrator", message % {"username": administrator.username})]


def name_reasons(*, first_name: str, last_name: str, username: str, is_taken: bool) -> list[Reason]:
    found = []
    if not (first_name and last_name):
        message = _("Write the owner's first and last name, such as “Dana Rivera”.")
        found.append(Reason("name-missing", message))
    try:
        UnicodeUsernameValidator()(username)
        User._meta.get_field("username").run_validators(username)
    except ValidationError:
        message = _("A sign-in name has letters, digits and @ . + - _ only, 150 at most, such as “dana”.")
        found.append(Reason("sign-in-name-odd", message))
    if is_taken:
        message = _("Somebody signs in as “%(username)s” already. Choose another sign-in name.")
        found.append(Reason("sign-in-name-taken", message % {"username": username}))
    return found


def waits_for_link(user: User) -> bool:
    """Made here, and no password was ever chosen or given."""
    return not user.has_usable_password()


def link_reasons(*, is_open: bool) -> list[Reason]:
    message = _("This link was used, was replaced by a newer one, or has ended.")
    return [] if is_open else [Reason("link-ended", message)]


def renewing_reasons(*, is_demo: bool, administrator: User | None) -> list[Reason]:
    """Why no new link is made: there is somebody to use it, or nobody yet."""
    if administrator is None and not is_demo:
        message = _(
            "This practice has no administrator yet. Run `python manage.py practice` without --new-link."
        )
        return [Reason("no-administrator", message)]
    reasons = beginning_reasons(is_demo=is_demo, administrator=administrator)
    return [reason for reason in reasons if reason.code != "link-unused"]
