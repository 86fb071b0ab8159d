"""Signs the notes of a batch: each gets the seal that signing it in the product would make."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Model

from clinic.models import User
from treatments.models import NeedlingSession
from treatments.rules.signing import seal as seal_rules
from treatments.selectors.signing import seal

SIGNING_TAKES = dt.timedelta(minutes=6)
SPOKEN = ("sites", "conditions", "measurements", "aftercare")


@dataclass(frozen=True)
class Sealing:
    """What every seal says besides its note: who its signers are, by key, and the catalogues that stand."""

    signers: dict[int, dict]
    catalogues: dict[str, str]


def sealing(signers: Iterable[User], *, now: dt.datetime) -> Sealing:
    return Sealing(seal.signer_facts(signers, on=now), seal.catalogue_digests())


def sign(sessions: list[NeedlingSession]) -> list[tuple]:
    """By their therapists, a few minutes after the end; gives (at, by, key) for the rows that stand."""
    for session in sessions:
        session.signed_at, session.signed_by = session.ended_at + SIGNING_TAKES, session.therapist
    return [(session.signed_at, session.signed_by_id, session.pk) for session in sessions]


def seals(
    sessions: list[NeedlingSession], rows: dict[type[Model], list], facts: Sealing, *, first: int
) -> list[dict]:
    """The columns of the seal of each signed session; the first one has the key `first`."""
    parts = {name: _by_session(rows[model]) for name, model in seal.LOCKED_TABLES.items()}
    return [
        {"id": key, **_seal(session, {name: parts[name][session.pk] for name in parts}, facts)}
        for key, session in enumerate(sessions, start=first)
    ]


def cosignatures(
    cosigned: list[tuple[NeedlingSession, dt.datetime]], digests: dict[int, str], *, first: int
) -> list[dict]:
    """By their supervisors, who name the seal that they have read."""
    return [
        {
            "id": key,
            "session_id": session.pk,
            "digest": digests[session.pk],
            "signed_at": at,
            "signed_by_id": session.supervisor_id,
        }
        for key, (session, at) in enumerate(cosigned, start=first)
    ]


def _by_session(rows: list[Model]) -> dict[int, list[Model]]:
    found = defaultdict(list)
    for row in rows:
        found[row.session_id].append(row)
    return found


def _seal(session: NeedlingSession, parts: dict[str, list], facts: Sealing) -> dict:
    """The columns of a seal. `parts` are the session's rows by the names that the seal gives them."""
    locked = {name: [seal.columns(row) for row in rows] for name, rows in parts.items()}
    spoken = seal_rules.standing_parts(*(parts[name] for name in SPOKEN))
    text = seal_rules.compose(
        session,
        locked={"session": seal.columns(session), **locked},
        text=seal_rules.note_text(session, spoken),
        signer=facts.signers[session.therapist_id],
        supervisor=facts.signers.get(session.supervisor_id),
        catalogues=facts.catalogues,
        at=session.signed_at,
    )
    return {
        "session_id": session.pk,
        "version": seal_rules.VERSION,
        "text": text,
        "digest": seal_rules.digest(text),
        "sealed_at": session.signed_at,
        "sealed_by_id": session.signed_by_id,
    }
