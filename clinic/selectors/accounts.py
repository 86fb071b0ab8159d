"""People who sign in, with the roles that they hold now."""

from clinic.models import User


def with_roles(pk: int) -> User:
    """Read anew: what was known at sign-in may have changed since."""
    return User.objects.with_roles().get(pk=pk)
