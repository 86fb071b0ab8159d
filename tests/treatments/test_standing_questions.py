"""The questions whose SQL is kept ask and answer what Django would: who asks, and which sessions they see."""

import datetime as dt
import zoneinfo

import pytest
from django.test import RequestFactory
from django.utils import timezone

from clinic.access import Permission, may
from clinic.models import Role, RoleGrant
from clinic.signin import backends
from clinic.web import page_frame
from patients.models import Patient, PatientAccess
from tests import factories
from tests.prepared_queries import same_rows_as_plain_query
from tests.treatments import notes
from treatments.selectors.session import draft as drafts

pytestmark = pytest.mark.django_db
SESSIONS = {
    "row": drafts.ROW,
    "seen": drafts.SEEN,
    "changed parts": drafts.CHANGED_PARTS,
    "own": drafts.OWN,
    "own fields": drafts.OWN_FIELDS,
    "entry": drafts.ENTRY,
    "to sign": drafts.TO_SIGN,
}


@pytest.fixture
def people(therapist, other_therapist, lead, reception, admin):
    return [therapist, other_therapist, lead, reception, admin]


@pytest.fixture
def restricted(ada, lead):
    Patient.objects.filter(pk=ada.pk).update(restricted_at=timezone.now(), restricted_by=lead)


def test_everybody_is_asked_for_by_name_on_any_day(people):
    RoleGrant.objects.filter(user=people[0]).update(until_on=dt.date(2030, 1, 1))

    for person in people:
        for on in (timezone.localdate(), dt.date(2029, 12, 31), dt.date(2030, 1, 2)):
            (found,) = same_rows_as_plain_query(backends.SIGNED_IN_USER, pk=person.pk, on=on)
            assert found.has_therapist == (person in people[:2] and (person != people[0] or on.year < 2030))
    assert same_rows_as_plain_query(backends.SIGNED_IN_USER, pk=0, on=timezone.localdate()) == []


@pytest.mark.parametrize("board", [False, True])
@pytest.mark.parametrize("role", [None, *Role])
def test_the_practice_row_is_asked_for_as_django_would(role, board, caplog):
    """With the counts of its page frame, and for who holds no role and sees no board as well."""
    person, now = factories.user(None, *([role] if role else [])), timezone.now()
    request = RequestFactory().get("/")
    request.user = person
    row = page_frame.practice_for(request, board=board)
    asked = {"user": person.pk, "roles": frozenset([role] if role else []), "at": now, "board": board}
    midnight = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    asked["midnight"] = midnight if board and may(person, Permission.BOARD_VIEW) else None

    assert same_rows_as_plain_query(page_frame.PRACTICE, **asked) == [row]
    assert caplog.records == []


def test_the_board_asks_for_its_rows_where_the_frame_was_read_before(lead, rf):
    request = rf.get("/")
    request.user = lead

    assert not hasattr(page_frame.practice_for(request), "glasses")
    assert page_frame.practice_for(request, board=True).glasses == []
    assert page_frame.practice_for(request).glasses == []


@pytest.mark.parametrize("zone", ["America/Chicago", "Pacific/Kiritimati"])
def test_a_session_is_asked_for_as_django_would(zone, people, draft, restricted):
    notes.ready(draft)
    with timezone.override(zoneinfo.ZoneInfo(zone)):
        for kept in SESSIONS.values():
            for person, ref in ((people[0], draft.ref), (people[1], draft.ref), (people[2], "%")):
                same_rows_as_plain_query(kept, user=person.pk, at=timezone.now(), ref=ref)
        same_rows_as_plain_query(drafts.WHOLE, pk=draft.pk)


@pytest.mark.parametrize("kept", SESSIONS.values(), ids=SESSIONS.keys())
def test_who_sees_a_restricted_note_is_told_anew_each_time(kept, people, draft, restricted):
    """The author's grant ends between two askings; nobody else ever has one."""
    note, now, author = notes.signed(draft), timezone.now(), people[0]
    until = now + dt.timedelta(hours=1)
    lead = people[2]
    given = {"given_at": now, "given_by": lead}
    PatientAccess.objects.create(patient=note.patient, user=author, until_at=until, **given)

    for at, there in ((now, True), (until, False), (now, True)):
        seen = {p.username for p in people if kept(user=p.pk, at=at, ref=note.ref)}
        assert seen == ({author.username} if there else set())


def test_a_draft_of_a_restricted_patient_stays_open_to_who_writes_it(people, draft, restricted):
    seen = [p.username for p in people if drafts.seen_by(p, draft.ref)]

    assert seen == [draft.therapist.username]


def test_what_a_session_has_now_is_read_each_time(draft):
    assert drafts.whole(draft.pk).advice_given == frozenset()
    factories.site(draft)
    notes.ready(draft)

    given = {"drink-water", "first-hours-lung"}
    assert drafts.whole(draft.pk).advice_given == given
    assert drafts.signed_by(draft.therapist, draft.ref).advice_given == given
