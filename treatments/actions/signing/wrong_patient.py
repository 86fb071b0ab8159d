"""A note of the wrong patient is marked in error, and copied into a draft of the right one, unconfirmed."""

import datetime as dt
import uuid
from dataclasses import dataclass, field

from django.db import models, transaction
from django.utils import timezone

from clinic import audit
from clinic.models import User
from clinic.values import errors
from patients.actions import episodes, visits
from patients.models import Episode, Patient, PatientCondition, Visit
from treatments.actions.session import draft_events, opening
from treatments.actions.session.draft_events import LockedRow, Stamp
from treatments.actions.signing import after_signing
from treatments.models import (
    Aftercare,
    DraftEvent,
    Measurement,
    NeedleSite,
    NeedlingSession,
    SessionCondition,
)
from treatments.rules.session import copied, fields
from treatments.rules.signing import wrong_patient as rules
from treatments.rules.signing.wrong_patient import Target
from treatments.rules.sites import origins
from treatments.selectors.signing import wrong_patient

# Columns of a part that belong to its row, and are set anew.
OWN_COLUMNS = {"id", "session", "session_condition", "key", "number", "added_at", "added_by"}

# Why a session without a consent of its patient on file is noted late; in the record, never translated.
WRITTEN_ELSEWHERE = "Written first in the note of another patient."


@dataclass
class Copy:
    """The draft that is being filled, its changes, and the texts that were left out."""

    draft: NeedlingSession
    by: User
    names: list[str]
    events: list[DraftEvent] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)
    client_id: uuid.UUID = field(default_factory=uuid.uuid4)

    def note(self, name: str, new, *, part: str = "", site_key=None) -> None:
        """One copied value, as a change of the draft."""
        stamp = Stamp(self.client_id, len(self.events) + 1, 0, DraftEvent.Origin.COPIED)
        values = {"part": part, "site_key": site_key, "new": fields.json_value(new)}
        self.events.append(draft_events.event_of(self.draft, stamp, by=self.by, name=name, **values))

    def without_names(self, label: str, values: dict, model: type[models.Model]) -> dict:
        """The values without texts that say who the other patient is."""
        texts = {column.attname for column in model._meta.concrete_fields if _is_free_text(column)}
        named = [name for name in values if name in texts and copied.mentions(values[name], self.names)]
        self.left_out += [f"{label}{name.replace('_', ' ')}" for name in named]
        return {**values, **dict.fromkeys(named, "")}


@transaction.atomic
def correct(session, *, by, reason: str, target: Target, conditions: list[PatientCondition]) -> Copy:
    """Mark the note in error and copy it into a draft of its therapist on the right patient.

    Nothing in the draft leads back to the other patient: no key, no reference, no text with their name.
    """
    note = after_signing.mark_error(session, by=by, reason=reason, calls_end=rules.CALLS_END).session
    patient, day = target.patient, timezone.localdate(rules.started_at(note))
    # takes the row lock on the right patient's record
    episode = episodes.current_episode(patient, by=by, on=day)
    target = Target(patient, _locked_visit(target, patient))

    errors.refuse(
        rules.reasons(
            note, target, conditions=_theirs(patient, conditions), has_session=_has_session(note, target)
        )
    )

    draft = _draft(note, target, episode, by=by)
    copy = Copy(draft, by, copied.identifying(note.patient))
    _copy_session(note, copy)
    _copy_conditions(note, copy, conditions, on=day)
    _copy_sites(note, copy)
    _copy_measurements(note, copy)
    _copy_advice(note, copy)
    draft_events.write_all(LockedRow(draft), copy.events)

    changes = {"copied": [None, len(copy.events)], "left out": [None, copy.left_out]}
    audit.record("session.copied", draft, by=by, patient=patient, changes=changes)
    return copy


def _locked_visit(target: Target, patient: Patient) -> Visit | None:
    if target.visit is None:
        return None
    rows = Visit.objects.select_for_update(of=("self",)).select_related("location", "therapist")
    return rows.get(pk=target.visit.pk, patient=patient)


def _theirs(patient: Patient, conditions: list[PatientCondition]) -> list[PatientCondition]:
    """The chosen conditions, or none where one of them is not an open one of this patient."""
    own = set(wrong_patient.conditions_of(patient).values_list("pk", flat=True))
    return conditions if {row.pk for row in conditions} <= own else []


def _has_session(note: NeedlingSession, target: Target) -> bool:
    if target.visit is None:
        return False
    return NeedlingSession.objects.counted().filter(visit=target.visit, therapist=note.therapist).exists()


