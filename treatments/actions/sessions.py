"""A session's life before its signature: opened, written field by field, ended."""

from dataclasses import dataclass

from django.db import transaction
from django.db.models import Count
from django.utils import timezone

from clinic import audit
from clinic.models import Practice
from clinic.values import errors
from clinic.values.errors import Reason
from patients.actions import episodes
from patients.models import Consent, Patient, PatientCondition, Screening, Visit
from treatments import fields, readiness, together
from treatments.actions import followups, journal, places
from treatments.actions.journal import Stamp
from treatments.models import DraftEvent, NeedlingSession, SessionCondition
from treatments.readiness.opening import profile_of


@dataclass(frozen=True)
class Saved:
    """What a change came to. `repeated` when this very request had arrived before."""

    version: int
    value: object
    draft: NeedlingSession
    repeated: bool = False


@transaction.atomic
def open_session(
    patient: Patient, *, by, visit: Visit | None, conditions, access="", referral=None,
    consent_confirmed=True, supervisor=None,
) -> NeedlingSession:  # fmt: skip
    """The draft of this visit. The one that stands is returned; a second one is never made."""
    today, now = timezone.localdate(), timezone.now()
    standing = _standing(visit, by) if visit is not None else None
    if standing is not None:
        return standing

    practice = Practice.objects.select_related("jurisdiction").get(pk=1)
    facts = readiness.open_facts_for(
        patient, user=by, practice=practice, visit=visit, on=today, supervisor=supervisor
    )
    errors.refuse([*readiness.open_reasons(facts), *_form_reasons(patient, conditions, consent_confirmed)])

    episode = episodes.current(patient, by=by, on=today)
    safety = facts.safety
    session = NeedlingSession.objects.create(
        patient=patient,
        visit=visit,
        episode=episode,
        location_id=visit.location_id,
        therapist=by,
        supervisor=supervisor,
        jurisdiction=profile_of(practice),
        screening=Screening(pk=safety.intake.pk),
        visit_screening=Screening(pk=_short_screen(safety, visit)),
        consent=Consent(pk=safety.consent.pk),
        access=access or episode.access,
        referral=referral or episode.referral,
        visit_number=_visit_number(episode, visit),
        **_start(by, now),
    )
    SessionCondition.objects.bulk_create(_condition_row(session, row) for row in conditions)

    names = [row.icd10 or str(row.pk) for row in conditions]
    said = {"conditions": [None, names], **_named(supervisor)}
    audit.record("session.opened", session, by=by, patient=patient, changes=said)
    return session


@transaction.atomic
def save_field(session, *, by, field: str, value, stamp: Stamp | None = None, **said) -> Saved:
    """Keep one field of a draft, compared with the version it was based on.

    `field` is `name` or `name-part`. Pass a Stamp, or base_version, client_id, seq and origin.
    """
    stamp = stamp or Stamp(**said)
    if field in together.PART_OF:
        # another part of the page shows it: the draft comes back with its parts
        draft = journal.lock_whole(session, by=by, stamp=stamp)
    else:
        draft = journal.lock(session, by=by)
    (saved,) = _save(draft, [(field, value, stamp)], by)
    return saved


@transaction.atomic
def save_fields(session, *, by, changes: dict[str, tuple], client_id) -> list[Saved]:
    """Keep several fields at once: {field: (value, base version, number in its form)}."""
    draft = journal.lock_whole(session, by=by, stamp=Stamp(client_id, seq=None))
    stamped = [
        (name, value, Stamp(client_id, seq, version))
        for name, (value, version, seq) in _in_order(draft, changes)
    ]
    return _save(draft, stamped, by)


def end(session, *, by, at, client_id, seq=1, base_version=0) -> Saved:
    """Note the end; follow-ups are scheduled from it, signed or not."""
    stamp = Stamp(client_id, seq, base_version, DraftEvent.Origin.TIMER)
    return save_field(session, by=by, field="ended_at", value=at, stamp=stamp)


