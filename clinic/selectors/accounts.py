"""Users with their current roles."""

from clinic.models import User


def with_roles(pk: int) -> User:
    """The user with current roles, which may have changed since the sign-in."""
    return User.objects.with_roles().get(pk=pk)
