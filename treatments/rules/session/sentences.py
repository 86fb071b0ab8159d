"""The session in sentences: what is read back before signing, and what the signed note says."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop, ngettext

from clinic.formats import sealed
from treatments.models import Measurement, NeedleSite, NeedlingSession, SessionCondition
from treatments.models.session.measured import Device, Joint, Motion, Position, Scale, Unit
from treatments.rules.session import measuring
from treatments.rules.session.draft import DraftSession
from treatments.rules.session.parts import DraftCondition, DraftMeasurement, DraftSite, side_text
from treatments.rules.sites import needled_site

FINDINGS = (
    ("taut_band", gettext_lazy("taut band")),
    ("nodule", gettext_lazy("nodule")),
    ("referral_reproduced", gettext_lazy("referred pain reproduced")),
)
# what the sealed sentence begins with, too
ADVICE = gettext_noop("Advice given")


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
    return f"{site.name}{where}, {side_text(site.side)}."


def site_tail(site: NeedleSite | DraftSite) -> str:
    first = [
        insertions(site.insertions),
        _needles_used(site.needles) if site.needles != 1 else "",
        _needle(site),
        _twitches(site.twitches),
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
    sentences += _labelled(_("Other treatment given"), session.other_care)
    sentences += [_needles(session, parts.sites), _tolerance(session)]
    sentences += _labelled(_(ADVICE), "; ".join(text.rstrip(".") for text in parts.advice))
    sentences += _labelled(_("Note"), session.note) + _labelled(_("Plan"), session.plan)
    if session.next_visit_on:
        sentences.append(_("Next visit %(day)s.") % {"day": sealed.day(session.next_visit_on)})
    return [sentence for sentence in sentences if sentence]


def pain_sentence(row: SessionCondition | DraftCondition) -> str:
    """“Neck pain, right: pain 6 before, 3 after.”"""
    before = _pain(row.pain_before, row.not_asked_before)
    after = _pain(row.pain_after, row.not_asked_after)
    code = f" ({_code(row)})" if row.icd10 else ""
    return _("%(condition)s: pain %(before)s before, %(after)s after.") % {
        "condition": f"{row.name}, {side_text(row.side)}{code}",
        "before": before,
        "after": after,
    }


def _code(row: SessionCondition | DraftCondition) -> str:
    """The code, with a mark where its set had ended on the day of the session."""
    return _("%(code)s, expired set") % {"code": row.icd10} if row.code_set_ended_on else row.icd10


def measurement_sentence(row: Measurement | DraftMeasurement) -> str:
    """“Cervical rotation, left, active: 60 before, 75 after degrees.”"""
    sentence = (
        _("%(measured)s: %(values)s, pain at the end.") if row.pain_at_end else _("%(measured)s: %(values)s.")
    )
    values = _("%(before)s before, %(after)s after %(unit)s") % {
        "before": _measured_value(row, row.before),
        "after": _measured_value(row, row.after),
        "unit": "" if row.unit == Unit.GRADE else label(Unit, row.unit),
    }
    text = sentence % {"measured": measured(row), "values": values.strip()}
    return " ".join([text, *_labelled(_("Remark"), row.remark)])


def measured(row: Measurement | DraftMeasurement) -> str:
    """“Cervical spine rotation, left, active, goniometer, sitting”: all that makes two lines comparable."""
    place = f"{label(Joint, row.joint)} {label(Motion, row.motion)}".strip()
    if row.kind == Measurement.Kind.RANGE:
        what = place.capitalize()
        manner = [_("active") if row.active else _("passive")]
    else:
        what = _("%(kind)s of %(place)s") % {
            "kind": label(Measurement.Kind, row.kind),
            "place": row.muscle_name or (place.lower() if row.motion else row.joint) or _("the area"),
        }
        manner = [label(Scale, row.scale)] if row.scale else []
    device = "" if row.device == Device.HAND else label(Device, row.device)
    named = [what, side_text(row.side), *manner, device, label(Position, row.position)]
    return ", ".join(word for word in named if word)


def label(choices: Any, value: str) -> str:
    """The label of a choice; a value of an older release that is no choice any more is shown as it is."""
    return str(choices(value).label) if value in choices else value


def insertions(number: int) -> str:
    return ngettext("%(count)d insertion", "%(count)d insertions", number) % {"count": number}


def _needles_used(number: int) -> str:
    return ngettext("%(count)d needle", "%(count)d needles", number) % {"count": number}


def _twitches(number: int) -> str:
    return ngettext("%(count)d twitch", "%(count)d twitches", number) % {"count": number}


def _needle(site: NeedleSite | DraftSite) -> str:
    size = {"gauge": f"{site.gauge_mm:.2f}", "length": site.length_mm, "depth": site.depth_mm}
    if site.depth_mm is None:
        return _("%(gauge)s × %(length)s mm") % size
    return _("%(gauge)s × %(length)s mm to %(depth)s mm") % size


def _technique(site: NeedleSite | DraftSite) -> str:
    wording = label(NeedleSite.Technique, site.technique).lower()
    dwell = needled_site.dwell_of(needled_site.from_row(site))
    if not dwell:
        return wording
    return _("%(technique)s for %(duration)s") % {
        "technique": wording,
        "duration": needled_site.duration_text(dwell),
    }


def _details(site: NeedleSite | DraftSite) -> list[str]:
    found, said = ", ".join(_found(site)), site.bleeding
    bleeding = label(NeedleSite.Bleeding, said).lower() if said else ""
    details = [
        label(NeedleSite.Tissue, site.tissue),
        _("Direction: %(text)s") % {"text": site.direction} if site.direction else "",
        _("Found: %(findings)s") % {"findings": found} if found else "",
        _("Pain during %(score)s") % {"score": site.pain_during} if site.pain_during is not None else "",
        _("Bleeding: %(bleeding)s") % {"bleeding": bleeding} if bleeding else "",
        _("Hemostasis: %(text)s") % {"text": site.haemostasis} if site.haemostasis else "",
        _("Lot %(lot)s") % {"lot": site.lot} if site.lot else "",
        _stimulation(site),
        site.note.rstrip("."),
    ]
    return [f"{part}." for part in details if part]


def _found(site: NeedleSite | DraftSite) -> list[str]:
    present = [str(wording) for name, wording in FINDINGS if getattr(site, name)]
    absent = [wording for name, wording in FINDINGS if getattr(site, name) is False]
    return present + [_("no %(finding)s") % {"finding": wording} for wording in absent]


def _stimulation(site: NeedleSite | DraftSite) -> str:
    values = (
        (site.stimulation_hz, "Hz"),
        (site.stimulation_us, "µs"),
        (site.stimulation_ma, "mA"),
    )
    settings = [f"{value.normalize():f} {unit}" if isinstance(value, Decimal) else f"{value} {unit}"
                for value, unit in values if value is not None]  # fmt: skip
    parts = [part for part in (site.stimulation_device, *settings) if part]
    return _("Stimulation: %(settings)s") % {"settings": ", ".join(parts)} if parts else ""


def _visit(session: NeedlingSession | DraftSession) -> str:
    how = [label(NeedlingSession.Position, session.position).lower() if session.position else ""]
    if session.skin_prep:
        skin_prep = label(NeedlingSession.SkinPrep, session.skin_prep).lower()
        how.append(_("skin prepared: %(with_what)s") % {"with_what": skin_prep})
    visit = _("Visit %(number)s, %(times)s") % {"number": session.visit_number, "times": _times(session)}
    parts = [visit, *how]
    return f"{', '.join(part for part in parts if part)}."


def _times(session: NeedlingSession | DraftSession) -> str:
    """Local times; the length comes from the instants, so a clock change does not stretch it."""
    start = session.started_at or session.opened_at
    begin = f"{sealed.day(timezone.localdate(start))}, {sealed.clock(start)}"
    if session.ended_at is None:
        return begin
    length = round((session.ended_at - start) / dt.timedelta(minutes=1))
    sentence = ngettext(
        "%(begin)s to %(end)s (%(count)d minute)", "%(begin)s to %(end)s (%(count)d minutes)", length
    )
    return sentence % {"begin": begin, "end": sealed.clock(session.ended_at), "count": length}


def late_entry(session: NeedlingSession | DraftSession) -> str:
    """“Late entry, written Nov 28, 2026: power cut.” of a note that was begun on a later day."""
    written = timezone.localdate(session.opened_at)
    if not session.late_entry_reason or written <= timezone.localdate(
        session.started_at or session.opened_at
    ):
        return ""
    reason = session.late_entry_reason.strip().rstrip(".")
    return _("Late entry, written %(day)s: %(reason)s.") % {
        "day": sealed.written_day(written),
        "reason": reason,
    }


def not_needled(session: NeedlingSession | DraftSession) -> str:
    if not session.not_needled:
        return ""
    detail = f" {session.not_needled_detail.strip()}" if session.not_needled_detail.strip() else ""
    why = label(NeedlingSession.NotNeedled, session.not_needled).lower()
    return _("Nobody was needled: %(why)s.") % {"why": why} + detail


def _needles(session, sites: Sequence[NeedleSite | DraftSite]) -> str:
    needles_in = sum(site.needles for site in sites if not site.struck_at)
    if session.needles_out is None:
        waiting = _("Needles: %(number)s in, not counted out yet.") % {"number": needles_in}
        return waiting if needles_in else ""
    opened, unused = session.needles_opened, session.needles_unused
    counts = (
        _("%(number)s in") % {"number": needles_in},
        _("%(number)s out") % {"number": session.needles_out},
        _("%(number)s opened") % {"number": opened} if opened is not None else "",
        _("%(number)s unused") % {"number": unused} if unused is not None else "",
    )
    said = _("Needles: %(counts)s.") % {"counts": ", ".join(part for part in counts if part)}
    return f"{said}{_second_count(session)}"


def _second_count(session: NeedlingSession | DraftSession) -> str:
    """“ Counted a second time by Jo Berg, PT, at 3:29 PM.”"""
    if session.needles_second_by is None or session.needles_second_at is None:
        return ""
    at = sealed.counted_clock(session.needles_second_at)
    said = _("Counted a second time by %(person)s, at %(time)s.") % {
        "person": session.needles_second_by.display_name,
        "time": at,
    }
    return f" {said}"


def _tolerance(session: NeedlingSession | DraftSession) -> str:
    if not session.tolerance:
        return ""
    detail = f" {session.tolerance_detail}" if session.tolerance_detail else ""
    return f"{label(NeedlingSession.Tolerance, session.tolerance)}.{detail}"


def _pain(value: int | None, reason: str) -> str:
    if value is not None:
        return str(value)
    return _("not asked (%(reason)s)") % {"reason": reason} if reason else _("not recorded")


def _measured_value(row: Measurement | DraftMeasurement, value: Decimal | None) -> str:
    return _("not measured") if value is None else measuring.grade_text(row.scale, value)


def _labelled(label: str, text: str) -> list[str]:
    return [f"{label}: {text.strip()}"] if text.strip() else []
