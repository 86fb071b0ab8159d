"""Adds a row of each kind with free text to the test practice, so that every page shows some."""

import uuid

from django.db import connection, transaction
from django.utils import timezone

from clinic import audit
from clinic.locks import triggers
from clinic.models import CounselOpinion, Jurisdiction
from patients import models as patients
from patients.rules.screenings import GivenAnswer
from tests import factories, world
from tests.injection import CASES
from treatments import models as treatments
from treatments.actions.session import fields
from treatments.actions.session.draft_events import Stamp


def add_rows(practice: world.World) -> None:
    """Adds the rows without the lock triggers."""
    triggers.drop(connection)
    draft = treatments.NeedlingSession.objects.drafts().first()
    signed = treatments.NeedlingSession.objects.signed().first()
    desk, author, lead = (practice.people[role] for role in ("desk", "author", "lead"))
    of_patient(draft.patient, desk)
    of_consent_and_answers(draft, desk)
    of_sessions(draft, signed, author, lead)
    of_journals(draft, desk)
    of_events(signed, author)
    of_practice(lead)
    for role in (*world.READERS, "admin"):
        world.client_of(practice, role)


def of_events(signed, author) -> None:
    """One that was reported and closed, and one that was entered in error."""
    now, on = timezone.now(), timezone.localdate()
    reported = {"reported_at": now, "reported_by": author, "reported_on": on, "reported_to": "Board"}
    closed = {"closed_at": now, "closed_by": author, "closing_note": "Over"}
    factories.adverse_event(signed, by=author, **reported, **closed)
    withdrawn = {"withdrawn_at": now, "withdrawn_by": author, "withdrawn_reason": "Another's"}
    factories.adverse_event(signed, by=author, **withdrawn)
    injury = world.injury_of(author)
    treatments.SharpsInjury.objects.filter(pk=injury.pk).update(injured=None, injured_name="A cleaner")
    later = world.injury_of(author)
    first = {"supersedes": injury, "first_version": injury, "correction_reason": "Brand read again"}
    treatments.SharpsInjury.objects.filter(pk=later.pk).update(**first)


def of_practice(lead) -> None:
    """Rows of its own that it has retired again, and counsel's word that was taken back."""
    now, on = timezone.now(), timezone.localdate()
    condition = factories.own_condition()
    own = [factories.own_muscle(), factories.own_question(), condition]
    retired = {"retired_at": now, "retired_here_at": now, "retired_here_by": lead}
    said = {"retired_here_reason": "x", "retired_here_approver": "x"}
    for row in (*own, *condition.families.all(), *condition.names.all()):
        type(row).objects.filter(pk=row.pk).update(**retired, **said)
    CounselOpinion.objects.create(
        jurisdiction=Jurisdiction.objects.get(code="us-ca-pt"),
        given_on=on, counsel="x", opinion="x", reason="x", document="x",
        recorded_at=now, recorded_by=lead, withdrawn_at=now, withdrawn_by=lead, withdrawn_reason="x",
    )  # fmt: skip


def of_patient(patient, desk) -> None:
    today, now = timezone.localdate(), timezone.now()
    by = {"patient": patient, "noted_by": desk}
    patients.Allergy.objects.create(substance="x", **by)
    patients.Medication.objects.create(name="x", **by)
    patients.RelatedPerson.objects.create(kind="guardian", name="x", **by)
    patients.Coverage.objects.create(kind="other", **by)
    patients.NonCoverageNotice.objects.create(kind="voluntary", given_on=today, for_on=today, **by)
    patients.Referral.objects.create(by_whom="x", given_on=today, **by)
    patients.StateDuty.objects.create(kind="notice", done_on=today, detail="x", **by)
    patients.Disclosure.objects.create(
        patient=patient, given_on=today, recipient="x", what="x", purpose="other", purpose_words="x",
        way="fax", recorded_by=desk,
    )  # fmt: skip
    paper = factories.paper(patient, desk, kind="clinical", title="x")
    patients.PaperMark.objects.create(paper=paper, reason="x", marked_by=desk)
    gone = {"cancelled_at": now, "cancelled_by": desk, "end_reason": "x"}
    visit = factories.visit(patient, desk, **gone)
    patients.StampWithdrawal.objects.create(
        visit=visit, stamp="cancelled", stamped_at=now, stamped_by=desk, reason="x", withdrawn_by=desk
    )
    twin = factories.patient(desk, family_name="Twinwood")
    patients.MergeJournal.objects.create(loser=twin, survivor=patient, merged_by=desk)


def of_consent_and_answers(session, desk) -> None:
    patients.ConsentWithdrawal.objects.create(
        consent=factories.consent(session.patient, session.therapist), withdrawn_by=desk
    )
    screening = patients.Screening._base_manager.filter(pk=session.screening_id)
    screening.update(reviewed_at=None, reviewed_by=None)
    asked = patients.ScreeningItem.objects.current().filter(kind="intake")[:6]
    answers = {item.code: GivenAnswer("yes", "x") for item in asked}
    screening.update(reviewed_at=timezone.now(), reviewed_by=desk, **factories.packed_answers(answers))


def of_sessions(draft, signed, author, lead) -> None:
    treatments.NeedlingSession.objects.filter(pk=signed.pk).update(supervisor=lead)
    treatments.CoSignature.objects.create(session=signed, digest=signed.seal.digest, signed_by=lead)
    stood_in = {"supervisor": lead, "instead_of": author, "changed_by": lead, "reason": "x"}
    treatments.SupervisorChange.objects.create(session=signed, **stood_in)
    advice = treatments.AftercareAdvice.objects.first()
    advice_given = {"item": advice, "text": "x", "given_at": timezone.now(), "given_by": author}
    for session in (signed, draft):
        aftercare = treatments.Aftercare.objects.create(session=draft, **advice_given)
        override = treatments.Override.objects.create(session=draft, rule="x", reason="y", by=author)
        for row in (aftercare, override):
            type(row)._base_manager.filter(pk=row.pk).update(session=session)
        left = treatments.NeedleSite._base_manager.filter(session=session, side="left")
        left.update(muscle=None, unlisted_name="x")
    treatments.Addendum.objects.create(
        session=signed, kind="addendum", reason="x", text="y", written_by=author
    )
    override = treatments.Addendum.objects.filter(kind="patient_request").first()
    treatments.AmendmentAnswer.objects.create(request=override, accepted=True, text="x", answered_by=author)
    level = treatments.WarningSignLevel.objects.first()
    treatments.LevelDecision.objects.create(level=level, urgency=4, reason="x", decided_by=lead)
    for followup in treatments.FollowUp.objects.all():
        treatments.ContactAttempt.objects.create(followup=followup, result="voicemail", made_by=author)


def of_journals(draft, desk) -> None:
    """Puts every payload into the audit and into the change history of the draft."""
    page = Stamp(uuid.uuid4(), 1)
    for number, case in enumerate(CASES.values(), start=1):
        stamp = Stamp(page.client_id, number, _newest(draft))
        fields.save_field(draft, by=draft.therapist, field="plan", value=case, stamp=stamp)
    with transaction.atomic():
        audit.record_many(
            [
                audit.AuditEntry(
                    "visit.cancelled", draft.patient, desk, draft.patient, {"note": [case] * 2}, case
                )
                for case in CASES.values()
            ]
        )


def _newest(draft) -> int:
    event = treatments.DraftEvent.objects.filter(session=draft, field="plan").order_by("-pk").first()
    return event.pk if event else 0
