"""Concurrent writes: one succeeds, the other is refused. Real threads, on both engines."""

import uuid
from decimal import Decimal

import pytest
from django.db import transaction

from clinic.models import Role
from clinic.values import errors
from tests import audit_chain, drills, factories
from tests.concurrency import at_once, database_in_file, refusals
from tests.treatments import notes
from treatments.actions.session import fields
from treatments.actions.session.draft_events import Stamp
from treatments.actions.signing import after_signing, cosigning, supervision
from treatments.actions.signing import signature as signature_actions
from treatments.actions.sites import entry as site_entry
from treatments.models import (
    Addendum,
    CoSignature,
    DraftEvent,
    ErrorMark,
    Muscle,
    NeedlingSession,
    Seal,
    SupervisorChange,
)
from treatments.rules.signing import readiness

ROUNDS = 100


@pytest.fixture
def rounds(transactional_db, tmp_path, reception, therapist, lead):
    """rounds(name): yields a ready draft of a new patient for each round"""

    def run(name: str):
        number = drills.count(ROUNDS)
        for _ in range(number):
            with transaction.atomic():
                draft = factories.session(factories.patient(reception), therapist)
                factories.session_condition(draft)
                session = notes.ready(draft)
            yield session
        assert audit_chain.first_broken_link() is None
        drills.record(name, races=number, lost=0)

    with database_in_file(tmp_path / "races.sqlite3"):
        yield run


def signature(session, by):
    return lambda: signature_actions.sign(session, by=by, proved=True, identity_checked=True)


@pytest.mark.drill
def test_two_tabs_sign_at_once_and_one_wins(rounds, therapist):
    for session in rounds("two tabs sign"):
        answers = at_once(signature(session, therapist), signature(session, therapist))
        assert len(refusals(answers)) == 1
        assert "signed this note" in str(refusals(answers)[0])
        assert Seal.objects.filter(session=session).count() == 1


@pytest.mark.drill
def test_the_author_types_in_two_tabs_and_the_later_one_is_shown_both(rounds, therapist):
    for session in rounds("two tabs write one field"):

        def typed(text, session=session):
            return lambda: fields.save_field(
                session, by=therapist, field="note", value=text, stamp=Stamp(client_id=uuid.uuid4())
            )

        answers = at_once(typed("left"), typed("right"))
        (refusal,) = refusals(answers)
        stored = NeedlingSession.objects.get(pk=session.pk).note
        assert isinstance(refusal, errors.StaleRecord)
        assert {refusal.theirs, refusal.mine} == {"left", "right"}
        assert refusal.theirs == stored
        assert DraftEvent.objects.filter(session=session, field="note").count() == 1


@pytest.mark.drill
def test_a_site_that_comes_with_the_signature_is_in_the_seal_or_refused(rounds, therapist):
    values = {"muscle": Muscle.objects.get(code="is"), "side": "left", "technique": "in_out", "needles": 1}
    values |= {"gauge_mm": Decimal("0.30"), "length_mm": 40, "depth_mm": 20, "insertions": 1, "twitches": 0}
    for session in rounds("site against signature"):
        key = uuid.uuid4()

        def site(session=session, key=key):
            return site_entry.add(session, by=therapist, key=key, **values)

        answers = at_once(site, signature(session, therapist))
        note = NeedlingSession.objects.get(pk=session.pk)
        seal = Seal.objects.filter(session=session).first()
        assert len(refusals(answers)) <= 1
        assert (seal is not None) is (note.state == "signed")
        if note.state == "signed":
            assert (str(key) in seal.text) is note.sites.filter(key=key).exists()


@pytest.mark.drill
def test_the_author_signs_while_the_lead_closes_and_one_wins(rounds, therapist, lead):
    for session in rounds("signature against the lead's close"):
        answers = at_once(
            signature(session, therapist),
            lambda session=session: after_signing.close_unsigned(
                session, by=lead, reason="Left the practice."
            ),
        )
        assert len(refusals(answers)) == 1
        state = NeedlingSession.objects.get(pk=session.pk).state
        assert Seal.objects.filter(session=session).exists() is (state == "signed")


