"""What other systems write into a cell, as the registration's form reads it. What it does not know stays."""

import re
from collections.abc import Mapping

from clinic.values.states import IN_AN_ADDRESS
from patients.models import Coverage, Patient, Visit

Kind = Coverage.Kind
SEXES = {
    "f": Patient.Sex.FEMALE,
    "female": Patient.Sex.FEMALE,
    "woman": Patient.Sex.FEMALE,
    "w": Patient.Sex.FEMALE,
    "m": Patient.Sex.MALE,
    "male": Patient.Sex.MALE,
    "man": Patient.Sex.MALE,
    "x": Patient.Sex.OTHER,
    "o": Patient.Sex.OTHER,
    "other": Patient.Sex.OTHER,
    "nonbinary": Patient.Sex.OTHER,
    "intersex": Patient.Sex.OTHER,
    "u": Patient.Sex.UNKNOWN,
    "unk": Patient.Sex.UNKNOWN,
    "unknown": Patient.Sex.UNKNOWN,
    "notknown": Patient.Sex.UNKNOWN,
    "notspecified": Patient.Sex.UNKNOWN,
    "undisclosed": Patient.Sex.UNKNOWN,
    "declined": Patient.Sex.UNKNOWN,
}
STATE_NAMES = {name.casefold(): code for code, name in IN_AN_ADDRESS}
# the first that stands in the payer's name says its kind; own choice: the payers that most files have
PAYER_WORDS = (
    ("medicare", Kind.MEDICARE),
    ("medicaid", Kind.MEDICAID),
    ("workers", Kind.WORKERS_COMP),
    ("work comp", Kind.WORKERS_COMP),
    ("self", Kind.SELF_PAY),
    ("cash", Kind.SELF_PAY),
    ("private pay", Kind.SELF_PAY),
    *((name, Kind.COMMERCIAL) for name in ("blue cross", "bluecross", "bcbs", "aetna", "cigna", "humana")),
    *((name, Kind.COMMERCIAL) for name in ("united", "uhc", "anthem", "kaiser", "commercial")),
)
YES, NO = {"y", "yes", "true", "1", "x", "on", "ok"}, {"", "n", "no", "false", "0", "off"}
ANSWERS = ("may_call", "may_text", "may_email", "may_leave_voicemail")
# a day that a system wrote as the midnight at which it begins
_MIDNIGHT = re.compile(r"[ T]+(?:0?0:00(?::00(?:\.0+)?)?|12:00(?::00)?\s*AM)\s*Z?$", re.IGNORECASE)
# “12 Main St, Springfield, IL 62701”
_WHOLE_ADDRESS = re.compile(
    r"(?P<address>.+?),\s*(?P<city>[^,]+),\s*(?P<state>[A-Za-z]{2})\.?,?\s+"
    r"(?P<postal_code>[\dA-Za-z][\dA-Za-z -]{4,9})"
)


def of_patient(cells: Mapping[str, str]) -> dict[str, str]:
    """The texts of the registration's fields, and `payer`, `payer_kind`, `member_id`."""
    values = {**cells, **_names(cells), **_address(cells)}
    values["born"] = without_midnight(cells.get("born", ""))
    values["sex"] = _known(cells.get("sex", ""), SEXES)
    values["state"] = STATE_NAMES.get(values.get("state", "").casefold(), values.get("state", ""))
    if cells.get("payer") or cells.get("member_id"):
        values["payer_kind"] = payer_kind(cells.get("payer", ""))
    return values


def without_midnight(text: str) -> str:
    return _MIDNIGHT.sub("", text)


def payer_kind(payer: str) -> str:
    """Where the name says nothing it is another payer, which somebody may correct."""
    name = payer.casefold()
    return next((kind for word, kind in PAYER_WORDS if word in name), Kind.OTHER).value


def answer(text: str) -> bool | None:
    """Yes or no; None where it is neither."""
    word = text.casefold()
    return True if word in YES else False if word in NO else None


def _names(cells: Mapping[str, str]) -> dict[str, str]:
    """“Last, First” and “First Last”, where no column has them apart."""
    whole = cells.get("name", "")
    if not whole or cells.get("family_name") or cells.get("given_name"):
        return {}
    if "," in whole:
        family, _comma, given = whole.partition(",")
    else:
        given, _space, family = whole.rpartition(" ")
    return {"family_name": family.strip(), "given_name": given.strip()}


def _address(cells: Mapping[str, str]) -> dict[str, str]:
    """A whole address in one cell, where no column has its parts."""
    if any(cells.get(name) for name in ("city", "state", "postal_code")):
        return {}
    found = _WHOLE_ADDRESS.fullmatch(cells.get("address", ""))
    return found.groupdict() if found else {}


def _known(text: str, words: Mapping[str, str]) -> str:
    found = words.get(re.sub(r"[\W_]+", "", text.casefold()))
    return text if found is None else str(found)


VISIT_KINDS = {
    "first": Visit.Kind.FIRST,
    "firstvisit": Visit.Kind.FIRST,
    "initial": Visit.Kind.FIRST,
    "initialevaluation": Visit.Kind.FIRST,
    "evaluation": Visit.Kind.FIRST,
    "eval": Visit.Kind.FIRST,
    "newpatient": Visit.Kind.FIRST,
    "followup": Visit.Kind.FOLLOW_UP,
    "followupvisit": Visit.Kind.FOLLOW_UP,
    "return": Visit.Kind.FOLLOW_UP,
    "treatment": Visit.Kind.FOLLOW_UP,
    "review": Visit.Kind.REVIEW,
    "reevaluation": Visit.Kind.REVIEW,
    "reassessment": Visit.Kind.REVIEW,
}


def of_booking(cells: Mapping[str, str]) -> dict[str, str]:
    """The texts of a booking; its day and time in one."""
    values = {**cells, "kind": _known(cells.get("kind", ""), VISIT_KINDS)}
    if not cells.get("booked_for"):
        values["booked_for"] = f"{without_midnight(cells.get('day', ''))} {cells.get('time', '')}".strip()
    values["booked_for"] = re.sub(r"(?<=\d)T(?=\d)", " ", values["booked_for"])
    values["booked_for"] = re.sub(r"(\d{1,2}:\d{2}):00(?=\D|$)", r"\1", values["booked_for"])
    return values
