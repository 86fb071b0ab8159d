"""Sites typed at an even pace, by codes or as a line, and what must be stored of them."""

import datetime as dt
import itertools

from django.utils import timezone
from playwright.sync_api import expect

from tests import factories
from tests.browser import network

CODES = ("vl", "ga", "so", "tma", "ecrb", "brd", "ta")
# They lie over the lung: their depth is typed as well.
DEPTHS = {"tma": "15"}
OVER_LUNG = (*DEPTHS, "rho")
PACES, DELAYS = (30, 80, 120, 200), (0, 300, 1000, 2000)  # ms a key, ms until the server answers
MOST = 12  # rows a draft


def habit(reception, therapist, patient) -> None:
    """Sites of last week, from which needle, technique, tissue and depth are proposed.

    Over the lung those of the same `patient` alone propose.
    """
    at = timezone.now() - dt.timedelta(days=7)
    other = factories.patient(reception, family_name="Otherwood")
    for treated, codes in ((other, CODES), (patient, OVER_LUNG)):
        past = factories.session(treated, therapist, opened_at=at, started_at=at, ended_at=at)
        for code in codes:
            factories.site(past, code, insertions=2, added_at=at)


def rows_of(number: int) -> list[tuple]:
    """(code, side, insertions, twitches) of so many rows; no two rows that follow each other are alike."""
    each = zip(
        itertools.cycle(CODES),
        itertools.cycle("rll"),
        itertools.cycle("23145"),
        itertools.cycle("1203"),
        strict=False,
    )
    return list(itertools.islice(each, number))


def press(page, key: str, pace: int) -> None:
    """One key, and the time until the next one."""
    page.keyboard.press(key, delay=pace)


def type_row(page, row: tuple, pace: int) -> None:
    code, side, insertions, twitches = row
    depth = ("Tab", *DEPTHS[code]) if code in DEPTHS else ()
    for key in (*code, "Enter", side, insertions, "Tab", twitches, *depth, "Enter"):
        press(page, key, pace)


def type_line(page, row: tuple, pace: int) -> None:
    code, side, insertions, twitches = row
    depth = f" d{DEPTHS[code]}" if code in DEPTHS else ""
    page.keyboard.type(f"{code} {side} {insertions} t{twitches}{depth}", delay=pace)
    press(page, "Enter", pace)


WAYS = {"by codes": type_row, "by shorthand": type_line}


def begin(page, way: str) -> None:
    """The focus in the field where the first row is typed."""
    if way == "by shorthand":
        page.locator("#line summary").press("Enter")
        page.locator("[data-line]").focus()
    else:
        page.locator("#id_muscle").focus()


def wait_until_saved(page) -> None:
    expect(page.locator("[data-rows] li")).to_have_count(0, timeout=60_000)
    network.assert_saved(page)


def stored(draft) -> list[tuple]:
    sites = draft.sites.select_related("muscle").order_by("number")
    return [
        (
            site.muscle.code if site.muscle else site.unlisted_name,
            site.side[0],
            str(site.insertions),
            str(site.twitches),
        )
        for site in sites
    ]
