"""A therapist's own day in the order of the work: who is in a room, who is next, who has left."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from treatments.rules.board.today import BoardRow

# Who is here stands before who is expected; each group by time.
ORDER = ("in_room", "arrived", "expected")
# Steps of somebody who is here and not treated yet.
STEPS_BEFORE_TREATMENT = {"open", "session", "without", "review", "ask-aloud", "ask-intake", "consent"}


@dataclass(frozen=True)
class OwnRow:
    """A line of the therapist's day. `turn` is “Now”, “Next” or blank."""

    line: BoardRow
    turn: str = ""
    is_now: bool = False
    is_up_next: bool = False


@dataclass(frozen=True)
class OwnDay:
    """Whose turn it is and who has still to come; and the visits of today that are over."""

    ahead: list[OwnRow]
    done: list[OwnRow]

    @property
    def to_sign(self) -> int:
        """Visits that are over and whose note their therapist has still to sign."""
        return sum(row.line.is_unsigned for row in self.done)


def of(lines: list[BoardRow], *, is_today: bool) -> OwnDay:
    """The day of these visits, which come by time. Another day than today is a list by time."""
    if not is_today:
        return OwnDay([OwnRow(line) for line in lines], [])
    ahead = sorted((line for line in lines if line.state in ORDER), key=_place)
    after_now = next((line for line in ahead if line.state != "in_room"), None)
    turn = up_next(ahead)
    return OwnDay(
        [OwnRow(line, _turn(line, after_now), line.state == "in_room", line is turn) for line in ahead],
        [OwnRow(line) for line in lines if line.state not in ORDER],
    )


def up_next(lines: list[BoardRow]) -> BoardRow | None:
    """The visit to turn to: the first whose patient is here, else the first that is expected."""
    here = [line for line in lines if line.state != "expected" and line.step.code in STEPS_BEFORE_TREATMENT]
    expected = [line for line in lines if line.state == "expected"]
    return next(iter(here + expected), None)


def _place(line: BoardRow) -> int:
    return ORDER.index(line.state)


def _turn(line: BoardRow, after_now: BoardRow | None) -> str:
    return _("Now") if line.state == "in_room" else _("Next") if line is after_now else ""
