"""The session in sentences: what is read back before signing, and what the signed note says."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils import timezone

from clinic.formats import sealed
from clinic.models.base import Side
from treatments.models import Measurement, NeedleSite, NeedlingSession, SessionCondition
from treatments.rules.session.draft import DraftSession
from treatments.rules.session.parts import DraftCondition, DraftMeasurement, DraftSite
from treatments.rules.sites import needled_site

FINDINGS = (
    ("taut_band", "taut band"),
    ("nodule", "nodule"),
    ("referral_reproduced", "referred pain reproduced"),
)
ADVICE = "Advice given"


@dataclass(frozen=True)
class NoteParts:
    """What a session's sentences are made of beside its own columns: the rows that stand, or their values."""

    sites: Sequence[NeedleSite | DraftSite] = ()
    conditions: Sequence[SessionCondition | DraftCondition] = ()
    measurements: Sequence[Measurement | DraftMeasurement] = ()
    advice: Sequence[str] = ()


def site_sentence(site: NeedleSite | DraftSite) -> str:
    """“Upper trapezius, right. 3 insertions, 0.30 × 50 mm to 25 mm, 2 twitches, in and out. Fascia.”"""
    return f"{site_head(site)} {site_tail(site)}"


def site_head(site: NeedleSite | DraftSite) -> str:
    where = f" ({site.sub_site})" if site.sub_site else ""
    return f"{site.name}{where}, {label(Side, site.side).lower()}."


def site_tail(site: NeedleSite | DraftSite) -> str:
    depth = f" to {site.depth_mm} mm" if site.depth_mm is not None else ""
    needles = count(site.needles, "needle") if site.needles != 1 else ""
    first = [
        count(site.insertions, "insertion"),
        needles,
        f"{site.gauge_mm:.2f} × {site.length_mm} mm{depth}",
        count(site.twitches, "twitch", "twitches"),
        _technique(site),
    ]
    return " ".join([f"{', '.join(part for part in first if part)}.", *_details(site)])


def session_sentences(session: NeedlingSession | DraftSession, parts: NoteParts) -> list[str]:
    """Everything but the sites, in the order of the visit."""
    sentences = [
        _visit(session),
        late_entry(session),
        not_needled(session),
        *(pain_sentence(row) for row in parts.conditions),
    ]
    sentences += [measurement_sentence(row) for row in parts.measurements]
    sentences += _labelled("Other treatment given", session.other_care)
    sentences += [_needles(session, parts.sites), _tolerance(session)]
    sentences += _labelled(ADVICE, "; ".join(text.rstrip(".") for text in parts.advice))
    sentences += _labelled("Note", session.note) + _labelled("Plan", session.plan)
    if session.next_visit_on:
        sentences.append(f"Next visit {sealed.day(session.next_visit_on)}.")
    return [sentence for sentence in sentences if sentence]


def pain_sentence(row: SessionCondition | DraftCondition) -> str:
    """“Neck pain, right: pain 6 before, 3 after.”"""
    before = _pain(row.pain_before, row.not_asked_before)
    after = _pain(row.pain_after, row.not_asked_after)
    code = f" ({row.icd10})" if row.icd10 else ""
    return f"{row.name}, {label(Side, row.side).lower()}{code}: pain {before} before, {after} after."


def measurement_sentence(row: Measurement | DraftMeasurement) -> str:
    """“Cervical rotation, left, active: 60 before, 75 after degrees.”"""
    values = f"{_number(row.before)} before, {_number(row.after)} after {row.unit}".strip()
    return f"{measured(row)}: {values}{', pain at the end' if row.pain_at_end else ''}."


def measured(row: Measurement | DraftMeasurement) -> str:
    """“Cervical rotation, left, active”."""
    if row.kind == Measurement.Kind.RANGE:
        what = f"{row.joint} {row.motion}".strip().capitalize()
        manner = ["active" if row.active else "passive"]
    else:
        what = f"{label(Measurement.Kind, row.kind)} of {row.muscle_name or row.joint or 'the area'}"
        manner = [row.scale] if row.scale else []
    return ", ".join([what, label(Side, row.side).lower(), *manner])


def label(choices: Any, value: str) -> str:
    """The label of a choice; a value of an older release that is no choice any more is shown as it is."""
    return str(choices(value).label) if value in choices else value


def count(number: int, word: str, many: str = "") -> str:
    return f"{number} {word if number == 1 else many or word + 's'}"


def _technique(site: NeedleSite | DraftSite) -> str:
    wording = label(NeedleSite.Technique, site.technique).lower()
    dwell = needled_site.dwell_of(needled_site.from_row(site))
    return f"{wording} for {needled_site.duration_text(dwell)}" if dwell else wording


