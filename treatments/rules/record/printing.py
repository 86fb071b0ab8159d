"""The whole chart for paper: every session in sentences."""

import json
from collections.abc import Sequence
from decimal import Decimal

from django.utils import timezone

from clinic.models.rows import day, instant
from treatments.models import Addendum, NeedleSite, NeedlingSession, SessionCondition
from treatments.rules.adverse_events import event
from treatments.rules.record.page import STATES
from treatments.rules.session import sentences

FINDING_COLUMNS = ("taut_band", "nodule", "referral_reproduced")
TEXT_COLUMNS = (("other_care", "Other treatment given"), ("note", "Note"), ("plan", "Plan"))


def printed_chart(rows: Sequence[NeedlingSession]) -> dict:
    """The sessions of the chart. A draft is no part of it: it is named as left out."""
    drafts = [row for row in rows if row.is_draft]
    return {
        "sessions": [printed_session(row) for row in rows if not row.is_draft],
        "left_out": [
            {
                "on": timezone.localdate(row.started_at or row.opened_at),
                "therapist": row.therapist.display_name,
            }
            for row in drafts
        ],
    }


def printed_session(row: NeedlingSession) -> dict:
    """One session as it is printed; the row comes with its parts."""
    return {
        "on": timezone.localdate(row.started_at or row.opened_at),
        "number": row.visit_number,
        "therapist": row.therapist.display_name,
        "sealed": _sealed(row),
        "state": "In error" if row.error_reason else STATES[row.state][1],
        "error_reason": row.error_reason,
        "signed_at": row.signed_at,
        "pains": _pains(row),
        "sites": [*_marks(row), *_sites(row)],
        "tolerance": row.get_tolerance_display() if row.tolerance else "",
        "texts": _texts(row),
        "events": event.lines(row.event_rows, ref=row.ref),
        "addenda": [_addendum(part) for part in row.addendum_rows],
    }


def _pains(row: NeedlingSession) -> list[str]:
    pains = (SessionCondition(**part) for part in sorted(row.pain_rows, key=_pk))
    return [sentences.pain_sentence(pain) for pain in pains]


def _marks(row: NeedlingSession) -> list[str]:
    """What a reader has to know of a note that is not like the others."""
    return [text for text in (sentences.late_entry(row), sentences.not_needled(row)) if text]


def _sites(row: NeedlingSession) -> list[str]:
    return [sentences.site_sentence(_site(part)) for part in sorted(row.site_rows, key=_number)]


def _texts(row: NeedlingSession) -> list[tuple[str, str]]:
    texts = ((label, getattr(row, name)) for name, label in TEXT_COLUMNS)
    return [(label, text) for label, text in texts if text]


def _sealed(row: NeedlingSession) -> dict:
    """Who the signed note names; empty where it has no seal."""
    try:
        sealed = json.loads(row.sealed_text or "{}")
    except ValueError:  # verification names a seal that somebody has overwritten
        return {}
    if not sealed:
        return {}
    signer, patient = sealed.get("signer") or {}, sealed.get("patient") or {}
    return {"signer": signer.get("name"), "patient": patient.get("name"), "born": day(patient.get("born"))}


def _addendum(part: dict) -> dict:
    times = {name: instant(part[name]) for name in ("at", "answered_at")}
    by = _name(part["given"], part["family"], part["letters"])
    answered_by = _name(part["answered_given"], part["answered_family"], part["answered_letters"])
    kind = Addendum.Kind(part["kind"]).label
    return {**part, **times, "kind": kind, "by_now": by, "answered_by_now": answered_by}


def _name(given: str | None, family: str | None, letters: str | None) -> str:
    name = f"{given or ''} {family or ''}".strip()
    return f"{name}, {letters}" if letters else name


def _site(part: dict) -> NeedleSite:
    """A site in memory, for its sentence. SQLite returns booleans as 1 and decimals as numbers."""
    answers = {name: None if part[name] is None else bool(part[name]) for name in FINDING_COLUMNS}
    times = {name: instant(part[name]) for name in ("needle_in_at", "needle_out_at")}
    return NeedleSite(**{**part, **answers, **times, "gauge_mm": Decimal(str(part["gauge_mm"]))})


def _pk(part: dict) -> int:
    return part["pk"]


def _number(part: dict) -> int:
    return part["number"]
