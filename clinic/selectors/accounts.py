"""Users with their current roles."""

from clinic.models import Role, RoleGrant, User


def with_roles(pk: int) -> User:
    """The user with current roles, which may have changed since the sign-in."""
    return User.objects.with_roles().get(pk=pk)


def is_administrator(user: User) -> bool:
    """By what is stored now, whatever the sign-in knew."""
    return User.objects.holding(Role.ADMIN).filter(pk=user.pk).exists()


def is_only_administrator(user: User) -> bool:
    return not User.objects.holding(Role.ADMIN).exclude(pk=user.pk).exists()


def holds_lastingly(user: int | None, role: str) -> bool:
    """Whether this open account holds the role without a last day."""
    return _lasting(role).filter(pk=user).exists()


def has_other_lasting(user: int | None, role: str) -> bool:
    return _lasting(role).exclude(pk=user).exists()


def _lasting(role: str):
    lasting = RoleGrant.objects.filter(role=role, until_on=None).values("user")
    return User.objects.holding(role).filter(pk__in=lasting)
