"""The sharps injury log: apart from patients' records, confidential, append-only, and kept for its years."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from clinic.models import AuditEvent
from clinic.values.errors import RecordLocked, RuleViolation, StaleRecord
from tests import factories
from treatments.actions import sharps
from treatments.models import AdverseEventKind, SharpsInjury
from treatments.rules import sharps as rules

pytestmark = pytest.mark.django_db

TYPED = {
    "area": "Treatment room 2",
    "device_type": "Dry needle 0.30 x 40 mm",
    "device_brand": "Seirin",
    "contaminated": "yes",
    "how": "Reaching for the container.",
}


def fields(**changes) -> dict:
    beside = {"occurred_at": timezone.now(), "location": factories.location(), "injured_name": ""}
    return {**TYPED, **beside, **changes}


def filed(person, **changes) -> SharpsInjury:
    return sharps.file(by=person, injured=person, **fields(**changes))


def posted(**changes) -> dict:
    return {**TYPED, "occurred_at": "yesterday 9:30", "location": factories.location().pk, **changes}


def refused_codes(act) -> set[str]:
    with pytest.raises(RuleViolation) as refused:
        act()
    return refused.value.codes


def address(name: str, *args) -> str:
    return reverse(f"treatments:sharps-{name}", args=args)


def test_an_injury_is_filed_with_what_the_log_must_hold(signed_in, reception):
    response = signed_in(reception).post(address("add"), posted())
    injury = SharpsInjury.objects.get()
    assert response.url == address("injury", injury.pk)
    assert (injury.injured, injury.noted_by) == (reception, reception)
    assert (injury.device_type, injury.device_brand) == ("Dry needle 0.30 x 40 mm", "Seirin")
    assert (injury.area, injury.how) == ("Treatment room 2", "Reaching for the container.")
    event = AuditEvent.objects.get(code="sharps.filed")
    assert (event.patient_ref, event.changes) == ("", {})


@pytest.mark.parametrize(
    "name", ["area", "device_type", "device_brand", "how", "contaminated", "occurred_at"]
)
def test_each_part_is_asked_for_at_its_field(signed_in, reception, name):
    response = signed_in(reception).post(address("add"), posted(**{name: ""}))
    assert response.status_code == 422
    assert name in response.context["form"].errors
    assert not SharpsInjury.objects.exists()


def test_a_blank_is_no_brand_and_the_future_no_day(reception):
    later = timezone.now() + dt.timedelta(hours=1)
    act = lambda: filed(reception, device_brand="  ", occurred_at=later)  # noqa: E731
    assert refused_codes(act) == {"device-brand-missing", "occurred-in-future"}


def test_an_entry_is_about_one_person(lead, reception):
    both = lambda: sharps.file(by=lead, injured=reception, **fields(injured_name="Sam"))  # noqa: E731
    neither = lambda: sharps.file(by=lead, injured=None, **fields())  # noqa: E731
    assert refused_codes(both) == refused_codes(neither) == {"one-person"}
    assert sharps.file(by=lead, injured=None, **fields(injured_name="A cleaner")).injured_name == "A cleaner"


def test_who_does_not_keep_the_log_files_their_own_only(signed_in, therapist, reception):
    assert refused_codes(lambda: sharps.file(by=therapist, injured=reception, **fields())) == {
        "not-their-own"
    }
    sent = posted(injured=reception.pk)
    signed_in(therapist).post(address("add"), sent)
    assert SharpsInjury.objects.get().injured == therapist


def test_the_injured_and_who_keeps_the_log_read_it_and_nobody_else(
    signed_in, therapist, other_therapist, reception, lead, admin
):
    injury = filed(therapist)
    found = {
        person: signed_in(person).get(address("injury", injury.pk)).status_code
        for person in (therapist, lead, admin, other_therapist, reception)
    }
    assert list(found.values()) == [200, 200, 200, 404, 404]
    assert signed_in(other_therapist).get(address("log")).context["rows"] == []
    assert [row.injury for row in signed_in(therapist).get(address("log")).context["rows"]] == [injury]
    assert AuditEvent.objects.filter(code="sharps.opened").count() == 3


def test_the_list_names_nobody(signed_in, lead, reception):
    filed(reception)
    text = signed_in(lead).get(address("log")).content.decode()
    assert "Seirin" in text
    assert "Hale" not in text
    assert AuditEvent.objects.filter(code="sharps.listed").count() == 1


def test_a_correction_is_a_version_of_its_own(signed_in, reception, lead):
    first = filed(reception)
    client = signed_in(lead)
    sent = posted(injured=reception.pk, device_brand="Agu-punt", reason="Read again.")
    assert client.post(address("correct", first.pk), {**sent, "reason": ""}).status_code == 422
    response = client.post(address("correct", first.pk), sent)
    later = SharpsInjury.objects.get(supersedes=first)
    assert response.url == later.get_absolute_url()
    assert (first.case_number, later.case_number) == (first.pk, first.pk)
    assert SharpsInjury.objects.get(pk=first.pk).device_brand == "Seirin"
    assert [row.injury for row in client.get(address("log")).context["rows"]] == [later]
    text = client.get(address("injury", first.pk)).content.decode()
    assert "Corrected since" in text
    assert "Read again." in text


def test_the_second_to_correct_is_told_who_did(reception, lead):
    first = filed(reception)
    sharps.correct(first, by=lead, reason="Brand.", injured=reception, **fields(device_brand="Other"))
    with pytest.raises(StaleRecord) as stale:
        sharps.correct(first, by=reception, reason="Area.", injured=reception, **fields(area="Desk"))
    assert "Hana Oduya" in stale.value.message


def test_an_entry_never_changes_and_never_goes(reception):
    injury = filed(reception)
    with pytest.raises(RecordLocked):
        injury.save()
    with pytest.raises(RecordLocked):
        injury.delete()
    for act in (
        lambda: SharpsInjury.objects.filter(pk=injury.pk).update(how="x"),
        lambda: SharpsInjury.objects.filter(pk=injury.pk)._raw_delete("default"),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            act()


@pytest.mark.parametrize(
    ("occurred", "until"),
    [
        (dt.datetime(2026, 1, 1, 12, tzinfo=dt.UTC), dt.date(2031, 12, 31)),
        (dt.datetime(2026, 12, 31, 23, tzinfo=dt.UTC), dt.date(2031, 12, 31)),
        # still the old year in Chicago
        (dt.datetime(2027, 1, 1, 3, tzinfo=dt.UTC), dt.date(2031, 12, 31)),
    ],
)
def test_an_entry_is_kept_five_years_after_its_year(settings, occurred, until):
    with timezone.override("America/Chicago"):
        assert rules.kept_until(occurred) == until


def test_the_log_is_read_by_year(signed_in, lead):
    old = filed(lead, occurred_at=timezone.now() - dt.timedelta(days=800))
    new = filed(lead)
    client = signed_in(lead)
    year = timezone.localtime(old.occurred_at).year
    assert [row.injury for row in client.get(address("log")).context["rows"]] == [new, old]
    assert [row.injury for row in client.get(f"{address('log')}?year={year}").context["rows"]] == [old]


# What was filed into patients' records before


@pytest.fixture
def misplaced(draft, therapist):
    return factories.adverse_event(
        draft, by=therapist, kind=factories.staff_kind(), severity=2, action="Washed at once."
    )


def test_the_kind_is_not_in_the_catalogue_any_more():
    assert not AdverseEventKind.objects.current().filter(category="staff").exists()


@pytest.mark.parametrize("name", ["record", "record-print"])
def test_an_old_injury_of_staff_is_shown_in_no_record(signed_in, therapist, misplaced, name):
    text = signed_in(therapist).get(reverse(f"treatments:{name}", args=[misplaced.session.patient.ref]))
    assert "Needlestick of staff" not in text.content.decode()


@pytest.mark.parametrize("name", ["session", "session-print"])
def test_an_old_injury_of_staff_is_shown_in_no_note(signed_in, lead, misplaced, name):
    text = signed_in(lead).get(reverse(f"treatments:{name}", args=[misplaced.session.ref]))
    assert "Needlestick of staff" not in text.content.decode()


def test_a_lead_moves_an_old_injury_into_the_log(signed_in, lead, therapist, misplaced):
    client = signed_in(lead)
    assert "In a patient's record still" in client.get(address("log")).content.decode()
    page = client.get(address("move", misplaced.pk)).context
    initial = page["form"].initial
    assert (initial.get("injured"), initial["how"]) == (None, "Washed at once.")
    sent = posted(injured=therapist.pk, form_key=page["form_key"])
    client.post(address("move", misplaced.pk), sent)
    injury = SharpsInjury.objects.get()
    misplaced.refresh_from_db()
    assert (injury.injured, misplaced.withdrawn_by) == (therapist, lead)
    assert client.get(address("move", misplaced.pk)).status_code == 404
    pressed_twice = client.post(address("move", misplaced.pk), sent)
    assert (pressed_twice.status_code, pressed_twice.url) == (302, injury.get_absolute_url())
    assert "In a patient's record still" not in client.get(address("log")).content.decode()
    event = AuditEvent.objects.get(code="sharps.filed")
    assert event.patient_ref == ""
