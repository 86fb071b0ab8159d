"""Follow-ups: made when a session ends or its patient leaves, called, and closed with an outcome."""

import datetime as dt

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from clinic import access, audit, formats
from clinic.access import Permission
from clinic.models import Practice
from clinic.values import errors
from clinic.values.errors import Reason
from patients.actions import patients
from treatments.models import ContactAttempt, FollowUp, NeedlingSession
from treatments.rules.followups import calling_hours, soreness, told_signs
from treatments.rules.session.draft import Draft

# stands in the record: never translated
DECLINED_WORDS = "Declined on the phone."


@transaction.atomic
def schedule(session, *, by, at: dt.datetime) -> list[FollowUp]:
    """Make the follow-ups of a session once; a second call finds them and makes none."""
    session = (
        NeedlingSession.objects.select_for_update(of=("self",))
        .select_related("location", "patient")
        .get(pk=session.pk)
    )
    has_calls = session.followups.exists()
    made = create(session, at=at, practice=Practice.objects.get(pk=1), has_calls=has_calls)
    if made:
        audit.record_many([scheduled_entry(session, made, by=by)])
    return made


def create(session, *, at: dt.datetime, practice, has_calls: bool) -> list[FollowUp]:
    """The same for an action that holds the session and puts it on record with its own: `scheduled`.

    `practice` is the row of settings, or what a draft has of it.
    """
    if session.voided_at or session.patient.deceased_on or session.not_needled or has_calls:
        return []
    times = _due_times(session, at, practice=practice)
    if session.is_late_entry:
        times = calling_hours.still_to_make(times, now=timezone.now())
    return FollowUp.objects.bulk_create(
        FollowUp(session=session, step=step, due_at=due_at, assigned_to_id=session.therapist_id)
        for step, due_at in times.items()
    )


def after_end(session, *, by, at: dt.datetime, draft: Draft) -> list[audit.AuditEntry]:
    """The end was noted by an action that holds the session: calls are due from it, or move with it."""
    made = create(session, at=at, practice=draft.practice, has_calls=draft.has_calls)
    if made:
        return [scheduled_entry(session, made, by=by)]
    reschedule(session, by=by, at=at)
    return []


def scheduled_entry(session, made: list[FollowUp], *, by) -> audit.AuditEntry:
    changes = {f"{row.step} h": [None, row.due_at.isoformat()] for row in made}
    return audit.AuditEntry("followup.scheduled", session, by, session.patient, changes)


@transaction.atomic
def reschedule(session, *, by, at: dt.datetime) -> list[FollowUp]:
    """The end was corrected: the calls that nobody has worked on move with it. The others stay."""
    session = NeedlingSession.objects.select_related("location", "patient").get(pk=session.pk)
    rows = list(session.followups.untouched().select_for_update(of=("self",)).order_by("step"))
    times = _due_times(session, at, practice=Practice.objects.get(pk=1), steps=[row.step for row in rows])
    moving = [row for row in rows if row.due_at != times[row.step]]
    changes = {f"{row.step} h": [row.due_at.isoformat(), times[row.step].isoformat()] for row in moving}
    for row in moving:
        row.due_at = times[row.step]

    FollowUp.objects.bulk_update(moving, ["due_at"])

    if moving:
        audit.record("followup.rescheduled", session, by=by, patient=session.patient, changes=changes)
    return moving


@transaction.atomic
def schedule_for_visit(visit, by) -> None:
    """The patient leaves: each of the visit's sessions that has no follow-ups yet gets them now."""
    for session in visit.sessions.counted().filter(followups=None, error_mark=None).order_by("pk"):
        schedule(session, by=by, at=session.ended_at or visit.left_at)


