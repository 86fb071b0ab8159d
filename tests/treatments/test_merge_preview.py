"""What is shown and asked before two records become one, and what keeps them from it."""

import uuid

import pytest
from django.urls import reverse
from django.utils import timezone

from clinic.models import AuditEvent
from clinic.values import errors
from patients.actions import patients
from patients.actions.merged import keep_apart
from patients.models import Patient
from tests import factories
from tests.treatments.merges import REASON, filled, merge_page, merged
from treatments.actions import merging
from treatments.rules import merging as rules

pytestmark = pytest.mark.django_db


def test_what_says_no_of_permissions_is_proposed(twin, ada):
    ada.may_call, twin.may_call = True, False

    assert rules.likely_choice("may_call", ada, twin) == "loser"
    assert rules.likely_choice("may_call", twin, ada) == "survivor"


def under_way(what, patient, therapist):
    now = timezone.now()
    if what == "draft-open":
        factories.session(patient, therapist)
        return {"draft-open", "patient-here"}
    if what == "patient-here":
        factories.arrived(patient, therapist)
    if what == "tablet-out":
        patient.handovers.create(purpose="screening", kind="intake", started_by=therapist, started_at=now)
    if what == "own-record":
        Patient.objects.filter(pk=patient.pk).update(account=patient.lead)
    return {what}


@pytest.mark.parametrize("what", ["draft-open", "patient-here", "tablet-out", "own-record"])
@pytest.mark.parametrize("place", [0, 1])
def test_what_is_under_way_in_either_comes_first(what, place, twin, ada, therapist, lead):
    pair = [ada, twin]
    pair[place].lead = lead
    expected = under_way(what, pair[place], therapist)

    with pytest.raises(errors.RuleViolation) as refused:
        merged(ada, twin, lead)

    assert refused.value.codes == expected
    twin.refresh_from_db()
    assert twin.merged_into is None


def test_details_that_changed_meanwhile_are_looked_at_again(twin, ada, reception, lead):
    choices = dict.fromkeys(rules.differing(ada, twin), "survivor")
    patients.change(ada, by=reception, city="Sampleville")

    with pytest.raises(errors.StaleRecord):
        merging.merge(ada, twin, by=lead, reason=REASON, choices=choices)


def test_the_preview_counts_what_follows_and_the_merge_leads_to_the_record(risky, ada, lead, signed_in):
    client = signed_in(lead)
    page = client.get(merge_page(ada, risky))
    assert dict(page.context["counts"]) == {"Health questions": 1, "Allergies": 1, "Medications": 1}

    answer = client.post(merge_page(ada, risky), filled(page, password=factories.PASSWORD))

    assert answer.url == ada.get_absolute_url()
    risky.refresh_from_db()
    assert (risky.merged_into, risky.merged_by) == (ada, lead)
    body = client.get(ada.get_absolute_url()).content.decode()
    assert f"Merged with {risky.ref}" in body


@pytest.mark.parametrize("typed", [{"reason": " "}, {"password": "wrong"}, {"phone": ""}])
def test_a_merge_without_reason_proof_or_choice_is_refused(typed, twin, ada, lead, signed_in):
    client = signed_in(lead)
    session = client.session
    session.pop("proof", None)
    session.save()
    page = client.get(merge_page(ada, twin))
    assert "password" in page.context["form"].fields

    answer = client.post(merge_page(ada, twin), filled(page, **{"password": factories.PASSWORD, **typed}))

    assert answer.status_code == 422
    twin.refresh_from_db()
    assert twin.merged_into is None


@pytest.mark.parametrize("role", ["reception", "therapist", "admin"])
def test_only_a_lead_merges_and_takes_back(role, twin, ada, lead, signed_in, request):
    client = signed_in(request.getfixturevalue(role))
    journal = merged(ada, factories.patient(lead), lead)

    assert client.get(merge_page(ada, twin)).status_code == 403
    take_back = reverse("treatments:merge-take-back", args=[ada.ref, journal.pk])
    assert client.get(take_back).status_code == 403


@pytest.fixture(params=["as they stand", "by a record merged before"])
def kept_apart(request, twin, ada, reception, lead):
    """The desk said that the two are different people, the second way of a record that ada has now."""
    one = ada
    if request.param != "as they stand":
        one = factories.patient(reception)
        keep_apart(twin, one, by=reception, reason="Sisters")
        merged(ada, one, lead)
        ada.refresh_from_db()
    else:
        keep_apart(one, twin, by=reception, reason="Sisters")
    return twin


def test_the_preview_says_who_said_that_they_are_different_people(
    kept_apart, ada, reception, lead, signed_in
):
    body = signed_in(lead).get(merge_page(ada, kept_apart)).content.decode()

    assert "Said to be different people" in body
    assert "Sisters" in body
    assert reception.display_name in body


def test_the_report_of_who_was_kept_apart_names_the_person_who_said_so(
    kept_apart, reception, lead, signed_in
):
    body = signed_in(lead).get(reverse("treatments:report-kept-apart")).content.decode()

    assert reception.display_name in body


def test_two_who_were_kept_apart_merge_with_a_reason_of_their_own(kept_apart, ada, lead, signed_in):
    client = signed_in(lead)
    typed = filled(client.get(merge_page(ada, kept_apart)), password=factories.PASSWORD)

    refused = client.post(merge_page(ada, kept_apart), typed)
    assert refused.status_code == 422
    assert "apart_reason" in refused.context["form"].errors
    answer = client.post(
        merge_page(ada, kept_apart),
        {**typed, "apart_reason": "She used both names", "form_key": uuid.uuid4().hex},
    )

    assert answer.url == ada.get_absolute_url()
    event = AuditEvent.objects.filter(code="record.merged").latest("seq")
    assert event.changes["apart_reason"] == ["", "She used both names"]


def test_whoever_kept_them_apart_meanwhile_is_heard(twin, ada, reception, lead):
    keep_apart(ada, twin, by=reception, reason="Sisters")

    with pytest.raises(errors.RuleViolation) as refused:
        merged(ada, twin, lead)

    assert refused.value.codes == {"kept-apart"}


def test_other_pairs_are_not_asked_about(twin, ada, reception, lead, signed_in):
    keep_apart(ada, factories.patient(reception), by=reception, reason="Sisters")

    page = signed_in(lead).get(merge_page(ada, twin))

    assert page.context["apart"] is None
    assert "apart_reason" not in page.context["form"].fields
