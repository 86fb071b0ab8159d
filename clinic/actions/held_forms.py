"""Holds what somebody typed on a form until it is put away, or arrives (`clinic.web.responses`)."""

import datetime as dt
import uuid

from clinic.models import FormKey, HeldForm, User

# Who comes back later has the page filled in anew: nothing that was never sent is kept for good.
KEPT_FOR = dt.timedelta(days=30)


def hold(*, by: User, page: str, form_key: uuid.UUID, texts: dict[str, str], now: dt.datetime) -> None:
    """Store these texts in place of the earlier ones; none discards them.

    Those of a form that arrived come too late: what stands on the page by now is of the next form there.
    """
    if FormKey.objects.filter(user=by, key=form_key).exists():
        return
    if not texts:
        discard(by=by, page=page, now=now)
        return
    HeldForm.objects.bulk_create(
        [HeldForm(user=by, page=page, form_key=form_key, texts=texts, written_at=now)],
        update_conflicts=True,
        unique_fields=["user", "page"],
        update_fields=["form_key", "texts", "written_at"],
    )


def discard(*, by: User, page: str, now: dt.datetime) -> None:
    """Delete them, and whatever this person left long ago."""
    HeldForm.objects.filter(user=by, page=page).delete()
    HeldForm.objects.filter(user=by, written_at__lt=now - KEPT_FOR).delete()