def _save(draft, changes: list[tuple], by) -> list[Saved]:
    """Each (field, value, stamp) written, then all of their events at once."""
    saved = [_written(draft, field, value, stamp, by) for field, value, stamp in changes]
    journal.write_all(draft, [event for event, _ in saved if event.pk is None])
    audit.record_many([entry for _, entries in saved for entry in entries])
    return [Saved(event.pk, event.new, draft, repeated=not entries) for event, entries in saved]


def _written(draft, field: str, value, stamp: Stamp, by) -> tuple[DraftEvent, list[audit.Entry]]:
    """The change's event with what the audit hears. A repeated one is the event of before, and nothing."""
    name, part = fields.split(field)
    repeated, newest = journal.seen(draft, stamp, name=name, part=part)
    if repeated is not None:
        return repeated, []

    new = fields.plain(value)
    journal.compare(newest, stamp, new)
    errors.refuse(_value_reasons(draft, field, value))

    old = fields.plain(places.WRITERS[fields.PLACES[name]](draft, name, part, value, by))
    event = journal.event_of(draft, stamp, by=by, name=name, part=part, old=old, new=new)
    entries = [audit.Entry("session.field_saved", draft, by, draft.patient, {field: [old, new]})]
    if name == "ended_at" and value is not None:
        entries += followups.after_end(draft, by=by, at=value)
        entries += [audit.Entry("session.ended", draft, by, draft.patient)] if old is None else []
    return event, entries


def _in_order(draft, changes: dict[str, tuple]) -> list[tuple]:
    """Both times moved later: the end first, or the new start would lie after the old end."""
    start = changes.get("started_at", (None,))[0]
    end_first = start is not None and draft.ended_at is not None and start > draft.ended_at
    return sorted(changes.items(), key=_is_end, reverse=True) if end_first else list(changes.items())


def _is_end(change: tuple) -> bool:
    return change[0] == "ended_at"


def _form_reasons(patient, conditions, consent_confirmed) -> list[Reason]:
    found = []
    theirs = PatientCondition.objects.open().filter(
        episode__patient=patient, pk__in=[row.pk for row in conditions]
    )
    if not conditions or theirs.count() != len(conditions):
        message = "Choose at least one condition that is treated today."
        found.append(Reason("conditions-missing", message, field="conditions"))
    if not consent_confirmed:
        message = "Ask the patient again, and confirm that they agree to dry needling today."
        found.append(Reason("consent-unconfirmed", message, field="consent_confirmed"))
    return found


def _standing(visit: Visit, by) -> NeedlingSession | None:
    """The session of this visit that `by` has opened before; the visit is locked from here on."""
    Visit.objects.select_for_update(of=("self",)).get(pk=visit.pk)
    return NeedlingSession.objects.counted().filter(visit=visit, therapist=by).first()


def _named(supervisor) -> dict:
    return {"supervisor": [None, supervisor.username]} if supervisor is not None else {}


def _start(by, now) -> dict:
    """The page takes minutes; with seconds, an end in the same minute would lie before the start."""
    return {
        "consent_confirmed_at": now,
        "consent_confirmed_by": by,
        "opened_at": now,
        "opened_by": by,
        "started_at": now.replace(second=0, microsecond=0),
    }


def _short_screen(safety, visit) -> int:
    return next(screen.pk for screen in safety.visit_screens if screen.visit_id in (None, visit.pk))


def _visit_number(episode, visit: Visit) -> int:
    """Two therapists at one visit write two sessions of the same number."""
    others = NeedlingSession.objects.counted().filter(episode=episode).exclude(visit=visit)
    made = others.aggregate(made=Count("visit", distinct=True))["made"]
    return episode.visits_before + made + 1


def _condition_row(session, row: PatientCondition) -> SessionCondition:
    return SessionCondition(
        session=session,
        patient_condition=row,
        name=row.variant.label if row.variant else row.condition.name,
        side=row.side,
        icd10=row.icd10,
        code_set_year=row.code_set_year,
    )


def _value_reasons(draft, field: str, value) -> list[Reason]:
    times = fields.Times(
        now=timezone.now(),
        started_at=draft.started_at,
        ended_at=draft.ended_at,
        today=timezone.localdate(draft.opened_at),
    )
    return fields.reasons(field, value, times)
