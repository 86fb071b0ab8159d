"""Where the value of a field is kept: a column of the session, or a line of one of its parts."""

from django.db.models import OuterRef, Q
from django.utils import timezone

from clinic.models.rows import Rows
from clinic.values import errors
from clinic.values.errors import Reason
from treatments import fields
from treatments.actions import journal
from treatments.models import Aftercare, AftercareAdvice, Measurement, SessionCondition
from treatments.readiness.signing import NOT_ASKED

REMOVED = Reason("part-missing", "This line was removed. Open the page again.")


def _write_session(draft, name, part, value, by):
    """Set a column, with the pair that belongs to it; returns what stood there."""
    if name == "identity_checked":
        old = draft.identity_checked_at is not None
        draft.identity_checked_at, draft.identity_checked_by = (timezone.now(), by) if value else (None, None)
        draft.save(update_fields=["identity_checked_at", "identity_checked_by"])
        return old
    old = getattr(draft, name)
    setattr(draft, name, value if value is not None or draft._meta.get_field(name).null else "")
    touched = [name]
    if name == "needles_out":
        counted = value is not None
        draft.needles_counted_at, draft.needles_counted_by = (timezone.now(), by) if counted else (None, None)
        touched += ["needles_counted_at", "needles_counted_by"]
    draft.save(update_fields=touched)
    return old


def _write_condition(draft, name, part, value, by):
    row = _part(SessionCondition.objects.filter(removed_at=None), draft, part)
    if name.startswith("not_asked"):
        return _write_reason(row, name, value)
    why = name.replace("pain", "not_asked")
    old = getattr(row, name)
    if value == fields.ASKED_NOT:
        setattr(row, name, None)
        setattr(row, why, getattr(row, why) or NOT_ASKED)
    else:
        setattr(row, name, value)
        setattr(row, why, "")
    journal.keep(row, name, why)
    return old


def _write_reason(row, name, value):
    """A reason stands only where the pain was not asked."""
    old = getattr(row, name)
    asked = getattr(row, name.replace("not_asked", "pain")) is not None
    setattr(row, name, "" if asked else value or (NOT_ASKED if old else ""))
    journal.keep(row, name)
    return old


def _write_measurement(draft, name, part, value, by):
    row = _part(Measurement.objects.filter(struck_at=None), draft, part)
    column = name.removeprefix("measure_")
    old = getattr(row, column)
    setattr(row, column, value)
    journal.keep(row, column)
    return old


def _write_advice(draft, name, part, value, by):
    """Tick or untick an advice; its words are kept as they stood."""
    kept = Rows(Aftercare.objects.filter(session=draft, item=OuterRef("pk")), pk="pk", given_at="given_at")
    item = AftercareAdvice.objects.filter(code=part).annotate(kept=kept).first()
    if item is None:
        errors.refuse(
            [Reason("advice-unknown", "This advice is no longer in the list. Open the page again.")]
        )
    given_at, given_by = (timezone.now(), by) if value else (None, None)
    said = {"text": item.text, "given_at": given_at, "given_by": given_by}
    if not item.kept:
        Aftercare.objects.bulk_create([Aftercare(session=draft, item=item, **said)])
        return False
    (row,) = item.kept
    Aftercare.objects.filter(pk=row["pk"]).update(**said)
    return row["given_at"] is not None


def _part(rows, draft, part: str):
    row = rows.filter(Q(session=draft), pk=part).first() if part.isdigit() else None
    if row is None:
        errors.refuse([REMOVED])
    return row


WRITERS = {
    fields.SESSION: _write_session,
    fields.CONDITION: _write_condition,
    fields.MEASUREMENT: _write_measurement,
    fields.AFTERCARE: _write_advice,
}
