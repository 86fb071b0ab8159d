"""Confinement of a device in a patient's hands to a few pages, which higher floors register.

The login session of such a device holds the key of its confinement; `clinic.middleware.confined_device`
redirects every other address. Pages of staff that are open in other tabs of that browser are covered by a
script: it reads a cookie that says no more than that the device is confined, also after the tab slept.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

# Read by `clinic/static/clinic/handed_over.js`, so it is no secret and holds nothing.
COOKIE = "handed_over"


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


def tell_other_tabs(request: HttpRequest, response: HttpResponse) -> None:
    """Set or remove the cookie where it does not say what the login session says."""
    is_confined = confinement_of(request.session) is not None
    if is_confined == (COOKIE in request.COOKIES):
        return
    if is_confined:
        secure = settings.SESSION_COOKIE_SECURE
        response.set_cookie(COOKIE, "1", secure=secure, samesite="Lax")
    else:
        response.delete_cookie(COOKIE, samesite="Lax")


def addresses() -> tuple[str, ...]:
    """The URL prefixes of all confinements."""
    return tuple(confinement.address for confinement in CONFINEMENTS.values())
