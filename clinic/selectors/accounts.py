"""Users with their current roles."""

from clinic.models import Role, User


def with_roles(pk: int) -> User:
    """The user with current roles, which may have changed since the sign-in."""
    return User.objects.with_roles().get(pk=pk)


def is_administrator(user: User) -> bool:
    """By what is stored now, whatever the sign-in knew."""
    return User.objects.holding(Role.ADMIN).filter(pk=user.pk).exists()


def is_only_administrator(user: User) -> bool:
    return not User.objects.holding(Role.ADMIN).exclude(pk=user.pk).exists()
