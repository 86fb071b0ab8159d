"""The number of data statements of each write of the session page, for any number of sites."""

import uuid
from urllib.parse import urlencode

import pytest
from django.urls import reverse
from django.utils import timezone

from tests import factories
from tests.software_passkey import SoftwarePasskey
from tests.statements import BUDGET, as_lines, data_statements
from tests.treatments import notes
from tests.treatments.test_session_page import posted
from tests.treatments.test_signing import reading_of
from tests.treatments.test_sites import LIVE, typed
from treatments.models import DraftEvent, Measurement, NeedleSite, NeedlingSession, UnkeptEntry
from treatments.rules.session import fields as fields_rules

pytestmark = pytest.mark.django_db
A_SITE, A_FIELD, A_SIGNATURE = 11, 10, 23
MUSCLES = ("is", "so", "ut", "ls")
HOW_MANY = pytest.mark.parametrize("how_many", [1, 3, 12])


@pytest.fixture
def client(draft, signed_in):
    return signed_in(draft.therapist)


def fill(draft, how_many: int) -> None:
    """Adds so many sites; of many, two are struck."""
    for number in range(draft.sites.count(), how_many):
        site = factories.site(draft, MUSCLES[number % len(MUSCLES)], depth_mm=12)
        if number in (5, 6):
            type(site).objects.filter(pk=site.pk).update(struck_at=timezone.now(), struck_by=draft.therapist)


def cost_of(client, url: str, data: dict, *, status: int = 200, headers=LIVE) -> list[str]:
    with data_statements() as queries:
        response = client.post(url, data, headers=headers)
    assert response.status_code == status, response.text[:300]
    return queries


def stamp(base_version: int = 0) -> dict:
    return {"client_id": str(uuid.uuid4()), "seq": "1", "base_version": str(base_version), "origin": "typed"}


def current_minute():
    return timezone.now().replace(second=0, microsecond=0)


def current_time() -> str:
    return timezone.localtime().strftime("%H:%M")


def site_url(name: str, draft, *key) -> str:
    return reverse(f"treatments:{name}", args=[draft.ref, *key])


@HOW_MANY
def test_opening_the_page(how_many, draft, client):
    fill(draft, how_many)

    with data_statements() as queries:
        assert client.get(draft.get_absolute_url()).status_code == 200

    assert len(queries) <= BUDGET, as_lines(queries)


@pytest.mark.parametrize(
    ("how_many", "changes"),
    [
        (1, {}),
        (3, {"muscle": "Infraspinatus (IS)"}),
        (12, {}),
        (12, {"side": "both"}),
        (12, {"muscle": "Risorius"}),
    ],
)
def test_adding_a_site(how_many, changes, draft, client):
    fill(draft, how_many - 1)

    queries = cost_of(client, site_url("site-add", draft), typed(**stamp(), **changes))

    assert len(queries) <= A_SITE, as_lines(queries)


def test_adopting_a_site_from_the_last_visit(draft, client):
    past = factories.session(draft.patient, draft.therapist)
    fill(past, 12)
    queries = cost_of(
        client, site_url("site-add", draft), typed(adopted_from=past.ref, origins="muscle:plan")
    )

    assert len(queries) <= A_SITE, as_lines(queries)


@HOW_MANY
def test_correcting_a_site(how_many, draft, client):
    cost_of(client, site_url("site-add", draft), typed(**stamp()))
    fill(draft, how_many)
    stands = DraftEvent.objects.get(session=draft, field="site").pk

    changed = typed(insertions="4", needles="1", **stamp(stands))
    queries = cost_of(client, site_url("site-edit", draft, typed()["key"]), changed)

    assert len(queries) <= A_SITE, as_lines(queries)


@pytest.mark.parametrize(("name", "data"), [("site-strike", {}), ("site-needles", {"way": "in"})])
def test_striking_and_timing_a_site(name, data, draft, client):
    fill(draft, 12)

    queries = cost_of(client, site_url(name, draft, draft.sites.first().key), data)

    assert len(queries) <= A_SITE, as_lines(queries)