@transaction.atomic
def claim(followup, *, by, take_over: bool = False) -> FollowUp:
    """`by` is on the phone now. Somebody else who is already calling must be taken over in so many words."""
    followup = lock_row(followup)

    errors.refuse(closed_reasons(followup) + ([] if take_over else claimed_reasons(followup, by=by)))

    now = timezone.now()
    if followup.claimed_by_id == by.pk and calling_hours.claim_holds(followup.claimed_at, now=now):
        # the same press once more, such as after a page that said to send it again
        return followup

    before = followup.claimed_by.username if followup.claimed_by else None
    followup.claimed_at, followup.claimed_by = now, by
    followup.save(update_fields=["claimed_at", "claimed_by"])

    _record("followup.claimed", followup, by=by, changes={"claimed_by": [before, by.username]})
    return followup


@transaction.atomic
def attempt(followup, *, by, result: str, note: str = "", again_at: dt.datetime | None = None) -> FollowUp:
    """No answers came of the call: count it and let the next caller have the row, `again_at` if that is set.

    Whoever declines is not called again for this session's step. A wrong number is marked at the patient.
    """
    followup = lock_row(followup)

    errors.refuse(
        closed_reasons(followup) + claimed_reasons(followup, by=by) + _again_reasons(followup, again_at)
    )

    before = {"attempts": followup.attempts, "due_at": followup.due_at, "outcome": followup.outcome}
    record_contact(followup, by=by, result=result, note=note, again_at=again_at)
    if result == ContactAttempt.Result.DECLINED:
        end(followup, by=by, outcome=FollowUp.Outcome.DECLINED, reason=note or DECLINED_WORDS)
    if result == ContactAttempt.Result.WRONG_NUMBER:
        patients.mark_phone(followup.session.patient, by=by, wrong=True)

    changes = audit.difference(before, {name: getattr(followup, name) for name in before})
    _record("followup.attempted", followup, by=by, changes={**changes, "result": [None, result]})
    return followup


@transaction.atomic
def close(followup, *, by, outcome: str, reason: str) -> FollowUp:
    """End a follow-up without an answer, or after a therapist has talked with the patient."""
    followup = lock_row(followup)

    errors.refuse(
        closed_reasons(followup) + _closing_reasons(followup, by=by, outcome=outcome, reason=reason)
    )

    end(followup, by=by, outcome=outcome, reason=reason)

    _record("followup.closed", followup, by=by, changes={"outcome": ["", outcome]}, reason=reason)
    return followup


@transaction.atomic
def move(followups, *, by, to) -> int:
    """Give follow-ups, and warning signs that wait, to another therapist; each move is an event."""
    chosen = FollowUp.objects.unsettled().filter(pk__in=[row.pk for row in followups])
    rows = list(chosen.select_for_update(of=("self",)).select_related("assigned_to", "session__patient"))
    moving = [row for row in rows if row.assigned_to_id != to.pk]

    FollowUp.objects.filter(pk__in=[row.pk for row in moving]).update(assigned_to=to)

    audit.record_many([_move_entry(row, by=by, to=to) for row in moving])
    return len(moving)


def lock_row(followup) -> FollowUp:
    """The row as it is now, kept from other writers until the transaction ends."""
    rows = FollowUp.objects.select_for_update(of=("self",))
    seen = ("session__patient", "session__therapist", "session__location", "claimed_by")
    return rows.select_related(*seen).get(pk=followup.pk)


def closed_reasons(followup) -> list[Reason]:
    if followup.closed_at is None:
        return []
    return [Reason("followup-closed", _("This follow-up is closed. Open it to see how it ended."))]


def claimed_reasons(followup, *, by) -> list[Reason]:
    """Somebody else is on the phone with this patient."""
    if followup.claimed_by_id in (None, by.pk) or not calling_hours.claim_holds(
        followup.claimed_at, now=timezone.now()
    ):
        return []
    since = formats.clock(followup.claimed_at)
    who = followup.claimed_by.short_name
    said = _("%(who)s has been calling since %(since)s. Take the call over if you are the one talking.") % {
        "who": who,
        "since": since,
    }
    return [Reason("followup-claimed", said)]


