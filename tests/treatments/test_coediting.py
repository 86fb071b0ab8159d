"""Co-editing: each page learns who else has the draft open and what they changed."""

import datetime as dt
import uuid

import pytest
from django.urls import reverse
from django.utils import timezone

from clinic.models import AuditEvent
from tests import factories
from tests.statements import as_lines, data_statements
from tests.treatments import notes
from treatments.actions.session import fields, measurements
from treatments.actions.session.draft_events import Stamp
from treatments.actions.signing import after_signing
from treatments.actions.sites import correction as site_correction
from treatments.actions.sites import prompts as site_prompts
from treatments.models import DraftEvent, DraftPresence, NeedlingSession
from treatments.rules.session import coediting

pytestmark = pytest.mark.django_db
MINE, THEIRS = uuid.uuid4(), uuid.uuid4()
LIMIT = 10  # data statements


@pytest.fixture
def draft(ada, therapist, other_therapist):
    session = factories.session(ada, therapist, supervisor=other_therapist)
    factories.session_condition(session)
    return session


@pytest.fixture
def poll(draft, therapist, signed_in):
    """beat(by=therapist, client_id=MINE, after=0) -> the answer."""
    clients = {}

    def post(by=therapist, client_id=MINE, after=0, **more):
        client = clients[by.pk] = clients.get(by.pk) or signed_in(by)
        path = reverse("treatments:session-coediting", args=[draft.ref])
        data = {"client_id": client_id, "after": after, **more}
        return client.post(path, data, headers={"X-Live": "1", "X-Background": "1"})

    return post


def write(draft, by, field, value, *, seq=1, client_id=THEIRS):
    return fields.save_field(draft, by=by, field=field, value=value, stamp=Stamp(client_id, seq)).version


def test_alone_nobody_is_named(poll):
    changes = poll().json()
    assert changes.pop("now")[:10] == timezone.now().date().isoformat(), "timers go by the server's clock"
    assert changes == {"with": "", "reasons": 0, "fields": {}, "parts": {}, "last": 0}


def test_each_hears_of_the_other_by_name(poll, therapist, other_therapist):
    poll()

    assert poll(other_therapist, THEIRS).json()["with"] == "Maria has this draft open too"
    assert poll().json()["with"] == "Jo has this draft open too"
    assert DraftPresence.objects.count() == 2


def test_ones_own_other_device_is_told_apart(poll):
    poll(client_id=THEIRS)

    assert poll().json()["with"] == "You have this draft open on another page too"


def test_a_page_that_closes_is_gone_at_once(poll, other_therapist):
    poll()
    poll(other_therapist, THEIRS)

    assert poll(other_therapist, THEIRS, gone="on").status_code == 204

    assert poll().json()["with"] == ""
    assert DraftPresence.objects.get().client_id == MINE


def test_a_page_that_was_not_heard_of_is_gone_and_cleared_away(poll, draft, other_therapist):
    poll(other_therapist, THEIRS)
    silent = timezone.now() - coediting.PAGE_TIMEOUT - dt.timedelta(seconds=1)
    DraftPresence.objects.update(seen_at=silent)

    assert poll().json()["with"] == ""
    assert DraftPresence.objects.get().client_id == MINE


def test_what_the_other_wrote_comes_with_its_version(poll, draft, other_therapist):
    condition = draft.conditions.get().pk
    write(draft, other_therapist, f"pain_before-{condition}", 6)
    note = write(draft, other_therapist, "note", "Stiff.", seq=2)

    changes = poll().json()

    assert changes["fields"]["note"] == {"version": note, "value": "Stiff."}
    assert changes["fields"][f"pain_before-{condition}"]["value"] == 6
    assert changes["last"] == note
    assert poll(after=note).json()["fields"] == {}


def test_what_this_page_wrote_is_no_news_to_it(poll, draft, therapist):
    write(draft, therapist, "note", "Mine.", client_id=MINE)

    assert poll().json()["fields"] == {}
    assert poll(client_id=THEIRS).json()["fields"]["note"]["value"] == "Mine."


def test_only_the_newest_value_of_a_field_comes(poll, draft, other_therapist):
    first = write(draft, other_therapist, "needles_out", 3)
    stamp = Stamp(THEIRS, 2, first)
    fields.save_field(draft, by=other_therapist, field="needles_out", value=4, stamp=stamp)

    changes = poll().json()

    assert changes["fields"]["needles_out"]["value"] == 4
    assert list(changes["parts"]) == ["foot-facts", "sites"]


def test_sites_and_lines_come_as_parts_of_the_page(poll, draft, other_therapist):
    site = factories.site(draft)
    site_correction.strike(draft, by=other_therapist, key=site.key)
    measurements.add(draft, by=other_therapist, kind="rom", joint="Shoulder", side="left")

    changes = poll().json()

    assert set(changes["parts"]) == {*coediting.SITE_PARTS, "measurements"}
    assert str(site.key) in changes["parts"]["sites"]
    assert "Shoulder" in changes["parts"]["measurements"]


