"""A lead records what counsel says of a state that bars needling, or withdraws it."""

import datetime as dt

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from clinic import audit
from clinic.models import CounselOpinion, Jurisdiction, User
from clinic.rules import all_states
from clinic.values import errors
from clinic.values.errors import Reason, StaleRecord

REPLACED = gettext_noop("Replaced by a newer opinion.")


@transaction.atomic
def record_opinion(
    profile: Jurisdiction,
    *,
    by: User,
    counsel: str,
    given_on: dt.date,
    opinion: str,
    reason: str,
    document: str,
) -> CounselOpinion:
    """Sessions may be opened in this state from now on, with this word in the note. The former one ends.

    It is about the text of today. Once that changes it opens nothing, until a lead records it anew.
    """
    profile = Jurisdiction.objects.select_for_update().get(pk=profile.pk)
    today = timezone.localdate()
    errors.refuse(_not_needed(profile, today) + _of_the_day(given_on, today))
    _end(profile, by=by, reason=REPLACED)
    row = CounselOpinion.objects.create(
        jurisdiction=profile,
        counsel=counsel,
        given_on=given_on,
        opinion=opinion,
        reason=reason,
        document=document,
        text_digest=all_states.text_digest(profile),
        recorded_at=timezone.now(),
        recorded_by=by,
    )
    changes = {"counsel": [None, counsel], "document": [None, document], "opinion": [None, opinion]}
    audit.record("counsel.recorded", profile, by=by, changes=changes, reason=reason)
    return row


@transaction.atomic
def withdraw_opinion(profile: Jurisdiction, *, by: User, reason: str) -> None:
    """The state bars again from now on. Sessions that were opened keep the word they were opened with."""
    profile = Jurisdiction.objects.select_for_update().get(pk=profile.pk)
    if not _end(profile, by=by, reason=reason):
        raise StaleRecord(_("Somebody has withdrawn it already."))
    audit.record("counsel.withdrawn", profile, by=by, reason=reason)


def _end(profile: Jurisdiction, *, by: User, reason: str) -> bool:
    standing = CounselOpinion.objects.standing().filter(jurisdiction=profile)
    return bool(standing.update(withdrawn_at=timezone.now(), withdrawn_by=by, withdrawn_reason=reason))


def _not_needed(profile: Jurisdiction, today: dt.date) -> list[Reason]:
    if all_states.bars(profile.status, profile.valid_from, on=today):
        return []
    message = _("%(state)s does not bar dry needling, so nothing has to be recorded here.") % {
        "state": profile.name
    }
    return [Reason("counsel-not-needed", message)]


def _of_the_day(given_on: dt.date, today: dt.date) -> list[Reason]:
    if given_on <= today:
        return []
    return [
        Reason(
            "counsel-in-the-future",
            _("That day is yet to come. Write the day counsel said it."),
            field="given_on",
        )
    ]
