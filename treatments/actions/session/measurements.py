"""What is measured, before and after."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from clinic import audit
from clinic.values import errors
from clinic.values.errors import Reason, RuleViolation
from treatments.actions.session import draft_events
from treatments.actions.session.draft_events import Stamp
from treatments.models import Measurement, Muscle
from treatments.rules.session import fields


@transaction.atomic
def add(session, *, by, stamp: Stamp | None = None, **values) -> Measurement:
    """Add a measurement, all its words from lists; its values can be saved later, as fields of their own."""
    stamp = stamp or Stamp()
    locked = draft_events.lock(session, by=by)
    draft = locked.row
    repeated, newest = draft_events.repeated_and_newest(locked, stamp, name="measurement")
    noted = {name: _noted(value) for name, value in values.items()}
    if repeated is not None:
        written: dict = repeated.new or {}
        if written != {"pk": written.get("pk"), **noted}:
            errors.refuse([Reason("key-used", _("This was saved before as another line. Correct it there."))])
        return Measurement.objects.get(session=draft, pk=written["pk"])
    row = Measurement.objects.create(session=draft, **values)
    draft_events.write(locked, stamp, by=by, name="measurement", new={"pk": row.pk, **noted})
    audit.record(
        "session.field_saved", draft, by=by, patient=draft.patient, changes={"measurement": [None, noted]}
    )
    return row


@transaction.atomic
def strike(session, *, by, pk: int, stamp: Stamp | None = None, undo: bool = False) -> Measurement:
    """Take a measurement out of the note, or put it back; the row stays."""
    stamp = stamp or Stamp()
    locked = draft_events.lock(session, by=by)
    draft = locked.row
    row = Measurement.objects.filter(session=draft, pk=pk).first()
    if row is None:
        raise RuleViolation([Reason("part-missing", _("This line was removed. Open the page again."))])
    if (row.struck_at is None) != undo:
        row.struck_at, row.struck_by = (None, None) if undo else (timezone.now(), by)
        row.save(update_fields=["struck_at", "struck_by"])
        draft_events.write(
            locked, stamp, by=by, name="measurement_struck", part=str(pk), old=undo, new=not undo
        )
        audit.record(
            "session.field_saved",
            draft,
            by=by,
            patient=draft.patient,
            changes={"measurement": [pk, "put back" if undo else "removed"]},
        )
    return row


def _noted(value):
    """As the history of the draft holds it: a muscle by its code."""
    return value.code if isinstance(value, Muscle) else fields.json_value(value)
