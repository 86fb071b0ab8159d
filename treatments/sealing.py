"""What a signature seals, read from the database once more: a form or a cached object does not count."""

import datetime as dt

from django.db.models import QuerySet, prefetch_related_objects

from clinic.django_internals.prepared import Prepared
from clinic.models import CatalogueFile
from clinic.models.rows import Rows
from treatments import seal, signatories
from treatments.models import NeedlingSession

BESIDE = ("patient", "therapist", "supervisor", "jurisdiction")


def reread(session) -> NeedlingSession:
    """The note with its locked columns in one question, and the rows of its words in one for each table."""
    (note,) = TO_SEAL(pk=session.pk)
    prefetch_related_objects([note], *seal.SPOKEN)
    return note


def text_of(note: NeedlingSession, *, signer, at: dt.datetime) -> str:
    """What is signed. `note` comes from `reread`."""
    people = signatories.facts_of((signer, note.supervisor), on=at)
    return seal.compose(
        note,
        locked=seal.project(note),
        words=seal.words_of(note),
        signer=people[signer.pk],
        supervisor=people.get(note.supervisor_id),
        catalogues={row["name"]: row["digest"] for row in note.catalogues},
        at=at,
    )


def _to_seal(pk: int) -> QuerySet:
    notes = NeedlingSession.objects.filter(pk=pk).select_related(*BESIDE)
    files = Rows(CatalogueFile.objects.order_by("name"), name="name", digest="digest")
    return seal.with_locked_rows(notes).annotate(catalogues=files)


TO_SEAL = Prepared(_to_seal)
