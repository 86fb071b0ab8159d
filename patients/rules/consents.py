"""What a complete consent needs: ticked statements, regions, the right signer, a valid signature."""

import datetime as dt
import re
from collections.abc import Iterable

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop

from clinic import formats
from clinic.values.errors import Reason
from patients.models import Consent
from patients.rules import body_areas

Signer, Method = Consent.Signer, Consent.Method

# A young person cannot consent, and is not needled against their will either.
# A statement of the consent as the text's own are: it stands in the record in these words.
ASSENT = "The young person agrees to the treatment as well."
TICK_ALL = gettext_noop(
    "Tick every statement. If you do not agree with one of them, choose “I do not agree”."
)
FOR_A_MINOR = gettext_lazy("A parent, guardian or representative signs for a patient under 18.")
FOR_AN_ADULT = gettext_lazy("The patient or a legal representative signs.")
MAX_SIGNATURE = 20_000
# Fewer points than this is a touch by accident.
MIN_POINTS = 5

_POINT = r"\d{1,4},\d{1,4}"
_STROKES = re.compile(rf"{_POINT}(?: {_POINT})*(?:;{_POINT}(?: {_POINT})*)*")
_PATH = re.compile(r"(?:M\d{1,4} \d{1,4}(?:L\d{1,4} \d{1,4})+)+")


def sheet_of(stored: Consent) -> dict:
    """One consent as it is read and printed. `stored` comes with its patient, text, people and withdrawal."""
    names = {area.code: area.name for area in body_areas.current()}
    return {
        "consent": stored,
        "patient": stored.patient,
        "regions": [names.get(code, code) for code in stored.regions],
        "withdrawal": getattr(stored, "withdrawal", None),
        "is_drawn": stored.method == Consent.Method.DRAWN,
    }


def sheets_of(consents: Iterable[Consent]) -> list[dict]:
    """Several as they are printed one after the other; `above`: the words stand with an earlier one."""
    found: list[dict] = []
    printed: set[int] = set()
    for stored in consents:
        found.append({**sheet_of(stored), "above": stored.text_id in printed})
        if stored.text_id is not None:
            printed.add(stored.text_id)
    return found


def statements_for(statements: Iterable[str], *, minor: bool) -> list[str]:
    """The statements that have to be ticked, word for word."""
    return [*statements, ASSENT] if minor else list(statements)


def signers_for(*, minor: bool) -> list[tuple[str, str]]:
    """Who may sign. A patient under 18 does not sign alone."""
    signers = (Signer.GUARDIAN, Signer.REPRESENTATIVE) if minor else (Signer.PATIENT, Signer.REPRESENTATIVE)
    return [(signer.value, str(signer.label)) for signer in signers]


def reading_reasons(*, required: Iterable[str], ticked: Iterable[str]) -> list[Reason]:
    if set(required) - set(ticked):
        return [Reason("statement-missing", _(TICK_ALL), field="statements")]
    return []


def region_reasons(regions: Iterable[str]) -> list[Reason]:
    if list(regions):
        return []
    return [Reason("no-regions", _("Choose at least one part of the body."), field="regions")]


def signer_reasons(*, signer: str, relationship: str, minor: bool) -> list[Reason]:
    found = []
    if signer not in dict(signers_for(minor=minor)):
        message = str(FOR_A_MINOR if minor else FOR_AN_ADULT)
        found.append(Reason("wrong-signer", message, field="signer"))
    if signer != Signer.PATIENT and not relationship.strip():
        message = _("Write how the person who signs is related to the patient, such as mother.")
        found.append(Reason("no-relationship", message, field="relationship"))
    return found


def signature_reasons(*, method: str, signature: str, signer_name: str) -> list[Reason]:
    if not signer_name.strip():
        return [Reason("no-name", _("Type the full name of the person who signs."), field="signer_name")]
    if method == Method.DRAWN and not is_path(signature):
        message = _("The drawn signature could not be read. Clear it and draw again, or type the name only.")
        return [Reason("no-signature", message, field="drawn")]
    return []


def paper_reasons(paper_on: dt.date, *, born: dt.date, ended_on: dt.date | None) -> list[Reason]:
    """`ended_on`: the last day on which the patient refused or withdrew consent."""
    if paper_on < born:
        message = _("That is before the patient was born. Check the year.")
        return [Reason("paper-before-birth", message, field="paper_on")]
    if ended_on is None or paper_on >= ended_on:
        return []
    message = _(
        "The patient refused or withdrew consent on %(day)s, after this paper was signed. Ask again, and "
        "record what they sign now."
    ) % {"day": formats.day(ended_on)}
    return [Reason("paper-before-refusal", message, field="paper_on")]


def refusal_reasons(*, signer: str, signer_name: str) -> list[Reason]:
    """Whoever refuses for the patient is named; the patient's own refusal needs no name."""
    if signer == Signer.PATIENT or signer_name.strip():
        return []
    return [Reason("no-name", _("Type the name of the person who refused."), field="signer_name")]


def path_of(strokes: str) -> str:
    """An SVG path of the strokes “x,y x,y;x,y”, or "" when they are not a signature."""
    if len(strokes) > MAX_SIGNATURE or not _STROKES.fullmatch(strokes):
        return ""
    drawn = [stroke.split(" ") for stroke in strokes.split(";")]
    if sum(len(points) for points in drawn) < MIN_POINTS:
        return ""
    return "".join(_line(points) for points in drawn)


def is_path(path: str) -> bool:
    """Only moves and lines between integers: nothing that a page could execute."""
    return len(path) <= MAX_SIGNATURE * 2 and _PATH.fullmatch(path) is not None


def _line(points: list[str]) -> str:
    """A single point becomes a line to itself, or it would not be drawn."""
    spots = [point.replace(",", " ") for point in points]
    return f"M{spots[0]}" + "".join(f"L{spot}" for spot in spots[1:] or spots)


def withdrawal_reasons(consent: Consent, *, withdrawn: bool) -> list[Reason]:
    if consent.given_at is None:
        return [Reason("not-given", _("This consent was refused; there is nothing to withdraw."))]
    if withdrawn:
        return [Reason("already-withdrawn", _("This consent was withdrawn before."))]
    return []
