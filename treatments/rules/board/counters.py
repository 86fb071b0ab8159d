"""The counters of today's board, its filters: where people are, what is to do, and whose job it is."""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from clinic.access import Permission, may
from clinic.values.words import Text
from treatments.rules.board.next_step import ASK, REVIEW, STOP
from treatments.rules.board.today import BoardRow


@dataclass(frozen=True)
class Counter:
    """One counter. `kind` is set where the reader has something to do, and chooses shape and colour."""

    name: str
    label: Text
    count: int
    kind: str = ""


@dataclass(frozen=True)
class Job:
    """What waits at some visits: for whoever holds the permission, else it is called somebody's."""

    name: str
    label: Text
    kind: str
    permission: Permission
    whose: Text
    # whether it has no counter while nothing waits
    seldom: bool = False


PLACES = (("waiting", _("Waiting")), ("room", _("In a room")), ("left", _("Completed")))
JOBS = (
    Job("consent", _("No valid consent"), "stop", Permission.CONSENT_TAKE, _("desk")),
    Job(ASK, _("To ask"), "caution", Permission.SCREENING_HAND_OVER, _("desk")),
    Job(REVIEW, _("To review"), "caution", Permission.SCREENING_REVIEW, _("therapist")),
    Job(STOP, _("Stop"), "stop", Permission.SCREENING_REVIEW, _("therapist")),
    Job("duty", _("Direct access"), "caution", Permission.ALERTS_EDIT, _("desk"), seldom=True),
)


def places(lines: list[BoardRow]) -> list[Counter]:
    return [Counter(name, label, len(filtered(lines, name))) for name, label in PLACES]


def jobs(lines: list[BoardRow], *, user, show: str) -> list[Counter]:
    """Somebody else's job is there as long as there is one, or while it is shown."""
    counted = [(job, len(filtered(lines, job.name))) for job in JOBS]
    return [
        _job_counter(job, count, user=user)
        for job, count in counted
        if count or job.name == show or (may(user, job.permission) and not job.seldom)
    ]


def filtered(lines: list[BoardRow], show: str) -> list[BoardRow]:
    """The rows that a counter counts; without one, and for an unknown one, whoever has not left."""
    matches = FILTERS.get(show, _has_not_left)
    return [line for line in lines if matches(line)]


def _job_counter(job: Job, count: int, *, user) -> Counter:
    is_mine = may(user, job.permission)
    label = job.label if is_mine else f"{job.label}, {job.whose}"
    return Counter(job.name, label, count, job.kind if is_mine and count else "")


def _is_ahead(line: BoardRow) -> bool:
    """Still to be treated, and open to the reader: nobody has a job in a record that they cannot open."""
    return line.state in ("expected", "arrived", "in_room") and not line.hidden


def _has_not_left(line: BoardRow) -> bool:
    return line.state != "left"


def _lacks_consent(line: BoardRow) -> bool:
    return _is_ahead(line) and line.consent.kind == "stop"


def _has_duty(line: BoardRow) -> bool:
    return _is_ahead(line) and bool(line.duties)


def _is_in(state: str) -> Callable[[BoardRow], bool]:
    return lambda line: line.state == state


def _has_open(part: str) -> Callable[[BoardRow], bool]:
    return lambda line: _is_ahead(line) and part in line.open_screening


# {value of the query parameter: test of a row}
FILTERS: dict[str, Callable[[BoardRow], bool]] = {
    "waiting": _is_in("arrived"),
    "room": _is_in("in_room"),
    "consent": _lacks_consent,
    ASK: _has_open(ASK),
    REVIEW: _has_open(REVIEW),
    STOP: _has_open(STOP),
    "duty": _has_duty,
    "left": _is_in("left"),
}
