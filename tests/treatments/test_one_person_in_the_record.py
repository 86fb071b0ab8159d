"""What was written in merged records is read in the record that stands, and printed with it."""

import pytest
from django.urls import reverse
from django.utils import timezone

from clinic.models import AuditEvent
from patients.actions import restrictions
from patients.models import Patient, PatientAccess, PatientCondition
from tests import factories
from tests.statements import BUDGET, data_statements
from tests.treatments import notes
from tests.treatments.merges import merged
from treatments.actions.signing import signature
from treatments.rules.record import page
from treatments.selectors.record import page as page_selectors

pytestmark = pytest.mark.django_db


def signed(patient, therapist):
    draft = factories.session(patient, therapist)
    factories.session_condition(draft)
    note = signature.sign(notes.ready(draft), by=therapist, proved=True, identity_checked=True)
    draft.visit.left_at, draft.visit.left_by = timezone.now(), therapist
    draft.visit.save(update_fields=["left_at", "left_by"])
    return note


@pytest.fixture
def both(twin, ada, therapist, lead):
    """A signed note in either of two records, merged into Ada's; the twin's first."""
    found = signed(twin, therapist), signed(ada, therapist)
    merged(ada, twin, lead)
    return found


def record_of(patient, client, **query):
    return client.get(patient.get_absolute_url(), query)


def test_the_sessions_of_both_are_listed_each_with_its_old_reference(both, twin, ada, therapist, signed_in):
    old, own = both

    page = record_of(ada, signed_in(therapist))

    rows = page.context["sessions"]
    assert {(row["ref"], row["record_ref"]) for row in rows} == {(old.ref, twin.ref), (own.ref, "")}
    assert page.context["patient"].session_count == 2
    body = page.content.decode()
    assert reverse("treatments:session", args=[old.ref]) in body


def test_the_pages_of_merged_records_stay_within_the_budget(both, ada, therapist, signed_in):
    client = signed_in(therapist)
    pages = [ada.get_absolute_url(), reverse("treatments:trends", args=[ada.ref])]

    for page_url in pages:
        with data_statements() as asked:
            client.get(page_url)
        assert len(asked) <= BUDGET, page_url


def test_older_sessions_go_on_through_both(both, ada, therapist, signed_in, monkeypatch):
    monkeypatch.setattr("treatments.selectors.record.page.SHOWN", 1)
    client = signed_in(therapist)
    first = record_of(ada, client)

    second = record_of(ada, client, before=first.context["older"])

    shown = [row["ref"] for page in (first, second) for row in page.context["sessions"]]
    assert sorted(shown) == sorted(note.ref for note in both)


def test_conditions_of_the_merged_record_are_marked_and_not_edited(both, twin, ada, therapist, signed_in):
    page = record_of(ada, signed_in(therapist))

    refs = {row["record_ref"] for row in page.context["conditions"]}
    assert refs == {"", twin.ref}
    old = PatientCondition.objects.get(episode__patient=twin)
    body = page.content.decode()
    assert f"Episode of care in {twin.ref}" in body
    assert reverse("patients:condition-edit", args=[ada.ref, old.pk]) not in body


def test_a_condition_of_the_merged_record_is_none_to_start_a_session_for(twin, ada, therapist, lead):
    factories.condition(factories.episode(twin, therapist), therapist)
    merged(ada, twin, lead)
    merged_keys = {twin.pk: twin.ref}

    conditions = page_selectors.conditions(ada, merged=merged_keys)

    assert len(conditions) == 1
    assert not page.is_treated(ada, conditions)
    assert page.is_treated(twin, conditions)


def test_trends_tell_of_both(both, twin, ada, therapist, signed_in):
    page = signed_in(therapist).get(reverse("treatments:trends", args=[ada.ref]))

    names = [problem["name"] for problem in page.context["problems"]]
    assert [name.endswith(f"({twin.ref})") for name in sorted(names, key=len)] == [False, True]
    assert page.context["treated"] == 2
    assert f"merged record {twin.ref}" in " ".join(page.content.decode().split())


def test_the_old_record_on_its_own_tells_of_its_own(both, twin, therapist, signed_in):
    page = signed_in(therapist).get(f"{twin.get_absolute_url()}?own")

    assert [(row["ref"], row["record_ref"]) for row in page.context["sessions"]] == [(both[0].ref, "")]


def test_the_printed_chart_has_the_notes_of_both_as_signed(both, twin, ada, therapist, signed_in):
    factories.consent(twin, therapist)

    page = signed_in(therapist).get(reverse("treatments:record-print", args=[ada.ref]))

    rows = {row["session"].ref: row for row in page.context["notes"]}
    assert {ref: row["record_ref"] for ref, row in rows.items()} == {both[0].ref: twin.ref, both[1].ref: ""}
    assert rows[both[0].ref]["note"].patient == twin.listed_name
    body = " ".join(page.content.decode().split())
    assert f"of the merged record {twin.ref}" in body
    assert f"Signed for {twin.listed_name}" in body
    assert f"Consent ({twin.ref})" in body
    assert {row["record_ref"] for row in page.context["episodes"]} == {"", twin.ref}


def test_a_print_is_recorded_of_either_record(both, twin, ada, therapist, signed_in):
    signed_in(therapist).get(reverse("treatments:record-print", args=[ada.ref]))

    refs = AuditEvent.objects.filter(code="patient.printed").values_list("patient_ref", flat=True)
    assert {*refs} == {ada.ref, twin.ref}


def test_of_a_merged_record_that_is_closed_to_somebody_nothing_is_told(
    both, twin, ada, reception, therapist, lead, signed_in
):
    restrictions.restrict(Patient.objects.get(pk=ada.pk), by=reception, people=[lead], reason="x")
    restrictions.open_in_emergency(Patient.objects.get(pk=ada.pk), by=therapist, reason="Fainted")
    assert not PatientAccess.objects.open_to(therapist).filter(patient=twin).exists()
    client = signed_in(therapist)

    pages = [record_of(ada, client), client.get(reverse("treatments:record-print", args=[ada.ref]))]

    assert [row["ref"] for row in pages[0].context["sessions"]] == [both[1].ref]
    assert [row["session"].ref for row in pages[1].context["notes"]] == [both[1].ref]