@HOW_MANY
def test_a_line_of_sites(how_many, draft, client):
    line = "; ".join("is r 2 t1 d15 n1 0.30x40" for _ in range(how_many))
    data = {"line-line": line, "line-key": str(uuid.uuid4()), **stamp()}

    queries = cost_of(client, site_url("site-line", draft), data, status=302, headers={})

    assert draft.sites.count() == how_many
    assert len(queries) <= A_SITE, as_lines(queries)


@HOW_MANY
@pytest.mark.parametrize("kind", ["rows", "adopted rows", "lines"])
def test_rows_that_waited(how_many, kind, draft, client):
    past, page = factories.session(draft.patient, draft.therapist), str(uuid.uuid4())
    rows = [row_of(kind, past, client_id=page, seq=str(1_000_000 + at)) for at in range(how_many)]

    queries = cost_of(client, site_url("site-add", draft), {"row": [urlencode(row) for row in rows]})

    assert draft.sites.count() == how_many
    assert len(queries) <= A_SITE, as_lines(queries)


def row_of(kind: str, past, **sent) -> dict:
    key = str(uuid.uuid4())
    if kind == "lines":
        return {"line-line": "is r 2 t1 d15 0.30x40", "line-key": key, **sent}
    plan = {"adopted_from": past.ref, "origins": "muscle:plan"} if kind == "adopted rows" else {}
    return typed(**{"key": key, **plan, **sent})


# The value of each field. The end of a session is tested below; identity is checked at signing, and a second
# person counts where a count stands.
FIELD_VALUES = {
    "note": "Slept better.", "plan": "Once a week.", "position": "prone", "skin_prep": "alcohol",
    "needles_opened": "12", "needles_unused": "1", "needles_out": "12", "tolerance": "well",
    "tolerance_detail": "Light in the head for a minute.", "other_care": "Heat for ten minutes.",
    "next_visit_on": "12/31/2031", "billing_code": "20561", "billing_override_reason": "Asked by the payer.",
    "started_at": "00:00", "not_needled": "other", "not_needled_detail": "Came with a fever.",
    "pain_before-{condition}": "6", "pain_after-{condition}": "not-asked",
    "not_asked_before-{condition}": "Asleep.", "not_asked_after-{condition}": "In a hurry.",
    "measure_before-{measurement}": "40", "measure_after-{measurement}": "55", "advice-{advice}": "on",
}  # fmt: skip


def test_each_field_of_the_draft_is_among_them():
    assert {fields_rules.split(name)[0] for name in FIELD_VALUES} == fields_rules.PLACES.keys() - {
        "ended_at",
        "identity_checked",
        "needles_second",
    }


@pytest.mark.parametrize(("field", "value"), FIELD_VALUES.items(), ids=FIELD_VALUES.keys())
def test_saving_a_field(field, value, draft, client):
    fill(draft, 12)
    advice = notes.AftercareAdvice.objects.current().first().code
    line = Measurement.objects.create(session=draft, kind=Measurement.Kind.RANGE, side="right")
    name = field.format(condition=draft.conditions.get().pk, advice=advice, measurement=line.pk)
    url = site_url("session-field", draft)
    first = cost_of(client, url, {"field": name, "value": value, **stamp()})
    newest = DraftEvent.objects.get(session=draft).pk
    again = cost_of(client, url, {"field": name, "value": value, **stamp(newest)})

    assert len(first) <= A_FIELD, as_lines(first)
    assert len(again) <= A_FIELD, as_lines(again)


def test_a_field_of_the_session_is_saved_without_its_sites(draft, client):
    """The whole draft took longer to plan than all else of the save."""
    fill(draft, 3)
    plan = {"field": "plan", "value": "Twice a week", **stamp()}
    queries = cost_of(client, site_url("session-field", draft), plan)

    assert not [sql for sql in queries if NeedleSite._meta.db_table in sql]


