"""Confinement of a device in a patient's hands to a few pages, which higher floors register.

The login session of such a device holds the key of its confinement; `clinic.middleware.confined_device`
redirects every other address.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from django.urls import reverse


@dataclass(frozen=True)
class Confinement:
    """While the login session holds `session_key`, only the pages below the URL named `home` answer."""

    session_key: str
    home: str

    @property
    def address(self) -> str:
        return reverse(self.home)


CONFINEMENTS: dict[str, Confinement] = {}
# URL prefixes of patient links by purpose. They answer on any device, since they need no sign-in.
PATIENT_LINKS: dict[str, str] = {}


def confinement_of(session: Mapping) -> Confinement | None:
    """The confinement of a device, by its login session."""
    matching = (
        confinement
        for confinement in CONFINEMENTS.values()
        if session.get(confinement.session_key) is not None
    )
    return next(matching, None)


def addresses() -> tuple[str, ...]:
    """The URL prefixes of all confinements."""
    return tuple(confinement.address for confinement in CONFINEMENTS.values())
