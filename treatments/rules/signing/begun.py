"""What its author has begun and not saved: it is kept or put away before the note is signed."""

from dataclasses import dataclass

from django.urls import reverse

from clinic.values.errors import Reason
from treatments.models import Measurement
from treatments.rules.session import draft_parts, unsaved
from treatments.rules.session.draft import Draft


@dataclass(frozen=True)
class BegunReason(Reason):
    """It is saved at `url`, or put away at `away_url`. `part` is what `unsaved.is_of` understands."""

    part: str = ""
    away_url: str = ""
    away: str = "Put away"


def reasons(draft: Draft) -> list[Reason]:
    """Everything that was begun, in the order of the page."""
    held = draft.unsaved
    found: list[Reason] = []
    if held.has_begun_row:
        found.append(
            _of_page(draft, unsaved.ROW, "A site was begun and not saved", "new-site", _row(held.row))
        )
    if held.line:
        line = held.line.get("line", "")
        found.append(_of_page(draft, unsaved.LINE, "A line of sites was begun and not saved", "line", line))
    found += _reasons(draft)
    found += [_edit(draft, key) for key in held.edits if key in draft.site_numbers]
    if held.measurement:
        message, text = "A measurement was begun and not added", _measurement(held.measurement)
        found.append(_of_page(draft, unsaved.MEASUREMENT, message, "measurement-new", text))
    return found


def _of_page(draft: Draft, part: str, message: str, place: str, text: str) -> BegunReason:
    url = f"{draft.session.get_absolute_url()}#{place}"
    return BegunReason(
        "begun", f"{message}: {text}", url=url, way_out="Save it", part=part, away_url=_away(draft)
    )


def _reasons(draft: Draft) -> list[Reason]:
    """Those that are still asked for."""
    answers = draft.answers
    asked = {prompt.field for prompt in draft_parts.prompts_for(draft) if prompt.key not in answers}
    return [
        _of_page(draft, name, "A reason was begun and not saved", f"id_{name}", text)
        for name, text in draft.unsaved.reasons.items()
        if name in asked
    ]


def _edit(draft: Draft, key: str) -> BegunReason:
    message = f"A correction of site {draft.site_numbers[key]} was begun and not saved"
    url = reverse("treatments:site-edit", args=[draft.session.ref, key])
    return BegunReason("begun", message, url=url, way_out="Go on", part=key, away_url=_away(draft))


def _away(draft: Draft) -> str:
    return reverse("treatments:session-put-away", args=[draft.session.ref])


def _row(row) -> str:
    parts = [row.get("muscle") or "no muscle yet", row.get("side", "")]
    for name in ("insertions", "twitches"):
        count = row.get(f"{name}_more") or row.get(name)
        parts.append(f"{count} {name}" if count else "")
    return ", ".join(part for part in parts if part)


def _measurement(held) -> str:
    kind = dict(Measurement.Kind.choices).get(held.get("kind", ""), "")
    return ", ".join(str(part) for part in (held.get("what"), held.get("side"), kind) if part)
