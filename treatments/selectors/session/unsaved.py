"""The unsaved input of one writer, as a part of the statement that reads a draft."""

from django.db.models import OuterRef

from clinic.models.rows import Rows
from treatments.models import UnkeptEntry


def entry_of(user: int) -> Rows:
    """The one entry of a writer, as a part of the session."""
    entries = UnkeptEntry.objects.filter(session=OuterRef("pk"), user=user)
    return Rows(entries, said="said", at="written_at")
