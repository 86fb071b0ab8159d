"""Two records of one person: the merge, what protects the person afterwards, and taking it back."""

import datetime as dt
import uuid

import pytest
from django.urls import reverse
from django.utils import timezone

from clinic.audit import rows as audit_rows
from clinic.audit import verification
from clinic.models import AuditEvent
from clinic.values import errors
from patients.actions import alerts, consents, patients, restrictions, retention
from patients.models import Allergy, Medication, MergeJournal, Patient, PatientAccess, PatientKey, Visit
from patients.rules import validity as validity_rules
from patients.selectors import banner, validity
from tests import factories, world
from tests.patient_rows import models_with_a_patient
from tests.treatments import notes
from treatments.actions import merging
from treatments.actions.signing import signature
from treatments.models import NeedlingSession
from treatments.rules import merging as rules
from treatments.selectors import merging as selectors
from treatments.selectors.signing import seal_check

pytestmark = pytest.mark.django_db
REASON = "Registered again by phone"


@pytest.fixture
def twin(reception):
    """Another record of Ada, with another phone."""
    return factories.patient(
        reception, family_name="Examplewood", given_name="Ada M.", phone="(555) 555-0177", email="a@b.example"
    )


def merged(survivor, loser, by, **choices) -> MergeJournal:
    likely = {name: rules.likely_choice(name, survivor, loser) for name in rules.differing(survivor, loser)}
    return merging.merge(survivor, loser, by=by, reason=REASON, choices={**likely, **choices})


def stored() -> dict:
    """Every row that belongs to a patient, but the journal; search keys by what they say."""
    found = {}
    for model in models_with_a_patient().keys() - {MergeJournal}:
        columns = ("patient", "kind", "value") if model is PatientKey else ()
        rows = model._base_manager.order_by().values_list(*columns)
        found[model] = sorted(audit_rows.canonical(list(row)) for row in rows)
    return found


def tags_of(patient, user) -> str:
    shown = banner.banner_for(Patient.objects.get(pk=patient.pk), user=user, on=timezone.localdate())
    return " · ".join(item["text"] for item in (*shown["risks"], *shown["states"]))


def states_of(patient) -> dict[str, str]:
    on = timezone.localdate()
    facts = validity.validity_facts([Patient.objects.get(pk=patient.pk)], on=on)[patient.pk]
    return {
        "screening": validity_rules.screening_state(facts, on=on).code,
        "kind": validity_rules.screening_state(facts, on=on).kind,
        "visit": validity_rules.visit_state(facts).code,
        "consent": validity_rules.consent_state(facts, on=on).code,
    }


@pytest.fixture
def risky(twin, reception, therapist):
    """What may harm the person is on the twin's record: an allergy, a thinner, an answer that says stop."""
    Allergy.objects.create(patient=twin, substance="Nickel", noted_by=reception)
    Medication.objects.create(patient=twin, name="Warfarin", thins_blood=True, noted_by=reception)
    factories.screening(
        twin,
        therapist,
        answers={"blood-thinner": "yes"},
        computed_level="stop",
        decided_level="stop",
        decision="defer",
    )
    return twin


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


def test_signed_notes_stay_as_signed_and_are_shown_under_the_one_that_stands(
    twin, ada, therapist, lead, signed_in
):
    draft = factories.session(twin, therapist)
    factories.session_condition(draft)
    note = signature.sign(notes.ready(draft), by=therapist, proved=True, identity_checked=True)
    draft.visit.left_at, draft.visit.left_by = timezone.now(), therapist
    draft.visit.save(update_fields=["left_at", "left_by"])

    merged(ada, twin, lead)

    assert NeedlingSession.objects.get(pk=note.pk).patient_id == twin.pk
    assert not list(seal_check.faults(verification.ignore_progress))
    body = signed_in(therapist).get(ada.get_absolute_url()).content.decode()
    assert reverse("treatments:session", args=[note.ref]) in body


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

    (row,) = signed_in(therapist).get(ada.get_absolute_url()).context["merged"]
    assert [(shown["ref"], shown["event"]) for shown in row["notes"]] == [(note.ref, True)]


