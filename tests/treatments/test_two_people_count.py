"""Where two people count needles, the second one's account and time stand beside the count."""

import uuid

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from clinic import formats
from clinic.models import AuditEvent, Practice
from clinic.values.errors import RuleViolation
from tests.treatments import notes
from treatments.actions.session import undo
from treatments.actions.signing import signature
from treatments.models import DraftEvent, NeedlingSession

pytestmark = pytest.mark.django_db


@pytest.fixture
def two_people(db):
    Practice.objects.update(two_people_count=True)


@pytest.fixture
def save(draft, signed_in):
    """save(field, value) -> the response; the client knows its last version of the field"""
    client_id, versions = uuid.uuid4(), {}

    def post(field, value, by=None):
        data = {"field": field, "value": value, "client_id": client_id,
                "seq": sum(versions.values()) + len(versions) + 1,
                "base_version": versions.get(field, 0)}  # fmt: skip
        url = reverse("treatments:session-field", args=[draft.ref])
        answer = signed_in(by or draft.therapist).post(url, data, headers={"X-Live": "1"})
        if answer.status_code == 200:
            versions[field] = answer.json()["version"]
        return answer

    return post


def now_in(draft) -> NeedlingSession:
    return NeedlingSession.objects.get(pk=draft.pk)


def page(draft, signed_in) -> str:
    return signed_in(draft.therapist).get(draft.get_absolute_url()).content.decode()


def test_the_setting_asks_for_somebody_else_of_the_practice(two_people, draft, reception, signed_in):
    shown = page(draft, signed_in)

    assert "Counted with" in shown
    assert f'<option value="{reception.username}">{reception.display_name}</option>' in shown
    assert f'value="{draft.therapist.username}"' not in shown


def test_without_the_setting_nobody_is_asked(draft, save, reception, signed_in):
    assert "Counted with" not in page(draft, signed_in)
    assert save("needles_second", reception.username).status_code == 400


def test_the_second_person_is_kept_with_the_time(two_people, draft, save, reception):
    save("needles_out", "1")
    before = timezone.now()
    answer = save("needles_second", reception.username)

    row = now_in(draft)
    assert answer.status_code == 200
    assert (row.needles_counted_by, row.needles_second_by) == (draft.therapist, reception)
    assert before <= row.needles_second_at <= timezone.now()
    event = AuditEvent.objects.filter(code="session.field_saved").latest("seq")
    assert event.changes == {"needles_second": ["", reception.username]}


@pytest.mark.parametrize(
    ("prepare", "message"),
    [
        ({}, "Enter the needles out first"),
        ({"needles_counted_by": "second"}, "Choose somebody of the list"),
        ({"inactive": True}, "Choose somebody of the list"),
    ],
)
def test_who_cannot_have_counted_a_second_time_is_refused(
    two_people, draft, save, reception, prepare, message
):
    if prepare.get("needles_counted_by"):
        NeedlingSession.objects.filter(pk=draft.pk).update(
            needles_out=1, needles_counted_at=timezone.now(), needles_counted_by=reception
        )
    if prepare.get("inactive"):
        save("needles_out", "1")
        type(reception).objects.filter(pk=reception.pk).update(is_active=False)

    answer = save("needles_second", reception.username)

    assert answer.status_code == 422
    assert message in answer.json()["errors"]["needles_second"]
    assert now_in(draft).needles_second_by is None


def test_a_new_count_is_counted_by_two_again(two_people, draft, save, reception):
    save("needles_out", "1")
    save("needles_second", reception.username)
    foot = save("needles_out", "2").json()["parts"]["foot-facts"]

    assert now_in(draft).needles_second_by is None
    assert "selected" not in foot.partition("Nobody yet")[2]


def test_the_second_who_writes_the_count_anew_is_the_first(two_people, draft, save, other_therapist):
    NeedlingSession.objects.filter(pk=draft.pk).update(supervisor=other_therapist)
    save("needles_out", "1")
    save("needles_second", other_therapist.username)

    assert save("needles_out", "1", by=other_therapist).status_code == 200
    row = now_in(draft)
    assert (row.needles_counted_by, row.needles_second_by) == (other_therapist, None)


def test_taking_it_back_clears_name_and_time(two_people, draft, save, reception, therapist):
    save("needles_out", "1")
    save("needles_second", reception.username)

    undo.take_back(draft, by=therapist, change=DraftEvent.objects.latest("pk").pk)

    assert (now_in(draft).needles_second_at, now_in(draft).needles_second_by) == (None, None)


def test_the_database_knows_that_two_are_two(draft, therapist):
    both = {"needles_second_at": timezone.now(), "needles_second_by": therapist}
    with pytest.raises(IntegrityError), transaction.atomic():
        NeedlingSession.objects.filter(pk=draft.pk).update(**both)
    counted = {"needles_counted_at": timezone.now(), "needles_counted_by": therapist}
    with pytest.raises(IntegrityError), transaction.atomic():
        NeedlingSession.objects.filter(pk=draft.pk).update(**both, **counted)


def test_the_signature_waits_for_the_second_and_seals_the_name(two_people, draft, therapist, reception):
    note = notes.ready(draft)
    with pytest.raises(RuleViolation) as refused:
        signature.sign(note, by=therapist, proved=True, identity_checked=True)
    assert refused.value.codes == {"second-count-missing"}

    at = timezone.now()
    NeedlingSession.objects.filter(pk=note.pk).update(needles_second_at=at, needles_second_by=reception)
    signed = signature.sign(note, by=therapist, proved=True, identity_checked=True)

    clock = formats.clock(at)
    assert f"Counted a second time by {reception.display_name}, at {clock}." in signed.seal.text


def test_without_the_setting_one_count_is_enough(draft):
    assert notes.signed(draft).signed_at
