"""A device in a patient's hands stays on a few pages. Higher floors say which, as they are wired.

The login session of such a device holds the key of its confinement; `clinic.middleware.confined` leads every
other address back.
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
# Where the links of patients begin, by what they lead to. They answer on any device: they know no sign-in.
PATIENT_LINKS: dict[str, str] = {}


def confinement_of(session: Mapping) -> Confinement | None:
    """The confinement of a device, by its login session."""
    held = (one for one in CONFINEMENTS.values() if session.get(one.session_key) is not None)
    return next(held, None)


def addresses() -> tuple[str, ...]:
    """Where the pages of all confinements begin."""
    return tuple(one.address for one in CONFINEMENTS.values())