def test_a_printed_chart_says_which_records_were_merged(risky, ada, therapist, lead, signed_in):
    merged(ada, risky, lead)

    body = signed_in(therapist).get(reverse("treatments:record-print", args=[ada.ref])).content.decode()

    assert f"Merged with {risky.ref}" in body
    assert "Nickel" in body


def test_the_old_reference_leads_to_the_one_that_stands_and_that_is_recorded(
    twin, ada, therapist, lead, signed_in
):
    merged(ada, twin, lead)

    answer = signed_in(therapist).get(twin.get_absolute_url())

    assert answer.url == ada.get_absolute_url()
    assert AuditEvent.objects.filter(code="record.resolved", patient_ref=twin.ref, actor=therapist).exists()


def test_all_that_was_written_in_the_old_record_is_still_read(risky, ada, therapist, lead, signed_in):
    merged(ada, risky, lead)

    answer = signed_in(therapist).get(f"{risky.get_absolute_url()}?own")

    assert answer.status_code == 200
    assert f"Merged into {ada.ref}" in answer.content.decode()


def test_appointments_go_along_and_come_back(twin, ada, therapist, lead):
    visit = factories.visit(twin, therapist, booked_for=timezone.now() + dt.timedelta(days=3))
    gone = factories.visit(
        twin, therapist, cancelled_at=timezone.now(), cancelled_by=therapist, end_reason="x"
    )

    journal = merged(ada, twin, lead)

    assert Visit.objects.get(pk=visit.pk).patient == ada
    assert Visit.objects.get(pk=gone.pk).patient == twin
    merging.take_back(journal, by=lead, reason="Cousins")
    assert Visit.objects.get(pk=visit.pk).patient == twin


def test_the_chosen_details_stand_and_a_name_that_gave_way_is_found(twin, ada, lead, reception, signed_in):
    old = ada.given_name
    merged(ada, twin, lead, given_name="loser", phone="survivor")

    ada.refresh_from_db()

    assert (ada.given_name, ada.phone) == ("Ada M.", ada.phone)
    assert ada.email == "a@b.example"
    body = signed_in(reception).post(reverse("patients:find"), {"q": f"{old} Examplewood"}).content.decode()
    assert ada.ref in body


def test_what_says_no_of_permissions_is_proposed(twin, ada):
    ada.may_call, twin.may_call = True, False

    assert rules.likely_choice("may_call", ada, twin) == "loser"
    assert rules.likely_choice("may_call", twin, ada) == "survivor"


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


def restricted(patient, by, person):
    restrictions.restrict(patient, by=by, people=[person], reason="Works here")
    patient.refresh_from_db()


def under_way(what, patient, therapist):
    now = timezone.now()
    if what == "draft-open":
        factories.session(patient, therapist)
        return {"draft-open", "patient-here"}
    if what == "patient-here":
        factories.arrived(patient, therapist)
    if what == "tablet-out":
        patient.handovers.create(purpose="screening", kind="intake", started_by=therapist, started_at=now)
    if what == "restricted-otherwise":
        restricted(patient, patient.registered_by, therapist)
    if what == "own-record":
        Patient.objects.filter(pk=patient.pk).update(account=patient.lead)
    return {what}


@pytest.mark.parametrize(
    "what", ["draft-open", "patient-here", "tablet-out", "restricted-otherwise", "own-record"]
)
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


def test_taken_back_both_records_are_as_they_were(risky, ada, therapist, reception, lead):
    factories.visit(risky, therapist, booked_for=timezone.now() + dt.timedelta(days=3))
    retention.set_hold(risky, by=lead, reason="Letter")
    risky.refresh_from_db()
    before = stored()

    journal = merged(ada, risky, lead, given_name="loser", phone="loser")
    assert stored() != before
    merging.take_back(journal, by=lead, reason="Two people")

    assert stored() == before
    assert "Nickel" not in tags_of(ada, therapist)