def test_a_signed_note_is_read_without_the_draft_that_it_was(draft, client):
    """It was read as a draft first, only to see that it is none."""
    notes.signed(draft)
    with data_statements() as queries:
        assert client.get(draft.get_absolute_url()).status_code == 200

    assert not [sql for sql in queries if UnkeptEntry._meta.db_table in sql]


def test_saving_the_whole_page(draft, client):
    """Saving without JavaScript costs as one field, plus two statements for each changed field."""
    fill(draft, 12)
    NeedlingSession.objects.filter(pk=draft.pk).update(started_at=current_minute())
    pain = draft.conditions.get().pk
    changed = {
        "note": "Slept better.", "plan": "Once a week.", "other_care": "Heat.", "position": "prone",
        "needles_out": "12", "tolerance": "well", "skin_prep": "alcohol", "ended_at": current_time(),
        f"pain_before-{pain}": "6", f"pain_after-{pain}": "3", "advice-drink-water": "on",
        "advice-keep-moving": "on",
    }  # fmt: skip
    page = posted(client, draft, **changed)

    queries = cost_of(client, draft.get_absolute_url(), page, status=302, headers={})

    assert draft.events.count() == len(changed)
    assert draft.followups.count() == 2
    assert len(queries) <= A_FIELD + 2 * len(changed), as_lines(queries)


def test_noting_the_end_makes_the_calls_too(draft, client):
    fill(draft, 12)
    NeedlingSession.objects.filter(pk=draft.pk).update(started_at=current_minute())
    end = {"field": "ended_at", "value": current_time(), **stamp()}

    queries = cost_of(client, site_url("session-field", draft), end)

    assert draft.followups.count() == 2
    assert len(queries) <= A_FIELD, as_lines(queries)


@pytest.mark.parametrize(
    ("how_many", "how"),
    [
        (1, "with the password"),
        (3, "with the password"),
        (12, "with the password"),
        (12, "a moment later"),
        (12, "and ended with it"),
        (1, "with an incident record"),
        (12, "with an incident record"),
        (1, "with a passkey"),
        (12, "with a passkey"),
    ],
)
def test_signing(how_many, how, draft, client):
    if how == "a moment later":
        other = factories.session(factories.patient(draft.therapist), draft.therapist)
        factories.session_condition(other)
        sign(client, notes.ready(other))
    ready = notes.ready(draft)
    fill(ready, how_many)
    placed = sum(site.needles for site in ready.sites.standing())
    changes = {"needles_out": placed - (how == "with an incident record")}
    if how == "and ended with it":
        changes["ended_at"] = None
    NeedlingSession.objects.filter(pk=ready.pk).update(**changes)
    ready.refresh_from_db()

    queries = sign(client, ready, **proof_of(how, client, ready))

    ready.refresh_from_db()
    assert (ready.state, ready.followups.count()) == ("signed", 2)
    assert len(queries) <= A_SIGNATURE, as_lines(queries)
    # its parts are read once, under the lock
    assert sum('"draft_sites"' in sql for sql in queries) == 1


def proof_of(how: str, client, ready) -> dict:
    if how == "with an incident record":
        return {"incident_reason": "Found in the sharps box after two counts."}
    if how == "with a passkey":
        key = SoftwarePasskey(ready.therapist)
        question = client.get(reverse("account_passkey_question")).json()
        return {"password": "", "passkey": key.answer(question["request_options"])}
    return {}


def sign(client, ready, **fields) -> list[str]:
    ended = current_time() if ready.ended_at is None else ""
    data = {"form_key": uuid.uuid4().hex, "identity_checked": "on", "password": factories.PASSWORD,
            "read": reading_of(ready), "ended_at": ended, **fields}  # fmt: skip
    return cost_of(client, reverse("treatments:session-sign", args=[ready.ref]), data)
