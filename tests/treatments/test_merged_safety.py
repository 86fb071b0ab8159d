"""What may harm the person of two merged records holds for both."""

import pytest
from django.urls import reverse
from django.utils import timezone

from clinic.values import errors
from patients.actions import alerts, consents, restrictions, retention
from patients.models import Allergy, Patient, PatientAccess, Visit
from patients.rules import validity as validity_rules
from patients.selectors import validity
from tests import factories, world
from tests.treatments import notes
from tests.treatments.merges import merged, tags_of
from treatments.actions.signing import signature
from treatments.models import NeedlingSession

pytestmark = pytest.mark.django_db


def states_of(patient) -> dict[str, str]:
    on = timezone.localdate()
    facts = validity.validity_facts([Patient.objects.get(pk=patient.pk)], on=on)[patient.pk]
    return {
        "screening": validity_rules.screening_state(facts, on=on).code,
        "kind": validity_rules.screening_state(facts, on=on).kind,
        "visit": validity_rules.visit_state(facts).code,
        "consent": validity_rules.consent_state(facts, on=on).code,
    }


@pytest.mark.parametrize("stands", [0, 1])
def test_what_may_harm_either_shows_on_both(stands, risky, ada, therapist, lead):
    pair = (ada, risky) if stands == 0 else (risky, ada)

    merged(*pair, lead)

    for patient in pair:
        shown = tags_of(patient, therapist)
        assert "Allergy: Nickel" in shown
        assert "Blood thinner: Warfarin" in shown


def test_a_stop_of_the_merged_record_keeps_a_session_from_starting(risky, ada, therapist, lead):
    factories.screening(ada, therapist)
    factories.screening(ada, therapist, kind="visit")
    assert states_of(ada)["screening"] == "screening-clear"

    merged(ada, risky, lead)

    assert states_of(ada) == {
        "screening": "screening-merged",
        "kind": "stop",
        "visit": "visit-screen-missing",
        "consent": "consent-missing",
    }


def test_without_a_stop_the_questions_are_asked_again_all_the_same(twin, ada, therapist, lead):
    factories.screening(ada, therapist)

    merged(ada, twin, lead)

    found = states_of(ada)
    assert (found["screening"], found["kind"]) == ("screening-merged", "caution")


def test_answers_given_since_speak_for_both(risky, ada, therapist, lead):
    merged(ada, risky, lead)

    factories.screening(ada, therapist, taken_at=timezone.now())

    assert states_of(ada)["screening"] == "screening-clear"
    assert "Blood thinner: Warfarin" in tags_of(ada, therapist)


def test_consent_withdrawn_on_the_merged_record_is_asked_for_again(twin, ada, therapist, lead):
    consents.withdraw(factories.consent(twin, therapist), by=therapist)
    factories.consent(ada, therapist)
    assert states_of(ada)["consent"] == "consent-given"

    merged(ada, twin, lead)

    assert states_of(ada)["consent"] == "consent-merged"


def test_an_allergy_of_the_merged_record_is_ended_on_the_page_of_the_one_that_stands(
    risky, ada, reception, lead, signed_in
):
    merged(ada, risky, lead)
    row = Allergy.objects.get(patient=risky)
    page = reverse("patients:alerts", args=[ada.ref])
    client = signed_in(reception)
    assert "Nickel" in client.get(page).content.decode()

    answer = client.post(page, {"end": f"allergy-{row.pk}"})

    assert answer.status_code == 302
    row.refresh_from_db()
    assert row.ended_by == reception


def test_no_known_allergies_is_refused_while_the_merged_record_has_one(risky, ada, reception, lead):
    merged(ada, risky, lead)

    with pytest.raises(errors.RuleViolation):
        alerts.record_none_known(Patient.objects.get(pk=ada.pk), by=reception, noun="allergy")


def test_a_warning_sign_that_waits_shows_on_the_record_that_stands(twin, ada, therapist, lead, signed_in):
    note = factories.session(twin, therapist)
    NeedlingSession.objects.filter(pk=note.pk).update(voided_at=timezone.now(), voided_by=therapist)
    Visit.objects.filter(patient=twin).update(left_at=timezone.now(), left_by=therapist)
    world.report(factories.followup(note), therapist)

    merged(ada, twin, lead)

    page = signed_in(therapist).get(ada.get_absolute_url())
    assert len(page.context["waiting_signs"]) == 1


def test_an_adverse_event_of_the_merged_record_shows_on_the_one_that_stands(
    twin, ada, therapist, lead, signed_in
):
    draft = factories.session(twin, therapist)
    factories.session_condition(draft)
    note = signature.sign(notes.ready(draft), by=therapist, proved=True, identity_checked=True)
    Visit.objects.filter(patient=twin).update(left_at=timezone.now(), left_by=therapist)
    factories.adverse_event(note, by=therapist)

    merged(ada, twin, lead)

    (row,) = signed_in(therapist).get(ada.get_absolute_url()).context["sessions"]
    assert (row["ref"], len(row["events"])) == (note.ref, 1)


@pytest.mark.parametrize("held", [0, 1])
def test_a_legal_hold_of_either_holds_for_both(held, twin, ada, lead):
    pair = [ada, twin]
    retention.set_hold(pair[held], by=lead, reason="Letter of a lawyer")
    ada.refresh_from_db()
    twin.refresh_from_db()

    merged(ada, twin, lead)

    assert all(patient.legal_hold_at for patient in Patient.objects.filter(pk__in=[ada.pk, twin.pk]))


def test_a_hold_or_restriction_set_later_covers_the_merged_record(twin, ada, lead, therapist):
    merged(ada, twin, lead)

    retention.set_hold(ada, by=lead, reason="Letter")
    restrictions.restrict(ada, by=lead, people=[therapist], reason="Works here")

    twin.refresh_from_db()
    assert twin.legal_hold_at
    assert twin.restricted_at
    assert PatientAccess.objects.named().filter(patient=twin, user=therapist).exists()
    restrictions.lift(ada, by=lead, reason="Left")
    twin.refresh_from_db()
    assert twin.restricted_at is None
