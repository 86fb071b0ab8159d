"""Signs the notes of a batch: each gets the seal that signing it in the product would make."""

import datetime as dt
from collections import defaultdict

from django.db.models import F, Model
from django.utils import timezone

from demo.bulk.keys import KeyAllocator
from demo.bulk.tables import bulk_table
from treatments.models import CoSignature, NeedlingSession, Seal
from treatments.rules.signing import seal as seal_rules
from treatments.selectors.signing import seal

SIGNING_TAKES = dt.timedelta(minutes=6)
SPOKEN = ("sites", "conditions", "measurements", "aftercare")


def sign(
    sessions: list[NeedlingSession], rows: dict[type[Model], list], keys: KeyAllocator
) -> dict[int, str]:
    """By their therapists, a few minutes after the end; gives the digest of each seal by session."""
    signers = {user for session in sessions for user in (session.therapist, session.supervisor)}
    standing = seal.signer_facts(signers, on=timezone.now())
    written = NeedlingSession.objects.filter(pk__in=[session.pk for session in sessions])
    written.update(signed_at=F("ended_at") + SIGNING_TAKES, signed_by=F("therapist"))
    catalogues = seal.catalogue_digests()
    parts = {name: _by_session(rows[model]) for name, model in seal.LOCKED_TABLES.items()}
    seals = []
    for session in sessions:
        session.signed_at, session.signed_by = session.ended_at + SIGNING_TAKES, session.therapist
        own = {name: by_session[session.pk] for name, by_session in parts.items()}
        seals.append({"id": keys.next(Seal), **_seal(session, own, standing=standing, catalogues=catalogues)})
    bulk_table(Seal).insert(seals)
    return {row["session_id"]: row["digest"] for row in seals}


def cosign(
    cosigned: list[tuple[NeedlingSession, dt.datetime]], digests: dict[int, str], keys: KeyAllocator
) -> None:
    """By their supervisors, who name the seal that they have read."""
    # a list: a key may have to be fetched, which PostgreSQL refuses in the middle of a COPY
    bulk_table(CoSignature).insert(
        [
            {
                "id": keys.next(CoSignature),
                "session_id": session.pk,
                "digest": digests[session.pk],
                "signed_at": at,
                "signed_by_id": session.supervisor_id,
            }
            for session, at in cosigned
        ]
    )


def _by_session(rows: list[Model]) -> dict[int, list[Model]]:
    found = defaultdict(list)
    for row in rows:
        found[row.session_id].append(row)
    return found


def _seal(session: NeedlingSession, parts: dict[str, list], *, standing: dict, catalogues: dict) -> dict:
    """The columns of a seal. `parts` are the session's rows by the names that the seal gives them."""
    locked = {name: [seal.columns(row) for row in rows] for name, rows in parts.items()}
    spoken = seal_rules.standing_parts(*(parts[name] for name in SPOKEN))
    text = seal_rules.compose(
        session,
        locked={"session": seal.columns(session), **locked},
        text=seal_rules.note_text(session, spoken),
        signer=standing[session.therapist_id],
        supervisor=standing.get(session.supervisor_id),
        catalogues=catalogues,
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
