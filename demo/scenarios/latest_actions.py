"""What happens at this moment, done by the product's own actions once the bulk rows are written.

An action stamps the current time and draws references at random. The past, and whatever carries a reference,
is therefore written in bulk, where times and references follow from the plan.
"""

import datetime as dt
from collections.abc import Callable, Mapping
from functools import partial
from io import BytesIO

from clinic.models import User
from demo.record import papers, screenings
from demo.record.patients import PatientRecord
from demo.scenarios.definitions import HeardEvent
from patients.actions import consents as consent_actions
from patients.actions import papers as paper_actions
from patients.actions import screenings as screening_actions
from patients.actions import visits as visit_actions
from patients.models import Paper, Patient, Screening, ScreeningItem, Visit
from treatments.actions import adverse_events
from treatments.actions.followups import calls as call_actions
from treatments.actions.followups import soreness as soreness_actions
from treatments.actions.signing import after_signing
from treatments.models import Addendum, AdverseEvent, ContactAttempt, FollowUp, NeedlingSession
from treatments.selectors.adverse_events import event as events_selectors


def take_intake(record: PatientRecord, concerns: Mapping[str, str]) -> None:
    """Answered on the tablet; it waits for a therapist's review."""
    items = record.context.catalogs.screening.intake
    _by_reception(
        record,
        screening_actions.take,
        record.patient,
        kind=ScreeningItem.Kind.INTAKE,
        source=Screening.Source.TABLET,
        answers=screenings.answers(record, items, concerns),
    )


def take_at_visit(record: PatientRecord, visit: Visit, concerns: Mapping[str, str]) -> None:
    """The desk hears that something changed; it waits for a therapist's review."""
    items = record.context.catalogs.screening.visit
    _by_reception(
        record,
        screening_actions.take,
        record.patient,
        kind=ScreeningItem.Kind.VISIT,
        source=Screening.Source.STAFF,
        answers=screenings.answers(record, items, concerns),
        visit=visit,
    )


def withdraw_consent(record: PatientRecord) -> None:
    reason = "Prefers exercise and manual therapy for now."
    _by_reception(record, consent_actions.withdraw, record.consent, reason=reason)


def refuse_consent(record: PatientRecord) -> None:
    text, reason = record.context.catalogs.consent_text, "Does not want needles."
    _by_reception(record, consent_actions.refuse, record.patient, text=text, reason=reason)


def miss_visit(record: PatientRecord, visit: Visit) -> None:
    _by_reception(record, visit_actions.mark_missed, visit, reason="No-show, and no call.")


def cancel_visit(record: PatientRecord, visit: Visit) -> None:
    _by_reception(record, visit_actions.cancel, visit, reason="Has to work; will call for another day.")


def miss_call(record: PatientRecord, followup: FollowUp) -> None:
    _by_reception(record, call_actions.attempt, followup, result=ContactAttempt.Result.NO_ANSWER)


def file_answers(
    record: PatientRecord, followup: FollowUp, answers: dict, *, signs: tuple[str, ...] = (), note: str = ""
) -> None:
    """A call that reached the patient, who reports these warning signs."""
    asked = record.context.catalogs.warning_signs
    answered = {row.code: "yes" if row.code in signs else "no" for row in asked}
    _by_reception(record, soreness_actions.file, followup, signs=answered, note=note, **answers)


def write_addendum(record: PatientRecord, session: NeedlingSession) -> None:
    action = partial(
        after_signing.addend,
        session,
        by=session.therapist,
        kind=Addendum.Kind.ADDENDUM,
        reason="Typed wrongly",
        text="The depth of the second site was 12 mm.",
    )
    record.batch.call_after_writing(action)


def mark_error(record: PatientRecord, session: NeedlingSession) -> None:
    reason = "Written on the wrong visit. The treatment is in the note of the visit before."
    action = partial(after_signing.mark_error, session, by=session.therapist, reason=reason)
    record.batch.call_after_writing(action)


def record_event(record: PatientRecord, session: NeedlingSession, heard: HeardEvent) -> None:
    """An adverse event that the therapist of the session hears of; closed where it is over."""
    record.batch.call_after_writing(partial(_record_event, session, heard))


def _record_event(session: NeedlingSession, heard: HeardEvent) -> None:
    by = User.objects.with_roles().get(pk=session.therapist_id)
    event = adverse_events.record(
        session,
        by=by,
        kind=events_selectors.kind_by_code(heard.kind),
        severity=heard.severity,
        phase=heard.phase,
        onset_at=session.ended_at + dt.timedelta(hours=heard.hours_after),
        detected_by="Patient",
        action=heard.action,
    )
    if heard.closing_note:
        resolved = AdverseEvent.Result.RESOLVED
        adverse_events.close(event, by=by, outcome=resolved, closing_note=heard.closing_note)


def file_consent(record: PatientRecord) -> None:
    """The sheet that the patient signed at the desk."""
    page = papers.page(["Consent to dry needling", "Signature: (demo)"])
    filed = {"kind": Paper.Kind.CONSENT, "paper_on": record.consent.paper_on, "consent": record.consent}
    _file(record, page, title="Consent to dry needling", **filed)


def file_referral(record: PatientRecord) -> None:
    """The letter, and one of somebody else that was filed here first."""
    on = record.context.clock.day_of(record.patient.registered_at)
    wrong, right = papers.page(["A page of another record"]), papers.page(["Please evaluate and treat."])
    _file(record, wrong, kind=Paper.Kind.OTHER, title="Parking permit", paper_on=on, then=_mark_wrong)
    _file(record, right, kind=Paper.Kind.REFERRAL, title="Referral for dry needling", paper_on=on)


def file_card(record: PatientRecord) -> None:
    """Both sides of the insurance card."""
    on = record.context.clock.day_of(record.patient.registered_at)
    sides = ((Paper.Kind.CARD_FRONT, "Card, front", False), (Paper.Kind.CARD_BACK, "Card, back", True))
    for kind, title, has_stripe in sides:
        picture, about = papers.card(has_stripe=has_stripe), record.coverage
        _file(record, picture, kind=kind, title=title, paper_on=on, coverage=about)


def _mark_wrong(paper: Paper, by: User) -> None:
    paper_actions.mark_wrong(paper, by=by, reason="Belongs to somebody else.")


def _file(record: PatientRecord, content: bytes, *, then: Callable | None = None, **filed) -> None:
    record.batch.call_after_writing(
        partial(_file_now, record.patient, content, by=record.reception, then=then, **filed)
    )


def _file_now(patient: Patient, content: bytes, *, by: User, then: Callable | None, **filed) -> None:
    paper = paper_actions.file(patient, by=by, content=BytesIO(content), size=len(content), **filed)
    if then:
        then(paper, by)


def _by_reception(record: PatientRecord, action: Callable, *args, **values) -> None:
    record.batch.call_after_writing(partial(action, *args, by=record.reception, **values))