def _draft(note: NeedlingSession, target: Target, episode: Episode, *, by) -> NeedlingSession:
    """The empty draft of that day. Consent and health questions are the patient's own, or missing."""
    patient, papers = target.patient, wrong_patient.papers_of(target, note)
    visit = target.visit or visits.record_past(
        patient,
        by=by,
        therapist=note.therapist,
        location=note.location,
        came_at=rules.started_at(note),
        left_at=rules.ended_at(note),
    )
    return NeedlingSession.objects.create(
        patient=patient,
        visit=visit,
        episode=episode,
        location_id=visit.location_id,
        therapist=note.therapist,
        supervisor=note.supervisor,
        jurisdiction=note.jurisdiction,
        screening_id=papers.intake,
        visit_screening_id=papers.visit_screen,
        consent_id=papers.consent,
        late_entry_reason="" if papers.consent else WRITTEN_ELSEWHERE,
        access=episode.access,
        referral=episode.referral,
        visit_number=opening.visit_number(episode, visit),
        opened_by=by,
    )


def _copy_session(note: NeedlingSession, copy: Copy) -> None:
    values = _filled({name: getattr(note, name) for name in copied.SESSION_FIELDS})
    values = copy.without_names("", values, NeedlingSession)
    counted = {name: getattr(note, name) for name in ("needles_counted_at", "needles_counted_by")}
    for name, value in {**values, **counted}.items():
        setattr(copy.draft, name, value)
    copy.draft.save(update_fields=[*values, *counted])
    for name, value in _filled(values).items():
        copy.note(name, value)


def _copy_conditions(
    note: NeedlingSession, copy: Copy, chosen: list[PatientCondition], *, on: dt.date
) -> None:
    """The patient's own conditions; the pain only where it is plain which one it was said of."""
    before = list(note.conditions.filter(removed_at=None))
    by_name = {(row.name, row.side): row for row in before}
    lone = before[0] if len(before) == len(chosen) == 1 else None
    rows = opening.condition_rows(copy.draft, chosen, on=on)
    for row in rows:
        source = by_name.get((row.name, row.side), lone)
        said = {name: getattr(source, name) for name in copied.PAINS} if source else {}
        for name, value in copy.without_names("", _filled(said), SessionCondition).items():
            setattr(row, name, value)
    for row in SessionCondition.objects.bulk_create(rows):
        for name in _filled({name: getattr(row, name) for name in copied.PAINS}):
            copy.note(name, getattr(row, name), part=str(row.pk))


def _filled(values: dict) -> dict:
    return {name: value for name, value in values.items() if value not in (None, "")}


def _copy_sites(note: NeedlingSession, copy: Copy) -> None:
    sources = dict.fromkeys(origins.VALUE_COLUMNS, origins.COPIED)
    rows = []
    for number, site in enumerate(note.sites.standing().order_by("number"), start=1):
        values = copy.without_names(f"site {number}, ", _columns(site), NeedleSite)
        rows.append(NeedleSite(session=copy.draft, number=number, added_by=copy.by, **values))
    for row in NeedleSite.objects.bulk_create(rows):
        copy.note("site", {**fields.site_values(row), "origins": sources}, site_key=row.key)


def _copy_measurements(note: NeedlingSession, copy: Copy) -> None:
    rows = [
        Measurement(session=copy.draft, **copy.without_names("measurement, ", _columns(row), Measurement))
        for row in note.measurements.filter(struck_at=None)
    ]
    for row in Measurement.objects.bulk_create(rows):
        copy.note("measurement", {"pk": row.pk, "kind": row.kind, "side": row.side})
        for name in ("before", "after"):
            if getattr(row, name) is not None:
                copy.note(f"measure_{name}", getattr(row, name), part=str(row.pk))


def _copy_advice(note: NeedlingSession, copy: Copy) -> None:
    given = list(note.aftercare.filter(given_at__isnull=False).select_related("item"))
    Aftercare.objects.bulk_create(Aftercare(session=copy.draft, **_columns(row)) for row in given)
    for row in given:
        copy.note("advice", True, part=row.item.code)


def _columns(row: models.Model) -> dict:
    """What a part says, without what its row is. What was taken out is not copied."""
    taken_out = {"struck_at", "struck_by"}
    names = [column for column in row._meta.concrete_fields if column.name not in OWN_COLUMNS | taken_out]
    return {column.attname: getattr(row, column.attname) for column in names}


def _is_free_text(column: models.Field) -> bool:
    """A text that somebody typed and that may be left out."""
    return isinstance(column, models.CharField | models.TextField) and column.blank and not column.choices
