"""A lead approves how urgent a warning sign is, or sets another level with a reason."""

from django.db import transaction
from django.utils.translation import gettext as _

from clinic import audit
from clinic.values import errors
from clinic.values.errors import Reason
from treatments.models import LevelDecision, WarningSignLevel


@transaction.atomic
def decide(level: WarningSignLevel, *, by, urgency: int, reason: str = "") -> LevelDecision:
    """The newest decision acts. One that differs from the published level needs a reason."""
    level = WarningSignLevel.objects.select_for_update(of=("self",)).get(pk=level.pk)
    if urgency != level.urgency and not reason.strip():
        message = _("Write why this level differs from the published one.")
        errors.refuse([Reason("reason-missing", message, field="reason")])

    former = level.decisions.first()
    decision = LevelDecision.objects.create(level=level, urgency=urgency, reason=reason, decided_by=by)

    before = {"urgency": former.urgency if former else None}
    changes = audit.difference(before, {"urgency": urgency})
    audit.record("warning_level.decided", decision, by=by, changes=changes, reason=reason)
    return decision
