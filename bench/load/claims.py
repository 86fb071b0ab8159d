"""What an acknowledged save promises to be in the record, read from the request and its answer."""

import re

from bench.browser import Response

REF = r"([0-9A-Z]+)"
DRAFT = re.compile(rf"/sessions/{REF}/")
FIELD = re.compile(rf"/sessions/{REF}/fields/")
ADDED = re.compile(rf"/sessions/{REF}/(?:sites/)?")
SIGNED = re.compile(rf"/sessions/{REF}/sign/")
ADDENDUM = re.compile(rf"/sessions/{REF}/addenda/")
CALLED = re.compile(rf"/followups/{REF}/answer/")
STARTED = re.compile(rf"/patients/{REF}/visits/start/")
STEPPED = re.compile(rf"/visits/{REF}/step/")
DONE, SHOWN = (302,), (200, 302)


def claim_of(path: str, values: dict[str, list[str]], answer: Response) -> list[str] | None:
    """[what, of which record, the value] of a save that was taken; None for every other request."""
    one = {name: given[0] for name, given in values.items() if given}
    if answer.status in SHOWN:
        if found := FIELD.fullmatch(path):
            return ["field", found[1], one["field"], one["value"]]
        key = one.get("line-key") if one.get("line-line") else one.get("key") if one.get("muscle") else None
        if key and (found := ADDED.fullmatch(path)):
            return ["site", found[1], key]
    return _done(path, one, answer) if answer.status in DONE else None


def _done(path: str, one: dict[str, str], answer: Response) -> list[str] | None:
    if path == "/patients/register/":
        return ["patient", answer.location.split("/")[2], one["family_name"]]
    if found := ADDENDUM.fullmatch(path):
        return ["addendum", found[1], one["text"]]
    if found := STEPPED.fullmatch(path):
        return ["step", found[1], one["verb"]]
    if (found := DRAFT.fullmatch(path)) and one.get("plan"):
        return ["field", found[1], "plan", one["plan"]]
    for pattern, what in ((SIGNED, "signed"), (CALLED, "call"), (STARTED, "visit")):
        if found := pattern.fullmatch(path):
            return [what, found[1]]
    return None
