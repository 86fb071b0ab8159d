"""The whole chart for paper: every note with what stands around and beneath it, and the patient's lists."""

import datetime as dt
import json
from collections.abc import Iterable

from django.utils import timezone
from django.utils.translation import gettext as _

from clinic.models.rows import day, instant
from patients.models import Episode, NonCoverageNotice
from patients.rules import notices
from treatments.models import Aftercare, Measurement, Muscle, NeedleSite, NeedlingSession, SessionCondition
from treatments.rules.adverse_events import event
from treatments.rules.record.page import STATES
from treatments.rules.record.patient_sessions import Merged
from treatments.rules.signing import beneath, paper, reading, seal
from treatments.rules.signing.reading import Note


def printed_note(session, note: Note, *, cosign_days: int, now: dt.datetime, merged: Merged) -> dict:
    """One note as it is printed in the chart."""
    today, error_mark = timezone.localdate(now), getattr(session, "error_mark", None)
    addenda = beneath.addenda(session, today=today)
    return {
        "session": session,
        "note": note,
        "record_ref": merged.get(session.patient_id, ""),
        "state": _("Entered in error") if error_mark else STATES[session.state][1],
        "about": paper.about(session, today=today),
        "reasons": paper.reasons(session),
        "events": event.lines(session.note_events, ref=session.ref),
        "reports": beneath.reports(session),
        "addenda": addenda,
        "amended": beneath.amended(addenda, today=today),
        "error_mark": error_mark,
        **beneath.cosignature(session, days=cosign_days, now=now),
    }


def left_out(drafts: Iterable[NeedlingSession]) -> list[dict]:
    """A draft is no part of the chart: it is named as left out."""
    return [
        {"on": timezone.localdate(row.started_at or row.opened_at), "therapist": row.therapist.display_name}
        for row in drafts
    ]


def note_of(session, locked: dict) -> Note:
    """The note out of its seal. `locked` are its columns as they stand: the note where no seal is."""
    text = _sealed_text(session)
    if not text:
        found = _text_of(session, locked)
        return Note(
            sites=found["sites"],
            sentences=found["session"],
            facts=reading.key_facts(locked),
            marks={},
            verdict=seal.MISSING_SEAL if session.signed_at else None,
        )
    verdict = seal.check(session.seal.text, session.seal.digest, locked)
    now = {} if verdict.agrees else _text_of(session, locked, version=text.get("version", seal.VERSION))
    return reading.signed_note(text, verdict, now=now)


def lists_of(patient) -> dict:
    """The patient's episodes, payers, referrals, allergies and medications, those that ended included."""
    return {
        "episodes": [_dated(row) | {"access": Episode.Access(row["access"]).label}
                     for row in patient.chart_episodes],
        "coverages": [
            _dated(row) | {"words": paper.payer_words(row)} for row in patient.chart_coverages
        ],
        "notices": [_notice(row) for row in patient.chart_notices],
        "referrals": [_dated(row) for row in patient.chart_referrals],
        "allergies": [_dated(row) for row in patient.chart_allergies],
        "medications": [_dated(row) for row in patient.chart_medications],
    }  # fmt: skip


def lists_of_all(people: list) -> dict:
    """The lists of a patient, then of the records merged into it, whose rows have their reference."""
    found: dict[str, list] = {}
    for place, patient in enumerate(people):
        for name, rows in lists_of(patient).items():
            ref = patient.ref if place else ""
            found.setdefault(name, []).extend({**row, "record_ref": ref} for row in rows)
    return found


def _notice(row: dict) -> dict:
    notice = notices.notice_of(row)
    kind = NonCoverageNotice.Kind(notice.kind).label
    return {"kind": kind, "lines": notices.lines(notice), "ended_at": notice.ended_at}


def _dated(row: dict) -> dict:
    """The row with its dates and times read."""
    found = {name: instant(value) for name, value in row.items() if name.endswith("_at")}
    return row | found | {name: day(value) for name, value in row.items() if name.endswith("_on")}


def _sealed_text(session) -> dict:
    """Empty without a seal, and where somebody has overwritten its text: verification names that one."""
    if getattr(session, "seal", None) is None:
        return {}
    try:
        text = json.loads(session.seal.text or "{}")
    except ValueError:
        return {}
    return text if {"said", "locked", "signer"} <= text.keys() else {}


def _text_of(session, locked: dict, *, version: int = seal.VERSION) -> dict:
    """The note in sentences as the rows have it. `session` with the names of its muscles."""
    named = [*session.site_muscles, *session.measured_muscles]
    muscles = {row["code"]: Muscle(**row) for row in named}
    parts = seal.standing_parts(
        sorted((_part(NeedleSite, row, muscles) for row in locked["sites"]), key=_number),
        [_part(SessionCondition, row, muscles) for row in locked["conditions"]],
        [_part(Measurement, row, muscles) for row in locked["measurements"]],
        [_part(Aftercare, row, muscles) for row in locked["aftercare"]],
    )
    return seal.note_text(session, parts, version=version)


def _part(model, values: dict, muscles: dict[str, Muscle]):
    """A row in memory, for its sentence."""
    columns = [field for field in model._meta.concrete_fields if not field.is_relation]
    row = model(**{field.attname: field.to_python(values[field.attname]) for field in columns})
    if values.get("muscle_id"):
        row.muscle = muscles[values["muscle_id"]]
    return row


def _number(site: NeedleSite) -> int:
    return site.number
