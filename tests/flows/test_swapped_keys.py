"""Keys of another patient in places that only drafts have: in field names and in adopted plans."""

import uuid

import pytest
from django.urls import reverse

from clinic.models import AuditEvent
from tests import factories, world
from tests.form_client import FormClient
from treatments.models import DraftEvent, NeedleSite, SessionCondition

pytestmark = pytest.mark.django_db
LIVE = {"X-Live": "1"}
PARTS = {
    "pain_before": "4", "pain_after": "2", "not_asked_before": "asleep", "not_asked_after": "asleep",
    "measure_before": "40", "measure_after": "55",
}  # fmt: skip
NEVER = 999_999


@pytest.fixture
def draft(reception, therapist):
    return world.treated({"desk": reception, "author": therapist}, "Minewood")


@pytest.fixture
def theirs(reception, therapist):
    """Another patient's draft of the same therapist, so that only the key is wrong."""
    return world.treated({"desk": reception, "author": therapist}, "Theirwood")


@pytest.fixture
def client(therapist, signed_in):
    return signed_in(therapist)


def part_of(session, field: str) -> int:
    return (session.measurements if field.startswith("measure") else session.conditions).get().pk


def stamp(**values) -> dict:
    return {"client_id": str(uuid.uuid4()), "seq": "1", "base_version": "0", **values}


def stored_rows() -> tuple:
    """Every table that a save of a draft may change."""
    sites = NeedleSite.objects.order_by("pk").values()
    pains = SessionCondition.objects.order_by("pk").values()
    return list(sites), list(pains), DraftEvent.objects.count(), AuditEvent.objects.count()


def rows_of(session) -> list[dict]:
    return [*session.conditions.values(), *session.measurements.values(), *session.sites.values()]


def save(client, draft, field: str, part: int, value: str):
    address = reverse("treatments:session-field", args=[draft.ref])
    return client.post(address, stamp(field=f"{field}-{part}", value=value), headers=LIVE)


@pytest.mark.parametrize(("field", "value"), PARTS.items())
def test_a_field_of_another_patients_draft_is_not_there(client, draft, theirs, field, value):
    before = stored_rows()

    answers = [save(client, draft, field, part, value) for part in (part_of(theirs, field), NEVER)]

    assert [answer.status_code for answer in answers] == [404, 404]
    assert stored_rows() == before


@pytest.mark.parametrize(("field", "value"), PARTS.items())
def test_the_same_field_of_the_draft_itself_is_saved(client, draft, theirs, field, value):
    """Shows that the refusals above depend on the patient only."""
    assert save(client, draft, field, part_of(draft, field), value).status_code == 200
    assert DraftEvent.objects.filter(session=draft, field=field).exists()


def test_the_plain_save_passes_over_fields_of_another_patients_draft(client, draft, theirs):
    before = rows_of(theirs)
    form = FormClient(client).open(draft.get_absolute_url()).form("note", "client_id")
    swapped = {f"{field}-{part_of(theirs, field)}": value for field, value in PARTS.items()}

    client.post(draft.get_absolute_url(), {**form.filled(note="Sore"), **swapped})

    assert [event.field for event in DraftEvent.objects.all()] == ["note"]
    assert rows_of(theirs) == before


def site(**values) -> dict:
    return {
        **stamp(), "key": str(uuid.uuid4()), "muscle": "is", "side": "right", "insertions": "2",
        "twitches": "1", "needle": "0.30x40", "technique": "in_out", "tissue": "trigger_point",
        "depth_mm": "20", **values,
    }  # fmt: skip


def add(client, draft, **values):
    return client.post(reverse("treatments:site-add", args=[draft.ref]), site(**values), headers=LIVE)


def test_a_site_is_adopted_from_no_session_of_another_patient(client, draft, theirs):
    before = stored_rows()

    answer = add(client, draft, adopted_from=theirs.ref, origins="muscle:plan@2026-05-05")

    assert answer.status_code == 404
    assert stored_rows() == before


def test_a_site_is_adopted_from_an_earlier_session_of_the_patient(client, draft, therapist):
    past = factories.session(draft.patient, therapist)

    assert add(client, draft, adopted_from=past.ref).status_code == 200
    assert DraftEvent.objects.get(session=draft, field="site").adopted_from == past


def test_another_patients_site_fills_no_row(client, draft, theirs):
    """With the key of another patient's site the page is the same as without it."""
    wanted = {"adopt": theirs.sites.first().pk}

    form = client.get(draft.get_absolute_url(), wanted).context["site_form"]

    assert {"muscle", "side", "needle", "adopted_from", "origins"}.isdisjoint(
        name for name, value in form.initial.items() if value
    )


@pytest.mark.parametrize("name", ["site-add", "site-edit"])
def test_a_site_is_aimed_at_no_condition_of_another_patient(client, draft, theirs, name):
    mine = draft.sites.first()
    args = [draft.ref] if name == "site-add" else [draft.ref, mine.key]
    before = stored_rows()

    sent = site(session_condition=theirs.conditions.get().pk, needles="2")
    answer = client.post(reverse(f"treatments:{name}", args=args), sent, headers=LIVE)

    assert answer.status_code == 422
    assert stored_rows() == before


def test_a_site_under_another_patients_key_leaves_theirs_alone(client, draft, theirs):
    """A page's key counts within its draft only, so another draft's key finds nothing."""
    known = theirs.sites.order_by("pk")
    before = list(known.values())

    answer = add(client, draft, key=str(known.first().key))

    assert answer.status_code == 200
    assert list(known.values()) == before