@pytest.mark.drill
def test_two_addenda_at_once_both_stand(rounds, therapist, lead):
    for session in rounds("two addenda"):
        signature(session, therapist)()

        def addendum(by, session=session):
            return lambda: after_signing.addend(session, by=by, kind="addendum", reason="Late.", text="More.")

        assert refusals(at_once(addendum(therapist), addendum(lead))) == []
        assert Addendum.objects.filter(session=session).count() == 2


def supervised(session, supervisor, author) -> NeedlingSession:
    NeedlingSession.objects.filter(pk=session.pk).update(supervisor=supervisor)
    return signature(NeedlingSession.objects.get(pk=session.pk), author)()


def cosignature(session, by):
    return lambda: cosigning.cosign(session, by=by, proved=True, addenda_seen=0)


@pytest.mark.drill
def test_a_co_signature_meets_an_addendum_and_nothing_is_lost(rounds, therapist, other_therapist):
    """The addendum is always stored. The co-signature is stored only if it came first."""
    for session in rounds("co-signature against addendum"):
        note = supervised(session, other_therapist, therapist)

        def addendum(note=note):
            return after_signing.addend(note, by=therapist, kind="addendum", reason="Late.", text="Dizzy.")

        signed, added = at_once(cosignature(note, other_therapist), addendum)
        made = CoSignature.objects.filter(session=note).first()
        assert added == Addendum.objects.get(session=note)
        if made is None:
            assert "Read them, then co-sign" in str(signed)
        else:
            assert made.signed_at <= added.written_at


@pytest.mark.drill
def test_a_co_signature_meets_an_error_mark_and_never_follows_it(rounds, therapist, other_therapist):
    for session in rounds("co-signature against error mark"):
        note = supervised(session, other_therapist, therapist)

        def mark(note=note):
            return after_signing.mark_error(note, by=therapist, reason="Wrong patient.")

        signed, marked = at_once(cosignature(note, other_therapist), mark)
        made = CoSignature.objects.filter(session=note).first()
        assert marked == ErrorMark.objects.get(session=note)
        if made is None:
            assert signed.codes == {"in-error"}
        else:
            assert made.signed_at <= marked.marked_at


@pytest.mark.drill
def test_a_co_signature_meets_a_change_of_supervisor_and_one_wins(rounds, therapist, other_therapist, lead):
    successor = factories.user("successor", Role.THERAPIST, profession="pt")
    for session in rounds("co-signature against change of supervisor"):
        note = supervised(session, other_therapist, therapist)

        def change(note=note):
            seen = other_therapist.pk
            return supervision.replace(note, by=lead, to=successor, instead_of=seen, reason="Leaves.")

        signed, changed = at_once(cosignature(note, other_therapist), change)
        made = CoSignature.objects.filter(session=note).first()
        assert len(refusals([signed, changed])) == 1
        assert SupervisorChange.objects.filter(session=note).exists() is (made is None)
        if made is None:
            assert signed.codes == {"not-the-supervisor"}
        else:
            assert "has co-signed this note" in str(changed)


@pytest.mark.drill
def test_two_co_signatures_at_once_are_one(rounds, therapist, other_therapist):
    for session in rounds("two co-signatures"):
        note = supervised(session, other_therapist, therapist)
        answers = at_once(cosignature(note, other_therapist), cosignature(note, other_therapist))
        assert len(refusals(answers)) == 1
        assert "co-signed this note" in str(refusals(answers)[0])
        assert CoSignature.objects.filter(session=note).count() == 1


@pytest.mark.django_db
def test_a_conditional_update_that_comes_too_late_is_told(draft, therapist, lead, monkeypatch):
    """The same race in sequence: the lead closes the draft after the author's checks."""
    session = notes.ready(draft)
    ask = readiness.sign_reasons

    def overtaken(facts):
        NeedlingSession.objects.filter(pk=session.pk).update(
            closed_unsigned_at=session.ended_at, closed_unsigned_by=lead, close_reason="Left."
        )
        return ask(facts)

    monkeypatch.setattr(readiness, "sign_reasons", overtaken)
    with pytest.raises(errors.StaleRecord) as refusal:
        signature_actions.sign(session, by=therapist, proved=True, identity_checked=True)
    assert "Hana Oduya closed this draft" in str(refusal.value)
    assert not Seal.objects.filter(session=session).exists()
