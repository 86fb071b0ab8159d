"""Rows that waited on the page: several in one request, each judged by itself and answered in its place."""

import uuid
from urllib.parse import urlencode

import pytest
from django.urls import reverse
from django.utils import timezone

from clinic.models import AuditEvent
from tests import audit_chain, factories
from tests.treatments.test_sites import LIVE, typed
from treatments.models import DraftEvent, NeedlingSession

pytestmark = pytest.mark.django_db
CLIENT = str(uuid.uuid4())


@pytest.fixture
def send(draft, signed_in):
    client = signed_in(draft.therapist)

    def post(*rows):
        data = {"row": [urlencode(row) for row in rows]}
        return client.post(reverse("treatments:site-add", args=[draft.ref]), data, headers=LIVE)

    return post


def row(number: int, **changes) -> dict:
    stamp = {"client_id": CLIENT, "seq": str(1000 + number)}
    return typed(**{"key": str(uuid.uuid4()), **stamp, **changes})


def line(number: int, text: str) -> dict:
    stamp = {"client_id": CLIENT, "seq": str(1000 + number)}
    return {"line-line": text, "line-key": str(uuid.uuid4()), **stamp}


def muscles(draft) -> list[tuple]:
    return [(site.number, site.muscle.code, site.side) for site in draft.sites.select_related("muscle")]


def refused(answer) -> list[bool]:
    return ["errors" in each for each in answer.json()["rows"]]


def test_rows_of_one_request_stand_in_their_order(send, draft):
    answer = send(row(1, muscle="vl"), row(2, muscle="Soleus (SO)", side="both"), row(3, muscle="tma"))

    assert (answer.status_code, refused(answer)) == (200, [False] * 3)
    assert muscles(draft) == [(1, "vl", "right"), (2, "so", "left"), (3, "so", "right"), (4, "tma", "right")]
    assert answer.json()["said"] == "Site 1 kept. Site 2 kept. Site 4 kept."
    assert answer.json()["parts"].keys() == {"sites", "figures", "foot-facts", "plan", "first-hours"}
    event = AuditEvent.objects.get(code="session.site_added")
    assert set(event.changes) == {"site 1", "site 2", "site 3", "site 4"}
    assert audit_chain.first_broken_link() is None


@pytest.mark.parametrize(
    "wrong",
    [{"side": ""}, {"depth_mm": "41"}, {"muscle": "rho", "depth_mm": ""}, {"key": "no key"}],
    ids=["a gap", "a slip", "a rule", "a key"],
)
def test_a_row_that_is_refused_stops_no_other(send, draft, wrong):
    rows = row(1, muscle="vl"), row(2, **wrong), row(3, muscle="tma")

    answer = send(*rows)

    assert (answer.status_code, refused(answer)) == (200, [False, True, False])
    assert [each["key"] for each in answer.json()["rows"]] == [each["key"] for each in rows]
    assert muscles(draft) == [(1, "vl", "right"), (2, "tma", "right")]


def test_when_all_are_refused_nothing_is_written(send, draft):
    answer = send(row(1, side=""), line(2, "zz r 2 t1"))

    assert (answer.status_code, refused(answer)) == (422, [True, True])
    assert "No muscle is called “zz”." in answer.json()["rows"][1]["errors"]["line-line"]
    assert not draft.sites.exists()
    assert not AuditEvent.objects.filter(code="session.site_added").exists()


def test_lines_and_rows_go_together_and_a_line_is_kept_whole_or_not_at_all(send, draft):
    answer = send(
        line(1, "is r 2 t1 d15 0.30x40; so l 1 t0 0.30x40"),
        row(2, muscle="vl"),
        line(3, "ut r 3 t2 d15 0.30x40; is l 2"),
    )

    assert refused(answer) == [False, False, True]
    assert muscles(draft) == [(1, "is", "right"), (2, "so", "left"), (3, "vl", "right")]
    assert answer.json()["said"] == "2 kept: is r 2 t1 d15 0.30x40; so l 1 t0 0.30x40. Site 3 kept."


def test_what_arrives_again_is_there_once_and_what_is_new_beside_it_is_kept(send, draft):
    first, second = row(1, muscle="vl"), row(2, muscle="so", side="both")
    third = line(3, "is r 2 t1 d15 .30x40")
    send(first, second)

    answer = send(first, second, third)
    send(third, second, first)

    assert refused(answer) == [False] * 3
    assert muscles(draft) == [
        (1, "vl", "right"), (2, "so", "left"), (3, "so", "right"), (4, "is", "right"),
    ]  # fmt: skip
    assert DraftEvent.objects.filter(session=draft, field="site").count() == 4


def test_a_row_twice_in_one_request_is_there_once(send, draft):
    twice = row(1, muscle="vl")

    assert send(twice, twice).status_code == 200
    assert muscles(draft) == [(1, "vl", "right")]


def test_a_number_that_was_used_refuses_its_own_row(send, draft):
    send(row(1, muscle="vl"))

    answer = send(row(2, muscle="so"), row(1, muscle="is"), row(2, muscle="ut"))

    assert refused(answer) == [False, True, True]
    assert "Open it again" in " ".join(answer.json()["rows"][1]["errors"].values())
    assert [code for _, code, _ in muscles(draft)] == ["vl", "so"]


def test_origins_and_the_plan_belong_to_their_row(send, draft, therapist):
    past = factories.session(draft.patient, therapist)
    send(row(1, muscle="vl", origins="side:tapped"), row(2, muscle="so", adopted_from=past.ref))

    typed_row, adopted = DraftEvent.objects.filter(session=draft, field="site").order_by("pk")
    assert (typed_row.origin, typed_row.adopted_from) == ("typed", None)
    assert typed_row.new["origins"]["side"] == "tapped"
    assert (adopted.origin, adopted.adopted_from) == ("adopted", past)


def test_a_draft_that_was_closed_takes_none_of_them(send, draft, therapist):
    NeedlingSession.objects.filter(pk=draft.pk).update(voided_at=timezone.now(), voided_by=therapist)

    answer = send(row(1), row(2, side=""))

    assert (answer.status_code, answer.json()["locked"]) == (409, True)
    assert not draft.sites.exists()


@pytest.mark.parametrize("muscle", ["ut", "UT", "Upper trapezius", "upper TRAPEZIUS", "Upper trapezius (UT)"])
def test_among_several_a_muscle_is_found_as_in_one(send, draft, muscle):
    send(row(1, muscle=muscle), row(2, muscle="Risorius, deep part"))

    first, second = draft.sites.select_related("muscle")
    assert first.muscle.code == "ut"
    assert (second.muscle, second.unlisted_name) == (None, "Risorius, deep part")


def test_more_rows_than_the_page_sends_are_not_answered(send, draft):
    answer = send(*(row(number) for number in range(21)))

    assert len(answer.json()["rows"]) == draft.sites.count() == 20
