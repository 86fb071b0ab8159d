"""What its author has begun and not saved: it is kept or put away before the note is signed."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from urllib.parse import parse_qs

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clinic.values.addresses import reverse
from clinic.values.errors import Reason
from clinic.values.words import Text
from treatments.models import Measurement
from treatments.rules.session import draft_parts, sentences, unsaved
from treatments.rules.session.draft import Draft
from treatments.rules.session.parts import DraftMeasurement, side_text


@dataclass(frozen=True)
class BegunReason(Reason):
    """It is saved at `url`, or put away at `away_url`. `part` is what `unsaved.is_of` understands."""

    part: str = ""
    away_url: str = ""
    away: Text = gettext_lazy("Discard")


def reasons(draft: Draft) -> list[Reason]:
    """Everything that was begun, in the order of the page."""
    held = draft.unsaved
    found: list[Reason] = []
    if held.has_begun_row:
        found.append(
            _of_page(draft, unsaved.ROW, _("A site was begun and not saved"), "new-site", _row(held.row))
        )
    if held.line:
        line = held.line.get("line", "")
        found.append(
            _of_page(draft, unsaved.LINE, _("A line of sites was begun and not saved"), "line", line)
        )
    found += [
        _of_page(draft, name, _("A site was entered and not saved yet"), "new-site", _waiting(text))
        for name, text in held.rows
    ]
    found += _reasons(draft)
    # a removed site has no page to go on at; its correction waits until the site is put back
    standing = {site.key: site.number for site in draft.standing_sites}
    found += [_edit(draft, key, standing[key]) for key in held.edits if key in standing]
    if held.measurement:
        message, text = _("A measurement was begun and not added"), _measurement(held.measurement)
        kind = held.measurement.get("kind", Measurement.Kind.RANGE)
        url = reverse("treatments:measurement-add", args=[draft.session.ref, kind])
        found.append(replace(_of_page(draft, unsaved.MEASUREMENT, message, "", text), url=url))
    return found


def empty_measurements(ref: str, rows: Iterable[DraftMeasurement]) -> list[Reason]:
    """A line that nobody measured says nothing; one with a single value is a finding."""
    page = reverse("treatments:session", args=[ref])
    return [
        BegunReason(
            "measurement-empty",
            _("Enter what was measured, or remove the line: %(what)s.") % {"what": sentences.measured(row)},
            field=f"measure_before-{row.pk}",
            url=f"{page}#div_id_measure_before-{row.pk}",
            way_out=_("Enter the value"),
            away_url=reverse("treatments:measurement-strike", args=[ref, row.pk]),
            away=_("Remove the line"),
        )
        for row in rows
        if row.before is None and row.after is None
    ]


def _of_page(draft: Draft, part: str, message: str, place: str, text: str) -> BegunReason:
    url = f"{draft.session.get_absolute_url()}#{place}"
    return BegunReason(
        "begun", f"{message}: {text}", url=url, way_out=_("Save it"), part=part, away_url=_away(draft)
    )


def _reasons(draft: Draft) -> list[Reason]:
    """Those that are still asked for."""
    answers = draft.answers
    asked = {prompt.field for prompt in draft_parts.prompts_for(draft) if prompt.key not in answers}
    return [
        _of_page(draft, name, _("A reason was begun and not saved"), f"id_{name}", text)
        for name, text in draft.unsaved.reasons.items()
        if name in asked
    ]


def _edit(draft: Draft, key: str, number: int) -> BegunReason:
    message = _("A correction of site %(number)s was begun and not saved") % {"number": number}
    url = reverse("treatments:site-edit", args=[draft.session.ref, key])
    return BegunReason("begun", message, url=url, way_out=_("Go on"), part=key, away_url=_away(draft))


def _away(draft: Draft) -> str:
    return reverse("treatments:session-put-away", args=[draft.session.ref])


COUNTS = {
    "insertions": gettext_lazy("%(count)s insertions"),
    "twitches": gettext_lazy("%(count)s twitches"),
}


def _row(row) -> str:
    parts = [row.get("muscle") or _("no muscle yet"), side_text(row.get("side", ""))]
    # as they were typed, which may be no number
    for name, sentence in COUNTS.items():
        count = row.get(f"{name}_more") or row.get(name)
        parts.append(sentence % {"count": count} if count else "")
    return ", ".join(part for part in parts if part)


def _waiting(text: str) -> str:
    """A row or a line that had left its form, as its form would post it."""
    values = {name: found[0] for name, found in parse_qs(text).items()}
    return values.get(f"{unsaved.LINE}line") or _row(values)


def _measurement(held) -> str:
    kind = dict(Measurement.Kind.choices).get(held.get("kind", ""), "")
    place = [held.get(name, "") for name in ("joint", "motion", "muscle")]
    parts = [kind, " ".join(word for word in place if word), side_text(held.get("side") or "")]
    return ", ".join(str(part) for part in parts if part)
