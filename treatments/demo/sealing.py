"""Signs the notes of a batch: each is read back from the database and sealed as a signature seals it."""

import datetime as dt
from collections.abc import Iterable

from django.db.models import F

from treatments import seal
from treatments.demo.tables import Keys, table
from treatments.models import NeedlingSession, Seal

# The relations behind the parts of a seal have the names that the seal gives them.
PARTS = tuple(seal.PARTS)
SIGNING_TAKES = dt.timedelta(minutes=6)


def sign(sessions: Iterable[NeedlingSession], keys: Keys) -> None:
    """By their therapists, a few minutes after the end; then nobody can change them."""
    signers = {person.pk: seal.facts_of(person) for person in {session.therapist for session in sessions}}
    wanted = NeedlingSession.objects.filter(pk__in=[session.pk for session in sessions])
    wanted.update(signed_at=F("ended_at") + SIGNING_TAKES, signed_by=F("therapist"))
    catalogues = seal.digests()
    read_back = wanted.select_related("patient", "jurisdiction").prefetch_related(*seal.SPOKEN, *PARTS)
    table(Seal).insert(_seal(session, signers, catalogues, keys) for session in read_back.order_by("pk"))


def _seal(session: NeedlingSession, signers: dict[int, dict], catalogues: dict, keys: Keys) -> dict:
    locked = {name: [seal.columns(row) for row in getattr(session, name).all()] for name in PARTS}
    text = seal.compose(
        session,
        locked={"session": seal.columns(session), **locked},
        words=seal.words_of(session),
        signer=signers[session.signed_by_id],
        catalogues=catalogues,
        at=session.signed_at,
    )
    return {
        "id": keys.next(Seal),
        "session_id": session.pk,
        "version": seal.VERSION,
        "text": text,
        "digest": seal.digest(text),
        "sealed_at": session.signed_at,
        "sealed_by_id": session.signed_by_id,
    }
