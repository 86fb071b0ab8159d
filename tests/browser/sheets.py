"""Pages as Chromium prints them: what each sheet says, and how far down it is filled."""

import io
import re
from dataclasses import dataclass

from pypdf import PageObject, PdfReader

from clinic import formats

A_THIRD = 1 / 3
# Where the number of the page stands, beneath what is printed.
FOOT = 45  # points


@dataclass(frozen=True)
class Sheet:
    """One printed page. `fullness` is how much of its height lies above its lowest line."""

    text: str
    fullness: float


def printed(page, address: str) -> list[Sheet]:
    """What the browser prints of an address, on Letter paper."""
    page.goto(address)
    leaves = PdfReader(io.BytesIO(page.pdf(format="Letter"))).pages
    return [Sheet(re.sub(r"\s+", " ", leaf.extract_text()), _fullness(leaf)) for leaf in leaves]


def names_the_patient(text: str, patient) -> bool:
    """Name, birth date and reference stand on the sheet."""
    born = formats.day(patient.born)
    return patient.family_name.casefold() in text.casefold() and born in text and patient.ref in text


def _fullness(leaf: PageObject) -> float:
    height, lines = float(leaf.mediabox.height), []

    def note(text: str, page_matrix, text_matrix, *_) -> None:
        at = page_matrix[1] * text_matrix[4] + page_matrix[3] * text_matrix[5] + page_matrix[5]
        if text.strip() and at > FOOT:
            lines.append(at)

    leaf.extract_text(visitor_text=note)
    return 1 - min(lines, default=height) / height