def _details(site: NeedleSite | DraftSite) -> list[str]:
    found = _found(site)
    details = [
        label(NeedleSite.Tissue, site.tissue),
        f"Direction: {site.direction}" if site.direction else "",
        f"Found: {', '.join(found)}" if found else "",
        f"Pain during {site.pain_during}" if site.pain_during is not None else "",
        f"Bleeding: {label(NeedleSite.Bleeding, site.bleeding).lower()}" if site.bleeding else "",
        f"Hemostasis: {site.haemostasis}" if site.haemostasis else "",
        f"Lot {site.lot}" if site.lot else "",
        _stimulation(site),
        site.note.rstrip("."),
    ]
    return [f"{part}." for part in details if part]


def _found(site: NeedleSite | DraftSite) -> list[str]:
    present = [wording for name, wording in FINDINGS if getattr(site, name)]
    return present + [f"no {wording}" for name, wording in FINDINGS if getattr(site, name) is False]


def _stimulation(site: NeedleSite | DraftSite) -> str:
    values = (
        (site.stimulation_hz, "Hz"),
        (site.stimulation_us, "µs"),
        (site.stimulation_ma, "mA"),
    )
    settings = [f"{value.normalize():f} {unit}" if isinstance(value, Decimal) else f"{value} {unit}"
                for value, unit in values if value is not None]  # fmt: skip
    parts = [part for part in (site.stimulation_device, *settings) if part]
    return f"Stimulation: {', '.join(parts)}" if parts else ""


def _visit(session: NeedlingSession | DraftSession) -> str:
    how = [label(NeedlingSession.Position, session.position).lower() if session.position else ""]
    if session.skin_prep:
        how.append(f"skin prepared: {label(NeedlingSession.SkinPrep, session.skin_prep).lower()}")
    parts = [f"Visit {session.visit_number}, {_times(session)}", *how]
    return f"{', '.join(part for part in parts if part)}."


def _times(session: NeedlingSession | DraftSession) -> str:
    """Local times; the length comes from the instants, so a clock change does not stretch it."""
    start = session.started_at or session.opened_at
    begin = f"{sealed.day(timezone.localdate(start))}, {sealed.clock(start)}"
    if session.ended_at is None:
        return begin
    length = round((session.ended_at - start) / dt.timedelta(minutes=1))
    return f"{begin} to {sealed.clock(session.ended_at)} ({count(length, 'minute')})"


def late_entry(session: NeedlingSession | DraftSession) -> str:
    """“Late entry, written Nov 28, 2026: power cut.” of a note that was begun on a later day."""
    written = timezone.localdate(session.opened_at)
    if not session.late_entry_reason or written <= timezone.localdate(
        session.started_at or session.opened_at
    ):
        return ""
    reason = session.late_entry_reason.strip().rstrip(".")
    return f"Late entry, written {sealed.written_day(written)}: {reason}."


def not_needled(session: NeedlingSession | DraftSession) -> str:
    if not session.not_needled:
        return ""
    detail = f" {session.not_needled_detail.strip()}" if session.not_needled_detail.strip() else ""
    return f"Nobody was needled: {label(NeedlingSession.NotNeedled, session.not_needled).lower()}.{detail}"


def _needles(session, sites: Sequence[NeedleSite | DraftSite]) -> str:
    needles_in = sum(site.needles for site in sites if not site.struck_at)
    if session.needles_out is None:
        return f"Needles: {needles_in} in, not counted out yet." if needles_in else ""
    extra = [
        f"{session.needles_opened} opened" if session.needles_opened is not None else "",
        f"{session.needles_unused} unused" if session.needles_unused is not None else "",
    ]
    counts = (f"{needles_in} in", f"{session.needles_out} out", *extra)
    return f"Needles: {', '.join(part for part in counts if part)}.{_second_count(session)}"


def _second_count(session: NeedlingSession | DraftSession) -> str:
    """“ Counted a second time by Jo Berg, PT, at 3:29 PM.”"""
    if session.needles_second_by is None or session.needles_second_at is None:
        return ""
    at = sealed.counted_clock(session.needles_second_at)
    return f" Counted a second time by {session.needles_second_by.display_name}, at {at}."


def _tolerance(session: NeedlingSession | DraftSession) -> str:
    if not session.tolerance:
        return ""
    detail = f" {session.tolerance_detail}" if session.tolerance_detail else ""
    return f"{label(NeedlingSession.Tolerance, session.tolerance)}.{detail}"


def _pain(value: int | None, reason: str) -> str:
    if value is not None:
        return str(value)
    return f"not asked ({reason})" if reason else "not recorded"


def _number(value) -> str:
    return "not measured" if value is None else f"{value.normalize():f}"


def _labelled(label: str, text: str) -> list[str]:
    return [f"{label}: {text.strip()}"] if text.strip() else []