def test_what_was_written_since_stays_or_goes_as_chosen(twin, ada, reception, lead):
    journal = merged(ada, twin, lead)
    stays = alerts.add(Allergy, ada, by=reception, substance="Latex")
    goes = alerts.add(Medication, ada, by=reception, name="Aspirin")

    values = [row.value for row in selectors.later_rows(journal)]
    assert values == [f"allergy-{stays.pk}", f"medication-{goes.pk}"]
    merging.take_back(journal, by=lead, reason="Two people", moved=[f"medication-{goes.pk}"])

    assert Allergy.objects.get(pk=stays.pk).patient == ada
    assert Medication.objects.get(pk=goes.pk).patient == twin


def test_a_row_of_before_or_of_somebody_else_cannot_be_moved(twin, ada, reception, lead):
    old = Allergy.objects.create(patient=ada, substance="Nickel", noted_by=reception)
    journal = merged(ada, twin, lead)

    merging.take_back(journal, by=lead, reason="Two people", moved=[f"allergy-{old.pk}", "allergy-x"])

    assert Allergy.objects.get(pk=old.pk).patient == ada


def test_a_detail_that_somebody_changed_since_stays_changed(twin, ada, reception, lead):
    journal = merged(ada, twin, lead, email="loser")
    patients.change(Patient.objects.get(pk=ada.pk), by=reception, email="new@b.example")
    journal = MergeJournal.objects.get(pk=journal.pk)

    assert selectors.apart(journal).changed == ["email"]
    merging.take_back(journal, by=lead, reason="Two people")

    ada.refresh_from_db()
    assert ada.email == "new@b.example"


def test_the_newest_merge_is_taken_back_first(twin, ada, reception, lead):
    third = factories.patient(reception)
    first = merged(ada, twin, lead)
    ada.refresh_from_db()
    second = merged(third, ada, lead)
    twin.refresh_from_db()
    assert twin.merged_into == third

    with pytest.raises(errors.RuleViolation) as refused:
        merging.take_back(first, by=lead, reason="x")
    assert refused.value.codes == {"merged-later"}

    merging.take_back(second, by=lead, reason="x")
    twin.refresh_from_db()
    assert twin.merged_into == ada
    merging.take_back(first, by=lead, reason="x")
    twin.refresh_from_db()
    assert twin.merged_into is None


def test_a_merge_is_taken_back_once(twin, ada, lead):
    journal = merged(ada, twin, lead)
    merging.take_back(journal, by=lead, reason="x")

    with pytest.raises(errors.StaleRecord):
        merging.take_back(journal, by=lead, reason="x")


def test_both_histories_tell_of_it(twin, ada, lead):
    journal = merged(ada, twin, lead)
    merging.take_back(journal, by=lead, reason="Two people")

    found = AuditEvent.objects.filter(code__startswith="record.", patient_ref__gt="").order_by("seq")
    assert [(event.code, event.patient_ref) for event in found] == [
        ("record.merged", ada.ref),
        ("record.merged_away", twin.ref),
        ("record.unmerged", ada.ref),
        ("record.unmerged_away", twin.ref),
    ]
    assert "555" not in str([event.changes for event in found])


# pages


def merge_page(ada, twin) -> str:
    return reverse("treatments:merge", args=[ada.ref, twin.ref])


def filled(page, **typed) -> dict:
    form = page.context["form"]
    chosen = {name: form[name].value() for name in form.fields if form[name].value()}
    return {**chosen, "form_key": uuid.uuid4().hex, "reason": REASON, **typed}


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


def test_a_merge_is_taken_back_from_its_history(twin, ada, reception, lead, signed_in):
    journal = merged(ada, twin, lead)
    row = alerts.add(Allergy, ada, by=reception, substance="Latex")
    client = signed_in(lead)
    url = reverse("treatments:merge-take-back", args=[ada.ref, journal.pk])
    assert url in client.get(reverse("treatments:history", args=[ada.ref])).content.decode()
    page = client.get(url)
    typed = filled(page, password=factories.PASSWORD)

    assert client.post(url, typed).status_code == 422
    answer = client.post(url, {**typed, f"allergy-{row.pk}": "loser", "form_key": uuid.uuid4().hex})

    assert answer.url == ada.get_absolute_url()
    row.refresh_from_db()
    assert row.patient == twin
    assert client.get(url).status_code == 404
