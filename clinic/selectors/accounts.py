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


def holds_role_lastingly(user: int | None) -> bool:
    """Whether this open account holds the role of an administrator without a last day."""
    return _lasting_administrators().filter(pk=user).exists()


def has_other_lasting_administrator(user: int | None) -> bool:
    return _lasting_administrators().exclude(pk=user).exists()


def _lasting_administrators():
    lasting = RoleGrant.objects.filter(role=Role.ADMIN, until_on=None).values("user")
    return User.objects.holding(Role.ADMIN).filter(pk__in=lasting)
