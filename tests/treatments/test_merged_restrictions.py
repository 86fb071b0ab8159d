"""A restriction of either of two merged records holds for both, and taking it back gives back what was."""

import pytest
from django.urls import reverse

from clinic.audit import verification
from clinic.models import AuditEvent
from clinic.values import errors
from patients.actions import restrictions
from patients.models import MergeJournal, Patient, PatientAccess
from tests import factories
from tests.treatments.merges import filled, merge_page, merged
from treatments.actions import merging

pytestmark = pytest.mark.django_db


def restrict(patient, *people, by):
    restrictions.restrict(patient, by=by, people=people, reason="Works here")
    patient.refresh_from_db()


def named(patient) -> set[str]:
    """Who may open it; everybody where it is not restricted."""
    if Patient.objects.get(pk=patient.pk).restricted_at is None:
        return {"everybody"}
    return set(PatientAccess.objects.named().filter(patient=patient).values_list("user__username", flat=True))


@pytest.fixture
def pair(twin, ada):
    """The restricted one first."""
    return twin, ada


@pytest.mark.parametrize("survives", [0, 1])
def test_one_that_is_restricted_restricts_both(survives, pair, reception, therapist, lead):
    closed, _opened = pair
    restrict(closed, therapist, lead, by=reception)
    survivor, loser = pair[survives], pair[1 - survives]

    journal = merged(survivor, loser, lead)

    both = {therapist.username, lead.username}
    assert [named(patient) for patient in pair] == [both, both]
    assert not Patient.objects.visible_to(reception).filter(pk__in=[one.pk for one in pair]).exists()
    merging.take_back(MergeJournal.objects.get(pk=journal.pk), by=lead, reason="Two people")
    assert [named(patient) for patient in pair] == [both, {"everybody"}]
    assert not [*verification.chain_faults()]


def test_of_two_restricted_ones_only_who_is_named_on_both_may_open_them(pair, reception, therapist, lead):
    one, other = pair
    restrict(one, therapist, lead, by=reception)
    restrict(other, lead, by=reception)

    journal = merged(one, other, lead)

    assert [named(patient) for patient in pair] == [{lead.username}, {lead.username}]
    merging.take_back(MergeJournal.objects.get(pk=journal.pk), by=lead, reason="Two people")
    assert [named(patient) for patient in pair] == [{therapist.username, lead.username}, {lead.username}]


def test_records_merged_before_are_restricted_with_it_and_given_back(pair, reception, therapist, lead):
    closed, opened = pair
    earlier = factories.patient(reception)
    merged(opened, earlier, lead)
    restrict(closed, lead, by=reception)
    opened.refresh_from_db()

    journal = merged(closed, opened, lead)

    assert named(earlier) == {lead.username}
    merging.take_back(MergeJournal.objects.get(pk=journal.pk), by=lead, reason="Two people")
    assert named(earlier) == named(opened) == {"everybody"}


def test_who_would_be_left_with_nobody_is_told(pair, reception, therapist, lead):
    one, other = pair
    restrict(one, therapist, by=reception)
    restrict(other, lead, by=reception)

    with pytest.raises(errors.RuleViolation) as refused:
        merged(one, other, lead)

    assert refused.value.codes == {"restricted-otherwise"}
    assert named(one) == {therapist.username}


def test_the_patients_own_account_does_not_come_in_by_a_merge(pair, reception, therapist, lead):
    closed, opened = pair
    restrict(closed, therapist, lead, by=reception)
    Patient.objects.filter(pk=opened.pk).update(account=therapist)
    opened.refresh_from_db()

    with pytest.raises(errors.RuleViolation) as refused:
        merged(opened, closed, lead)

    assert refused.value.codes == {"own-account"}


def test_what_somebody_lifted_since_is_not_set_again(pair, reception, therapist, lead):
    closed, opened = pair
    restrict(closed, lead, by=reception)
    journal = merged(opened, closed, lead)
    restrictions.lift(Patient.objects.get(pk=opened.pk), by=reception, reason="Left")

    merging.take_back(MergeJournal.objects.get(pk=journal.pk), by=lead, reason="Two people")

    assert [named(patient) for patient in pair] == [{"everybody"}, {"everybody"}]


def test_who_was_shut_out_does_not_come_in_where_somebody_restricted_it_anew(
    pair, reception, therapist, lead
):
    one, other = pair
    restrict(one, therapist, lead, by=reception)
    restrict(other, lead, by=reception)
    journal = merged(one, other, lead)
    restrictions.lift(Patient.objects.get(pk=one.pk), by=reception, reason="Left")
    restrict(Patient.objects.get(pk=one.pk), lead, by=reception)

    merging.take_back(MergeJournal.objects.get(pk=journal.pk), by=lead, reason="Two people")

    assert [named(patient) for patient in pair] == [{lead.username}, {lead.username}]


def test_who_was_named_anew_since_is_not_let_in_twice(pair, reception, therapist, lead):
    one, other = pair
    restrict(one, therapist, lead, by=reception)
    restrict(other, lead, by=reception)
    journal = merged(one, other, lead)
    restrict(Patient.objects.get(pk=one.pk), therapist, lead, by=reception)

    merging.take_back(MergeJournal.objects.get(pk=journal.pk), by=lead, reason="Two people")

    assert PatientAccess.objects.named().filter(patient=one, user=therapist).count() == 1


def test_who_turned_out_to_be_the_patient_is_not_let_in_again(pair, reception, therapist, lead):
    one, other = pair
    restrict(one, therapist, lead, by=reception)
    restrict(other, lead, by=reception)
    journal = merged(one, other, lead)
    Patient.objects.filter(pk=one.pk).update(account=therapist)

    merging.take_back(MergeJournal.objects.get(pk=journal.pk), by=lead, reason="Two people")

    assert named(one) == {lead.username}


def test_the_page_says_whom_it_shuts_out_and_merges(pair, reception, lead, signed_in):
    closed, opened = pair
    restrict(closed, lead, by=reception)
    client = signed_in(lead)
    page = client.get(merge_page(opened, closed))
    assert f"{closed.ref} is restricted" in page.content.decode()

    answer = client.post(merge_page(opened, closed), filled(page, password=factories.PASSWORD))

    assert answer.url == opened.get_absolute_url()
    assert signed_in(reception).get(opened.get_absolute_url()).status_code == 404
    assert AuditEvent.objects.filter(code="restriction.set", patient_ref=opened.ref).exists()


def test_whoever_may_not_see_both_does_not_merge_them(pair, reception, therapist, lead, signed_in):
    closed, opened = pair
    restrict(closed, therapist, by=reception)

    assert signed_in(lead).get(merge_page(opened, closed)).status_code == 404


def test_taking_it_back_says_which_record_is_open_again(pair, reception, lead, signed_in):
    closed, opened = pair
    restrict(closed, lead, by=reception)
    journal = merged(opened, closed, lead)

    page = signed_in(lead).get(reverse("treatments:merge-take-back", args=[opened.ref, journal.pk]))

    assert f"{opened.ref} is open to all staff again" in page.content.decode()


def test_taking_it_back_promises_nothing_of_a_record_that_was_restricted_anew(
    pair, reception, lead, signed_in
):
    closed, opened = pair
    restrict(closed, lead, by=reception)
    journal = merged(opened, closed, lead)
    restrictions.lift(Patient.objects.get(pk=opened.pk), by=reception, reason="Left")
    restrict(Patient.objects.get(pk=opened.pk), lead, by=reception)

    page = signed_in(lead).get(reverse("treatments:merge-take-back", args=[opened.ref, journal.pk]))

    assert "is open to all staff again" not in page.content.decode()
