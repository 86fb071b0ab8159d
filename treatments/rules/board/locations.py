"""The board of a practice with more than one place: the visits of one of them."""

from dataclasses import dataclass

from treatments.rules.board.today import BoardRow


@dataclass(frozen=True)
class PlaceChoice:
    """One place of the day's visits, as it can be chosen."""

    code: str
    name: str
    count: int
    chosen: bool


def choices(lines: list[BoardRow], *, chosen: str) -> list[PlaceChoice]:
    """The places of the day by name; empty where there is one and it was not chosen."""
    places = {line.visit.location.code: line.visit.location for line in lines}
    if len(places) < 2:
        return []
    found = sorted(places.values(), key=lambda place: (place.name, place.code))
    return [
        PlaceChoice(place.code, place.name, len(at(lines, place.code)), place.code == chosen)
        for place in found
    ]


def at(lines: list[BoardRow], code: str) -> list[BoardRow]:
    """The visits at that place; all of them where nobody has one with this code."""
    return [line for line in lines if line.visit.location.code == code] or lines
