"""Undoing one change of a draft: the value before is written again, as a change of its own."""

from django.db import transaction
from django.db.models import Field, Model
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clinic.values import errors
from clinic.values.errors import Reason, RuleViolation, StaleRecord
from treatments.actions.session import draft_events, measurements
from treatments.actions.session import fields as fields_actions
from treatments.actions.session.draft_events import Stamp
from treatments.actions.sites import correction as site_correction
from treatments.models import DraftEvent, Measurement, NeedleSite, NeedlingSession
from treatments.rules.session import fields

TIMES = ("needle_in_at", "needle_out_at")
MISSING = Reason("change-missing", gettext_lazy("This draft has no such change. Open its changes again."))


@transaction.atomic
def take_back(session, *, by, change: int) -> None:
    """Undo the newest change of a field, a site or a line. An older one is refused."""
    errors.refuse(draft_events.locked_reasons(session))
    event = DraftEvent.objects.filter(session=session.pk, pk=change).first()
    if event is None:
        raise RuleViolation([MISSING])

    newest, *earlier = _of_same(event)[:2]
    if newest.pk != event.pk:
        raise StaleRecord(_("It was changed again since. Take the newer change back first."))

    # the action that writes it locks the draft, and compares the version again
    _undo(session, event, next(iter(earlier), None), by, Stamp(base_version=event.pk))


def _of_same(event: DraftEvent):
    same = {"field": event.field, "part": event.part, "site_key": event.site_key}
    return DraftEvent.objects.filter(session=event.session_id, **same).order_by("-pk")


def _undo(draft, event, earlier, by, stamp: Stamp) -> None:
    if event.field in fields.PLACES:
        # the event before has what was entered: “not asked”, where the column only has no number
        before = earlier.new if earlier is not None else event.old
        name, value = fields.join(event.field, event.part), _column_value(event.field, before)
        fields_actions.save_field(draft, by=by, field=name, value=value, stamp=stamp)
    elif event.field in TIMES:
        site_correction.clear_time(draft, by=by, key=event.site_key, column=event.field, stamp=stamp)
    elif event.field.startswith("measurement"):
        pk = event.new["pk"] if event.field == "measurement" else int(event.part)
        undo = event.field == "measurement_struck" and bool(event.new)
        measurements.strike(draft, by=by, pk=pk, undo=undo)
    elif event.field == "site" and event.old is not None:
        site_correction.change(draft, by=by, key=event.site_key, stamp=stamp, **_columns(event.old))
    else:
        undo = event.field == "site_struck" and bool(event.new)
        site_correction.strike(draft, by=by, key=event.site_key, stamp=stamp, undo=undo)


def _column_value(field: str, value):
    """A value of an event as its column takes it."""
    place = fields.PLACES[field]
    if field == "needles_second":
        return value or ""
    if field == "identity_checked" or place == fields.AFTERCARE:
        return bool(value)
    if place == fields.CONDITION:
        return value
    model = Measurement if place == fields.MEASUREMENT else NeedlingSession
    return _columns_of(model)[field.removeprefix("measure_")].to_python(value)


def _columns(old: dict) -> dict:
    """The columns as they were. One that the event does not have stays; times have events of their own."""
    known = _columns_of(NeedleSite)
    columns = [known[name] for name in old if name not in TIMES]
    return {column.attname: column.to_python(old[column.name]) for column in columns}


def _columns_of(model: type[Model]) -> dict[str, Field]:
    return {column.name: column for column in model._meta.concrete_fields}
