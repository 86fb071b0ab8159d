"""What a page or a command says about a file that was read, and about one that was brought in."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from clinic import formats
from patients.rules.bringing_in.rows import Judged


@dataclass(frozen=True)
class Words:
    """`likely_title` and `likely` stand over the rows that somebody should look at once more."""

    new: str
    likely_title: str
    likely: str
    # nothing where no row stands already
    standing: str
    button: str


def of_patients(judged: Judged) -> Words:
    new, likely, standing = len(judged.new), len(judged.likely), len(judged.standing)
    return Words(
        _counted(
            ngettext(
                "%(count)s patient would be registered.", "%(count)s patients would be registered.", new
            ),
            new,
        ),
        _("Likely the same person"),
        _counted(
            ngettext(
                "%(count)s row. It becomes a new patient unless you leave it out of the file.",
                "%(count)s rows. Each becomes a new patient unless you leave it out of the file.",
                likely,
            ),
            likely,
        ),
        standing_patients(standing) if standing else "",
        _("Register them"),
    )


def standing_patients(count: int) -> str:
    return _counted(
        ngettext(
            "%(count)s row is somebody who is registered with this number: left as they are.",
            "%(count)s rows are people who are registered with these numbers: left as they are.",
            count,
        ),
        count,
    )


def registered(count: int) -> str:
    return _counted(
        ngettext("%(count)s patient is registered.", "%(count)s patients are registered.", count), count
    )


def of_bookings(judged: Judged) -> Words:
    new, likely, standing = len(judged.new), len(judged.likely), len(judged.standing)
    return Words(
        _counted(ngettext("%(count)s visit would be booked.", "%(count)s visits would be booked.", new), new),
        _("Two visits at one time"),
        _counted(
            ngettext(
                "%(count)s time is taken. It is booked twice unless you correct the file.",
                "%(count)s times are taken. They are booked twice unless you correct the file.",
                likely,
            ),
            likely,
        ),
        standing_bookings(standing) if standing else "",
        _("Book them"),
    )


def standing_bookings(count: int) -> str:
    return _counted(
        ngettext(
            "%(count)s row is booked already: left as it is.",
            "%(count)s rows are booked already: left as they are.",
            count,
        ),
        count,
    )


def booked(count: int) -> str:
    return _counted(ngettext("%(count)s visit is booked.", "%(count)s visits are booked.", count), count)


def _counted(sentence: str, count: int) -> str:
    return sentence % {"count": formats.whole(count)}
