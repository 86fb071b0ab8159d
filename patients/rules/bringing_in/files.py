"""When a file may be brought in."""

import hashlib

from django.utils.translation import gettext as _

from clinic import formats
from clinic.values.errors import Reason
from patients.models import BroughtFile

# own choice: what a page reads within seconds; a command takes the rest
PAGE_ROWS = 5_000
# own choice: 5,000 rows of any system with room
PAGE_BYTES = 4 * 1024 * 1024


def digest_of(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def again_reasons(before: BroughtFile | None) -> list[Reason]:
    """`before` is this very file as it was brought in."""
    if before is None:
        return []
    message = _(
        "This very file was brought in %(at)s by %(who)s (%(count)s rows). Nobody is registered twice."
    )
    shown = {
        "at": formats.moment(before.ended_at),
        "who": before.ended_by.display_name,
        "count": formats.whole(before.written),
    }
    return [Reason("file-again", message % shown, field="file")]


def waiting_reasons(*, is_waiting: bool) -> list[Reason]:
    if is_waiting:
        return []
    return [Reason("file-ended", _("This file was brought in or taken away meanwhile. Upload it again."))]
