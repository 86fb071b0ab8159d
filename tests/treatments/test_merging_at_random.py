"""Merges and their undoing at random, and at the same moment as other acts on the same patient."""

import datetime as dt

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from clinic.values import errors
from patients.actions import handovers, restrictions
from patients.models import Allergy, Handover, Medication, MergeJournal, Patient
from tests import audit_chain, drills, factories
from tests.concurrency import at_once, database_in_file, refusals
from tests.treatments import notes
from tests.treatments.merges import stored
from treatments.actions import merging
from treatments.actions.followups import calls
from treatments.actions.signing import signature
from treatments.rules import merging as rules

ROUNDS = 100
PEOPLE = 4


def chosen(survivor, loser, sides) -> dict[str, str]:
    return {name: sides[place % len(sides)] for place, name in enumerate(rules.differing(survivor, loser))}


@pytest.fixture
def people(reception, therapist, lead):
    """Four records of likely one person, each with something that may harm them and an appointment;

    one under a legal hold, and two restricted to others.
    """
    found = [
        factories.patient(
            reception, family_name="Examplewood", given_name=f"Ada {place}", phone=f"(555) 555-010{place}"
        )
        for place in range(PEOPLE)
    ]
    for place, patient in enumerate(found):
        Allergy.objects.create(patient=patient, substance=f"Metal {place}", noted_by=reception)
        Medication.objects.create(patient=patient, name="Warfarin", thins_blood=True, noted_by=reception)
        factories.visit(patient, therapist, booked_for=timezone.now() + dt.timedelta(days=place + 1))
        factories.screening(patient, therapist)
    held = Patient.objects.filter(pk=found[1].pk)
    held.update(legal_hold_at=timezone.now(), legal_hold_by=lead, may_call=False)
    restrictions.restrict(found[2], by=reception, people=[therapist, lead], reason="Works here")
    restrictions.restrict(found[3], by=reception, people=[lead], reason="Works here")
    return found


STEPS = st.lists(
    st.tuples(
        st.integers(0, PEOPLE - 1),
        st.integers(0, PEOPLE - 1),
        st.lists(st.sampled_from([rules.SURVIVOR, rules.LOSER]), min_size=1, max_size=5),
        st.booleans(),
    ),
    min_size=1,
    max_size=8,
)


@pytest.mark.drill
@pytest.mark.django_db
def test_random_merges_taken_back_leave_the_record_as_it_was(people, lead):
    @settings(
        max_examples=drills.count(ROUNDS),
        deadline=None,
        suppress_health_check=[HealthCheck.function_scoped_fixture],
    )
    @given(STEPS)
    def act(steps):
        stack = []
        for one, other, sides, takes_back in steps:
            if takes_back and stack:
                undo(stack)
            survivor, loser = (Patient.objects.get(pk=people[place].pk) for place in (one, other))
            if survivor == loser or survivor.merged_into_id or loser.merged_into_id:
                continue
            before = stored()
            journal = merging.merge(
                survivor, loser, by=lead, reason="x", choices=chosen(survivor, loser, sides)
            )
            stack.append((journal, before))
        while stack:
            undo(stack)

    def undo(stack):
        journal, before = stack.pop()
        merging.take_back(MergeJournal.objects.get(pk=journal.pk), by=lead, reason="x")
        assert stored() == before

    act()


@pytest.fixture
def rounds(transactional_db, tmp_path, reception, therapist, lead):
    """rounds(name): yields two records, the second with a draft that may be signed, for each round."""

    def run(name: str):
        number = drills.count(ROUNDS)
        for _ in range(number):
            with transaction.atomic():
                survivor, loser = factories.patient(reception), factories.patient(reception)
            yield survivor, loser
        assert audit_chain.first_broken_link() is None
        drills.record(name, races=number, lost=0)

    with database_in_file(tmp_path / "merges.sqlite3"):
        yield run


def merge_of(survivor, loser, lead):
    choices = chosen(survivor, loser, [rules.SURVIVOR])
    return lambda: merging.merge(survivor, loser, by=lead, reason="x", choices=choices)


def is_merged(loser) -> bool:
    return Patient.objects.get(pk=loser.pk).merged_into_id is not None


def codes_of(answers) -> set[str]:
    found = [answer for answer in refusals(answers) if isinstance(answer, errors.RuleViolation)]
    return {code for refused in found for code in refused.codes}


@pytest.mark.drill
def test_a_merge_waits_for_the_signature_or_comes_after_it(rounds, therapist, lead):
    for survivor, loser in rounds("merge against signature"):
        with transaction.atomic():
            draft = factories.session(loser, therapist)
            factories.session_condition(draft)
            session = notes.ready(draft)
            draft.visit.left_at, draft.visit.left_by = timezone.now(), therapist
            draft.visit.save(update_fields=["left_at", "left_by"])

        answers = at_once(
            merge_of(survivor, loser, lead),
            lambda session=session: signature.sign(session, by=therapist, proved=True, identity_checked=True),
        )

        assert codes_of(answers) <= {"draft-open"}
        session.refresh_from_db()
        assert session.signed_at is not None
        assert is_merged(loser) is not bool(refusals(answers))


@pytest.mark.drill
def test_the_tablet_is_handed_over_or_the_records_are_merged(rounds, therapist, lead):
    for survivor, loser in rounds("merge against hand-over"):
        answers = at_once(
            merge_of(survivor, loser, lead),
            lambda loser=loser: handovers.start(loser, by=therapist, purpose="screening", kind="intake"),
        )

        assert len(refusals(answers)) == 1
        assert codes_of(answers) <= {"tablet-out", "merged"}
        assert is_merged(loser) is not Handover.objects.filter(patient=loser).exists()


@pytest.mark.drill
def test_somebody_is_calling_or_the_records_are_merged_first(rounds, therapist, lead):
    for survivor, loser in rounds("merge against a call"):
        with transaction.atomic():
            draft = factories.session(loser, therapist)
            factories.session_condition(draft)
            note = signature.sign(notes.ready(draft), by=therapist, proved=True, identity_checked=True)
            draft.visit.left_at, draft.visit.left_by = timezone.now(), therapist
            draft.visit.save(update_fields=["left_at", "left_by"])
            call = note.followups.first() or factories.followup(note)

        answers = at_once(merge_of(survivor, loser, lead), lambda call=call: calls.claim(call, by=therapist))

        assert codes_of(answers) <= {"on-the-phone"}
        call.refresh_from_db()
        assert call.claimed_by == therapist
        assert is_merged(loser) is not bool(refusals(answers))
