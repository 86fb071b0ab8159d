"""The visits of a day as a file: what the board shows of each. Of a restricted record only its initials."""

from collections.abc import Iterable, Iterator

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clinic import formats
from treatments.rules.board.today import BoardRow

HEAD = (
    gettext_lazy("Time"), gettext_lazy("Patient"), gettext_lazy("Reference"), gettext_lazy("With"),
    gettext_lazy("Health questions"), gettext_lazy("Consent"), gettext_lazy("Status"), gettext_lazy("Note"),
)  # fmt: skip
STATES = {
    "in_room": gettext_lazy("In a room"),
    "arrived": gettext_lazy("Waiting"),
    "left": gettext_lazy("Completed"),
}


def table(rows: Iterable[BoardRow]) -> tuple[tuple, Iterator[list]]:
    return HEAD, (_hidden(row) if row.hidden else _cells(row) for row in rows)


def _cells(row: BoardRow) -> list:
    visit = row.visit
    return [
        formats.clock(visit.booked_for), visit.patient.listed_name, visit.patient.ref,
        visit.therapist.display_name, row.screening.label, row.consent.label,
        STATES.get(row.state) or _("Expected"), visit.desk_note,
    ]  # fmt: skip


def _hidden(row: BoardRow) -> list:
    visit = row.visit
    who = f"{visit.patient.initials} · {_('Restricted record')}"
    # technical: the two columns that stand before
    return [formats.clock(visit.booked_for), who, *[""] * (len(HEAD) - 2)]
