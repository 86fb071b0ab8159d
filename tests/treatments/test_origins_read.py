"""A read note can show the origin of each value, which is not part of the seal."""

import uuid

import pytest
from django.urls import reverse

from tests import factories
from tests.treatments import notes
from treatments.actions.signing import signature
from treatments.models import DraftEvent, NeedlingSession

pytestmark = pytest.mark.django_db
HEAD = "Where each value came from"


def add_origins(site, seq: int = 1, *, old=None, adopted_from=None, **new) -> None:
    DraftEvent.objects.create(
        session=site.session,
        client_id=uuid.uuid4(),
        seq=seq,
        field="site",
        site_key=site.key,
        old=old,
        new=new,
        adopted_from=adopted_from,
        by=site.added_by,
    )


@pytest.fixture
def past(ada, therapist):
    return factories.session(ada, therapist, visit=factories.arrived(ada, therapist))


@pytest.fixture
def session(draft, past, other_therapist):
    """A site adopted from a plan with a corrected depth, in a note that needs a co-signature."""
    ready = notes.ready(draft, supervisor=other_therapist)
    site = ready.sites.get()
    origins = {
        "muscle": "plan@2026-05-05",
        "side": "plan@2026-05-05",
        "insertions": "typed",
        "technique": "hand@2026-05-12",
        "depth_mm": "usual",
    }
    add_origins(site, origins=origins, depth_mm=25, adopted_from=past)
    add_origins(site, seq=2, old={"depth_mm": 25}, depth_mm=20)
    return signature.sign(ready, by=ready.therapist, proved=True, identity_checked=True)


def origin_lines(response) -> list[tuple]:
    return [
        (row["number"], line["source"], line["labels"], line["session"])
        for row in response.context["origins"]
        for line in row["lines"]
    ]


def test_each_value_of_a_signed_site_says_where_it_came_from(signed_in, lead, session, past):
    response = signed_in(lead).get(session.get_absolute_url())

    assert origin_lines(response) == [
        (1, "taken from the visit before, May 5, 2026", "muscle, side", past.ref),
        (1, "typed", "insertions, depth", ""),
        (1, "proposed as in the therapist's last, and kept, May 12, 2026", "technique", ""),
    ]
    page = response.content.decode()
    assert page.index(HEAD) > page.index("Infraspinatus, right.")
    assert f'href="{past.get_absolute_url()}">{past.ref}</a>' in page
    assert "<details" in page[: page.index(HEAD)].rsplit("<p", 1)[1]


def test_a_supervisor_sees_them_before_co_signing(signed_in, session, other_therapist):
    response = signed_in(other_therapist).get(reverse("treatments:session-cosign", args=[session.ref]))

    assert len(origin_lines(response)) == 3
    assert HEAD in response.content.decode()


def test_paper_leaves_them_out(signed_in, therapist, session):
    page = signed_in(therapist).get(reverse("treatments:session-print", args=[session.ref]))

    assert HEAD not in page.content.decode()


def test_a_note_of_which_nothing_is_known_says_nothing(signed_in, therapist, draft):
    session = notes.signed(draft)

    assert HEAD not in signed_in(therapist).get(session.get_absolute_url()).content.decode()


def test_a_colleague_sees_them_of_a_draft_as_well(signed_in, other_therapist, draft):
    site = notes.ready(draft).sites.get()
    add_origins(site, origins={"muscle": "tapped"})

    response = signed_in(other_therapist).get(draft.get_absolute_url())

    assert origin_lines(response) == [(1, "tapped", "muscle", "")]


def test_the_seal_says_what_it_said_without_them(session):
    text = NeedlingSession.objects.get(pk=session.pk).seal.text

    assert "origins" not in text
    assert "plan@" not in text
