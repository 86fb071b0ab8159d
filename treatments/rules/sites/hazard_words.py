"""What lies near a muscle, in words: the codes of the catalogue and of the practice's own muscles."""

from collections.abc import Collection, Iterable

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clinic.values.errors import Reason
from clinic.values.words import Text

HAZARDS: dict[str, Text] = {
    "abd": gettext_lazy("Organs of the abdomen"),
    "cord": gettext_lazy("Spinal cord"),
    "deep": gettext_lazy("Lies deep"),
    "joint": gettext_lazy("A joint"),
    "lung": gettext_lazy("Lung"),
    "nv": gettext_lazy("Nerve or vessel"),
    "vert": gettext_lazy("Vertebral artery"),
}
# Between a hazard and its source, as the catalogue writes it.
SEPARATOR = ": "


def source_entries(lines: Iterable[str]) -> list[str]:
    """“Lung: the manual” as the catalogue has it, “lung: the manual”."""
    codes = {str(words).casefold(): code for code, words in HAZARDS.items()}
    parts = [line.partition(":") for line in lines]
    named = [
        (codes.get(name.strip().casefold(), name.strip().casefold()), source)
        for name, _colon, source in parts
    ]
    return [f"{code}{SEPARATOR}{source.strip()}" for code, source in named]


def source_reasons(entries: Iterable[str], hazards: Collection[str]) -> list[Reason]:
    """Why these sources cannot be kept: each is of a hazard that the muscle has."""
    found = [entry.partition(SEPARATOR) for entry in entries]
    if all(code in hazards and source for code, _colon, source in found):
        return []
    message = _(
        "Write one source on each line, after what lies near and a colon, such as Lung: course manual, "
        "page 12. Only what is ticked above has a source here."
    )
    return [Reason("hazard-source-unclear", message, field="hazard_sources")]


def hazards_text(codes: Collection[str]) -> str:
    """“lung, nerve or vessel”, in the order of the list; of a later release as the file has it."""
    known = [str(words).lower() for code, words in HAZARDS.items() if code in codes]
    return ", ".join([*known, *sorted(set(codes) - HAZARDS.keys())]) or _("nothing that is listed")