def record_contact(followup, *, by, result: str, note: str = "", again_at: dt.datetime | None = None) -> None:
    """Count one contact and free the row, due again at `again_at`. The caller holds its lock."""
    ContactAttempt.objects.create(followup=followup, made_by=by, result=result, note=note, again_at=again_at)
    followup.attempts += 1
    followup.claimed_at = followup.claimed_by = None
    changed = ["attempts", "claimed_at", "claimed_by"]
    if again_at is not None:
        followup.due_at = again_at
        changed.append("due_at")
    followup.save(update_fields=changed)


def end(followup, *, by, outcome: str, reason: str = "") -> None:
    """Set the closing stamps. The caller holds the row's lock."""
    followup.outcome, followup.outcome_reason = outcome, reason
    followup.closed_at, followup.closed_by = timezone.now(), by
    followup.claimed_at = followup.claimed_by = None
    followup.save(
        update_fields=["outcome", "outcome_reason", "closed_at", "closed_by", "claimed_at", "claimed_by"]
    )


def end_all(rows, *, by, reason: str) -> list[audit.AuditEntry]:
    """Close these follow-ups as not needed. The caller holds their session, and records the entries."""
    rows = rows.open().select_for_update(of=("self",)).select_related("session__patient").order_by("pk")
    found = list(rows)
    for row in found:
        end(row, by=by, outcome=FollowUp.Outcome.NOT_NEEDED, reason=reason)
    changes = {"outcome": ["", FollowUp.Outcome.NOT_NEEDED.value]}
    return [
        audit.AuditEntry("followup.closed", row, by, row.session.patient, changes, reason) for row in found
    ]


def reopen(followup) -> None:
    """A corrected answer asks for a talk after all. The caller holds the row's lock."""
    cleared = {"outcome": "", "outcome_reason": "", "closed_at": None, "closed_by": None}
    FollowUp.objects.filter(pk=followup.pk).update(**cleared)
    for name, value in cleared.items():
        setattr(followup, name, value)


def _again_reasons(followup, again_at: dt.datetime | None) -> list[Reason]:
    practice, zone = Practice.objects.get(pk=1), followup.session.location.time_zone
    return calling_hours.again_reasons(
        again_at, now=timezone.now(), hours=practice.followup_open_hours, zone=zone
    )


def _due_times(
    session, at: dt.datetime, *, practice, steps: list[int] | None = None
) -> dict[int, dt.datetime]:
    """The practice's steps, or those given, in the hours of the session's location."""
    steps = practice.followup_steps if steps is None else steps
    return calling_hours.due_times(
        at, steps=steps, hours=practice.followup_open_hours, zone=session.location.time_zone
    )


def _closing_reasons(followup, *, by, outcome: str, reason: str) -> list[Reason]:
    report = followup.reports.filter(superseded_by=None).first()
    found = []
    if not reason.strip():
        found.append(Reason("reason-missing", _("Write how it ended, in a few words."), field="reason"))
    if outcome == FollowUp.Outcome.ANSWERED and report is None:
        found.append(
            Reason("report-missing", _("Enter the answers first; answered means that they are on file."))
        )
    if report is None:
        found += _told_reasons(reason)
    waits_for_talk = report is not None and report.triage == soreness.TALK
    if waits_for_talk and not access.may(by, Permission.CHART_VIEW):
        found.append(
            Reason("therapist-closes", _("A therapist talks with this patient first, and then closes it."))
        )
    return found


def _told_reasons(reason: str) -> list[Reason]:
    """A sign in the words that end a call would be read by nobody."""
    sentence = _("“%(words)s” may be a warning sign. Cancel, and choose Yes or No for it among the answers.")
    return [
        Reason("sign-told", sentence % {"words": told.words}, field="reason")
        for told in told_signs.told(reason)
    ]


def _record(code: str, followup, *, by, changes: dict, reason: str = "") -> None:
    audit.record(code, followup, by=by, patient=followup.session.patient, changes=changes, reason=reason)


def _move_entry(followup, *, by, to) -> audit.AuditEntry:
    was = followup.assigned_to.username if followup.assigned_to else None
    changes = {"assigned_to": [was, to.username]}
    return audit.AuditEntry("followup.moved", followup, by, followup.session.patient, changes)
