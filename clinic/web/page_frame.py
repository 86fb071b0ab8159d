"""The page frame of every staff page: the practice, the navigation and needles that are still in."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from weakref import WeakKeyDictionary

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext_lazy

from clinic import access
from clinic.django_internals.prepared import PreparedQuery
from clinic.models import Location, Practice, Role, User
from clinic.models.rows import RelatedRows


@dataclass(frozen=True)
class NavItem:
    label: str
    url_name: str
    permission: access.Permission
    # The name of the count beside the label, one of `NAV_COUNTS`.
    count: str = ""
    # what the names of the pages below it begin with
    within: str = ""

    def leads_to(self, view_name: str) -> bool:
        return view_name == self.url_name or bool(self.within and view_name.startswith(self.within))


NAVIGATION: list[NavItem] = []
# The rooms with needles in, [{"room", "count"}]: one of the annotations that higher floors register.
ROOMS_WITH_NEEDLES = "rooms_with_needles"
# Annotations (name -> expression) for the query that reads the practice row. Higher floors register them.
# Each is made of a user, the time `at`, and the `midnight` of their day: None for who sees no board.
NAV_COUNTS: dict[str, Callable] = {}
# The same for the board alone: PostgreSQL plans them as long as all the rest of the practice's statement.
BOARD_ROWS: dict[str, Callable] = {}

# What a device was set to, in a cookie: a choice of the screen in the room, not of the person.
THEME_COOKIE = "theme"
THEMES = {"light": gettext_lazy("Light"), "dark": gettext_lazy("Dark"), "": gettext_lazy("System")}

# The practice row by request, for as long as the request lasts, and whether with the rows of the board.
_READ: WeakKeyDictionary[HttpRequest, tuple[Practice, bool]] = WeakKeyDictionary()


def practice_for(request: HttpRequest, *, board: bool = False) -> Practice:
    """The practice row with the registered counts, read once per request. The board asks for its rows too."""
    practice, has_board = _READ.get(request, (None, False))
    if practice is None or board and not has_board:
        practice = _practice_of(request.user, board)
        _READ[request] = practice, board
    return practice


def _practice_of(user, board: bool) -> Practice:
    roles = frozenset(role for role in Role if getattr(user, f"has_{role.value}", False))
    at, midnight = timezone.now(), None
    if board and access.may(user, access.Permission.BOARD_VIEW):
        midnight = timezone.localtime(at).replace(hour=0, minute=0, second=0, microsecond=0)
    return PRACTICE.one(user=user.pk, roles=roles, at=at, midnight=midnight, board=board)


def _practice(
    user: int, roles: frozenset[Role], at: dt.datetime, midnight: dt.datetime | None, board: bool
) -> QuerySet[Practice]:
    asker = User(pk=user)
    for role in roles:
        setattr(asker, f"has_{role.value}", True)
    wanted = {**NAV_COUNTS, **(BOARD_ROWS if board else {})}
    counts = {name: expression(asker, at=at, midnight=midnight) for name, expression in wanted.items()}
    practice = Practice.objects.select_related("jurisdiction").annotate(**counts)
    return practice.annotate(place_rules=_place_rules()).filter(pk=1)


def _place_rules() -> RelatedRows:
    """What is asked of direct access at each place that has state rules of its own."""
    places = Location.objects.filter(jurisdiction__isnull=False).order_by("pk")
    return RelatedRows(
        places,
        location="pk",
        name="jurisdiction__name",
        notice_days="jurisdiction__direct_access_notice_days",
        visits="jurisdiction__no_improvement_visits",
        days="jurisdiction__no_improvement_days",
        business="jurisdiction__business_days",
    )


PRACTICE = PreparedQuery(_practice)


def theme_of(request: HttpRequest) -> str:
    """Light or dark, as it was chosen on this device; nothing follows the device's own setting."""
    chosen = request.COOKIES.get(THEME_COOKIE, "")
    return chosen if chosen in THEMES else ""


def page_frame(request: HttpRequest) -> dict:
    """Context processor. Lazy: a page that shows no frame costs no query."""
    theme = theme_of(request)
    if not getattr(request, "user", None) or not request.user.is_authenticated:
        return {"practice": SimpleLazyObject(_bare_practice), "page_frame": None, "theme": theme}
    return {
        "theme": theme,
        "practice": SimpleLazyObject(lambda: practice_for(request)),
        "page_frame": SimpleLazyObject(lambda: _frame(request)),
    }


def _bare_practice() -> Practice:
    return Practice.objects.get(pk=1)


def _frame(request: HttpRequest) -> dict:
    practice = practice_for(request)
    granted = access.permissions_of(request.user)
    current = request.resolver_match.view_name if request.resolver_match else ""
    nav = [
        {
            "label": item.label,
            "url_name": item.url_name,
            "current": item.leads_to(current),
            "count": getattr(practice, item.count, 0) if item.count else 0,
        }
        for item in NAVIGATION
        if item.permission in granted
    ]
    return {
        "theme": theme_of(request),
        "themes": THEMES.items(),
        "lock_minutes": practice.idle_lock_minutes,
        "names_hidden": request.COOKIES.get("names") == "hidden",
        "nav": nav,
        "needles_in": getattr(practice, ROOMS_WITH_NEEDLES, []),
        "may_admin": access.Permission.ADMIN_ENTER in granted,
        "may_find": access.Permission.PATIENT_FIND in granted,
    }
