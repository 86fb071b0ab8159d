"""What somebody who leaves still has: visits, calls, drafts, co-signatures, credentials, open devices."""

import datetime as dt
from dataclasses import replace

from django.contrib.sessions.models import Session
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from clinic.access import Permission, may
from clinic.models import Credential, User
from clinic.rules.parsing import LAST_YEAR
from treatments.models import NeedlingSession
from treatments.rules.leaving import Leaving, Waiting
from treatments.selectors.board import absence
from treatments.selectors.signing import supervision

FOR_GOOD = dt.date(LAST_YEAR, 12, 31)


def colleagues(*, but: User) -> QuerySet[User]:
    """Whose work somebody may hand over: everybody with an open account, and never one's own."""
    return User.objects.filter(is_active=True).exclude(pk=but.pk).order_by("last_name", "first_name", "pk")


def of(person: User, *, reader: User) -> Leaving:
    """`reader` sees no draft of a record that is closed to them."""
    today = timezone.localdate()
    own = NeedlingSession.objects.drafts().visible_to(reader).order_by("opened_at")
    drafts, supervised = own.filter(therapist=person), own.filter(supervisor=person)
    waiting = supervision.waiting_for(person, reader=reader)
    return Leaving(
        person=person,
        visits=[Waiting(row.booked_for, row.ref) for row in absence.visits_of(person, today, FOR_GOOD)],
        calls=[Waiting(row.due_at, row.ref) for row in absence.calls_of(person, FOR_GOOD)],
        drafts=[_draft(row, person, reader) for row in drafts],
        supervised=[_supervised(row, row.opened_at, person, reader) for row in supervised],
        cosignatures=[
            _supervised(row, row.signed_at, person, reader) for row in waiting.order_by("signed_at")
        ],
        credentials=list(Credential.objects.filter(user=person).order_by("expires_on", "pk")),
        devices=_open_devices(person),
    )


def _draft(session: NeedlingSession, person: User, reader: User) -> Waiting:
    """A lead closes it unsigned, with a reason, and comes back to the page."""
    row = _note(session, session.opened_at, reader)
    if not may(reader, Permission.SESSION_CLOSE):
        return row
    return replace(row, way_url=_way("session-close", session, person), way_out=_("Close unsigned"))


def _supervised(session: NeedlingSession, at: dt.datetime, person: User, reader: User) -> Waiting:
    """A lead names another supervisor, with a reason, and comes back to the page."""
    row = _note(session, at, reader)
    if not may(reader, Permission.SUPERVISOR_REPLACE):
        return row
    url = _way("session-supervisor", session, person)
    return replace(row, way_url=url, way_out=_("Another supervisor"))


def _way(name: str, session: NeedlingSession, person: User) -> str:
    back = urlencode({"back": f"{reverse('treatments:leaving')}?who={person.pk}"})
    return f"{reverse(f'treatments:{name}', args=[session.ref])}?{back}"


def _note(session: NeedlingSession, at: dt.datetime, reader: User) -> Waiting:
    opens = may(reader, Permission.CHART_VIEW)
    return Waiting(at, session.ref, reverse("treatments:session", args=[session.ref]) if opens else "")


def _open_devices(person: User) -> int:
    """Sign-ins that have not ended: what a session holds is sealed, so each is read."""
    stored = Session.objects.filter(expire_date__gt=timezone.now())
    return sum(row.get_decoded().get("_auth_user_id") == str(person.pk) for row in stored)