@pytest.mark.parametrize("end", ["signed", "voided", "closed"])
def test_a_draft_that_ended_elsewhere_says_so(poll, draft, lead, end):
    if end == "signed":
        notes.signed(draft)
    elif end == "voided":
        after_signing.void(draft, by=draft.therapist, reason="Opened by mistake")
    else:
        after_signing.close_unsigned(draft, by=lead, reason="Left the practice")

    answer = poll()

    assert answer.status_code == 409
    assert answer.json()["locked"]
    assert answer.json()["errors"][""].startswith("This session was ")
    assert DraftPresence.objects.count() == 0


@pytest.mark.parametrize(
    "nonsense", [{"client_id": "x"}, {"client_id": ""}, {"after": "-1"}, {"after": "x"}, {"after": "9" * 40}]
)
def test_nonsense_is_not_understood(poll, nonsense):
    assert poll(**nonsense).status_code == 400


def test_a_beat_is_neither_a_look_nor_a_touch(poll, draft, therapist, signed_in):
    poll()
    before = AuditEvent.objects.count()

    poll()

    assert AuditEvent.objects.count() == before


def test_a_beat_costs_the_same_whatever_was_written(poll, draft, therapist, other_therapist):
    poll()
    with data_statements() as quiet:
        poll()
    assert len(quiet) <= 6, as_lines(quiet)

    for number in range(40):
        site = factories.site(draft)
        site_correction.strike(draft, by=other_therapist, key=site.key)
        stamp = Stamp(
            THEIRS, number + 1, DraftEvent.objects.filter(field="note").count() and last_note(draft)
        )
        fields.save_field(draft, by=other_therapist, field="note", value=f"Word {number}", stamp=stamp)
    measurements.add(draft, by=other_therapist, kind="rom", joint="Shoulder", side="left")
    with data_statements() as busy:
        changes = poll().json()

    assert set(changes["parts"]) == {*coediting.SITE_PARTS, "measurements"}
    assert len(busy) <= LIMIT, as_lines(busy)


def last_note(draft):
    return DraftEvent.objects.filter(session=draft, field="note").latest("pk").pk


def test_the_page_knows_the_newest_change_it_shows(draft, therapist, other_therapist, signed_in):
    version = write(draft, other_therapist, "note", "Stiff.")

    page = signed_in(therapist).get(draft.get_absolute_url())

    assert page.context["last_change"] == version
    assert f'data-change="{version}"' in page.content.decode()
    assert NeedlingSession.objects.get().note == "Stiff."


@pytest.fixture
def site_at_neck(draft):
    """A site for which a rule asks a reason: a needle longer than usual at the neck."""
    return factories.site(draft, muscle="smc", length_mm=50, depth_mm=30)


def give_reason(draft, site_at_neck, by, text="Tall patient."):
    return site_prompts.answer_prompt(
        draft, by=by, rule="long-needle-at-neck", key=site_at_neck.key, reason=text
    )


def test_a_reason_that_the_other_gave_reaches_the_page(poll, draft, site_at_neck, other_therapist):
    quiet = poll(reasons=0).json()
    assert (quiet["reasons"], quiet["parts"]) == (0, {})
    given = give_reason(draft, site_at_neck, other_therapist)

    news = poll(reasons=0).json()

    assert news["reasons"] == given.pk
    assert list(news["parts"]) == ["sites"]
    assert "Tall patient." in news["parts"]["sites"]
    assert poll(reasons=given.pk).json()["parts"] == {}


def test_the_page_says_which_reasons_it_shows(signed_in, therapist, draft, site_at_neck):
    given = give_reason(draft, site_at_neck, therapist)

    page = signed_in(therapist).get(draft.get_absolute_url())

    assert f'data-reasons="{given.pk}"' in page.content.decode()


def test_ones_own_reason_comes_back_with_its_number(signed_in, therapist, draft, site_at_neck):
    path = reverse("treatments:rule-answer", args=[draft.ref])
    data = {"rule": "long-needle-at-neck", "key": site_at_neck.key, "reason": "Tall patient."}

    changes = signed_in(therapist).post(path, data, headers={"X-Live": "1"}).json()

    assert changes["reasons"] == draft.overrides.get().pk


def test_a_page_that_was_opened_before_reasons_were_told_is_left_alone(
    poll, draft, site_at_neck, other_therapist
):
    give_reason(draft, site_at_neck, other_therapist)

    assert poll().json()["parts"] == {}


def test_hearing_of_a_reason_costs_few_statements(poll, draft, site_at_neck, other_therapist):
    poll(reasons=0)
    give_reason(draft, site_at_neck, other_therapist)

    with data_statements() as queries:
        assert poll(reasons=0).json()["parts"]
    assert len(queries) <= LIMIT, as_lines(queries)
