"""How a draft is changed: locked, compared with the version its writer saw, recorded change by change."""

import uuid
from dataclasses import dataclass, field

from django.db.models import Case, IntegerField, Q, QuerySet, When
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clinic.django_internals.prepared import PreparedQuery
from clinic.values import errors
from clinic.values.errors import Reason, StaleRecord
from treatments.models import DraftEvent, NeedlingSession
from treatments.rules.session.draft import Draft
from treatments.selectors.session import draft as drafts


@dataclass(frozen=True)
class Stamp:
    """Identifies a client's request: the same client and number twice is the same request.

    `seq` None stands for every number of a form that is sent as a whole.
    """

    client_id: uuid.UUID = field(default_factory=uuid.uuid4)
    seq: int | None = 1
    base_version: int = 0
    origin: str = DraftEvent.Origin.TYPED

    @property
    def number(self) -> tuple[str, int | None]:
        return str(self.client_id), self.seq


LOCKED = {
    "signed": gettext_lazy(
        "This session was signed meanwhile. Nothing in it can be changed; add an addendum."
    ),
    "voided": gettext_lazy("This session was voided meanwhile. Nothing in it can be changed."),
    "closed": gettext_lazy(
        "This session was closed without a signature meanwhile. Nothing in it can be changed; "
        "add an addendum."
    ),
}
NUMBER_USED = Reason("number-used", gettext_lazy("This page is out of date. Open it again."))


class Conflict(StaleRecord):
    """The field has a newer version than the one that the change was based on."""

    def __init__(self, event: DraftEvent, mine, message: str = ""):
        message = message or _("Somebody changed this while you had it open.")
        super().__init__(message, theirs=str(event.new), mine=str(mine))
        self.event = event


@dataclass
class LockedRow:
    """The row of a draft under its row lock, for an action that judges nothing.

    `events` are the changes written so far.
    """

    row: NeedlingSession
    events: list[DraftEvent] = field(default_factory=list, kw_only=True)

    def is_new(self, base_version: int, *, name: str, part: str, site_key) -> bool:
        """Whether this request is known to be no repetition, and based on the field's newest version."""
        return False


@dataclass
class LockedDraft(LockedRow):
    """The same with the draft by which the action judges.

    `came_before` says whether this very request was answered before; of several, whether any may have been.
    """

    draft: Draft
    came_before: bool

    def is_new(self, base_version: int, *, name: str, part: str, site_key) -> bool:
        newest = self.draft.version_of(name, part, drafts.site_key(site_key))
        return not self.came_before and newest in (0, base_version)

    @property
    def changed(self) -> Draft:
        """The draft as the action leaves it."""
        return drafts.changed(self.draft, self.row, self.events)


def lock(session, *, by) -> LockedRow:
    """The draft, locked until the transaction ends. Refuses a session that is closed, or somebody else's."""
    (row,) = LOCKED_ROW(pk=session.pk)
    return LockedRow(_open(row, by=by))


def _locked_row(pk: int) -> QuerySet:
    rows = NeedlingSession.objects.select_for_update(of=("self",)).order_by()
    return rows.select_related("patient").filter(pk=pk)


LOCKED_ROW = PreparedQuery(_locked_row)
ROW_LOCK = PreparedQuery(
    lambda pk: (
        NeedlingSession.objects.select_for_update(of=("self",)).order_by().filter(pk=pk).values_list("pk")
    )
)


def lock_with_parts(session, *, by, stamp: Stamp, last: int | None = None) -> LockedDraft:
    """The same with all its parts, as they stand under the lock, so that the answer can show them.

    `last` is the highest number of a request that holds several, of which `stamp` has the lowest.
    """
    row, draft, came_before = drafts.locked(
        session.pk, lock=ROW_LOCK, client_id=stamp.client_id, seq=stamp.seq, last=last
    )
    return LockedDraft(_open(row, by=by), draft, came_before)


def locked_reasons(session) -> list[Reason]:
    """Why nobody can write in it any more; none for a draft."""
    if session.is_draft:
        return []
    return [Reason("session-locked", str(LOCKED[session.state]))]


def repeated_and_newest(
    locked: LockedRow, stamp: Stamp, *, name: str, part: str = "", site_key=None
) -> tuple[DraftEvent | None, DraftEvent | None]:
    """(the event of this very request or None, the newest event of the field or None) in one statement.

    No statement where the locked draft shows that the request is new, and based on the newest version.
    """
    if locked.is_new(stamp.base_version, name=name, part=part, site_key=site_key):
        return None, None
    rows = REPEATED_AND_NEWEST(
        session=locked.row.pk,
        client_id=uuid.UUID(str(stamp.client_id)),
        seq=stamp.seq,
        name=name,
        part=part,
        site_key=site_key,
    )
    repeated = rows.pop(0) if rows and rows[0].is_same else None
    if repeated is not None and (repeated.field, repeated.part, repeated.site_key) != (name, part, site_key):
        # one number for two changes: taken for a repetition, the second one would be lost silently
        errors.refuse([NUMBER_USED])
    return repeated, rows[0] if rows else None


def _repeated_and_newest(
    session: int, client_id: uuid.UUID, seq: int | None, name: str, part: str, site_key: uuid.UUID | None
) -> QuerySet:
    same = Q(client_id=client_id, seq=seq)
    about = Q(field=name, part=part, site_key=site_key)
    events = DraftEvent.objects.select_related("by").filter(same | about, session=session)
    first_same = Case(When(same, then=1), default=0, output_field=IntegerField())
    return events.annotate(is_same=first_same).order_by("-is_same", "-pk")[:2]


REPEATED_AND_NEWEST = PreparedQuery(_repeated_and_newest)


def compare_repeated(repeated: DraftEvent, new) -> None:
    """Refuse a request with the number of an earlier one and another value."""
    if repeated.new != new:
        raise Conflict(repeated, new, _("This was sent before with another value."))


def refuse_reused(repeated: DraftEvent | None, *, sets: bool) -> None:
    """Refuse a press with the number of an earlier one that did the opposite. `sets`: not taken back."""
    if repeated is not None and bool(repeated.new) is not sets:
        errors.refuse([NUMBER_USED])


def used_numbers(locked: LockedDraft, stamps: list[Stamp]) -> set[tuple[str, int | None]]:
    """Those of the requests that were answered before. No statement where the lock shows that none was."""
    if not locked.came_before or len(stamps) == 1:
        return {stamp.number for stamp in stamps} if locked.came_before else set()
    same = Q()
    for stamp in stamps:
        same |= Q(client_id=stamp.client_id, seq=stamp.seq)
    events = DraftEvent.objects.filter(same, session=locked.row)
    return {(str(client_id), seq) for client_id, seq in events.values_list("client_id", "seq")}


def compare(newest: DraftEvent | None, stamp: Stamp, new) -> None:
    """Refuse a change that was based on an older version, unless both set the same value."""
    if newest is None or newest.pk == stamp.base_version or newest.new == new:
        return
    raise Conflict(newest, new)


def write(
    locked: LockedRow,
    stamp: Stamp,
    *,
    by,
    name,
    part="",
    site_key=None,
    old=None,
    new=None,
    adopted_from=None,
) -> DraftEvent:
    values = {"old": old, "new": new, "adopted_from": adopted_from}
    event = event_of(locked.row, stamp, by=by, name=name, part=part, site_key=site_key, **values)
    return write_all(locked, [event])[0]


def event_of(row: NeedlingSession, stamp: Stamp, *, by, name, part="", site_key=None, **values) -> DraftEvent:
    stamped = {"client_id": stamp.client_id, "seq": stamp.seq, "base_version": stamp.base_version}
    changed = {"field": name, "part": part, "site_key": site_key}
    return DraftEvent(session=row, origin=stamp.origin, by=by, **stamped, **changed, **values)


def write_all(locked: LockedRow, events: list[DraftEvent]) -> list[DraftEvent]:
    """Record changes in their order."""
    locked.events += DraftEvent.objects.bulk_create(events)
    return events


def _open(row: NeedlingSession, *, by) -> NeedlingSession:
    errors.refuse(locked_reasons(row))
    if by.pk not in (row.therapist_id, row.supervisor_id):
        message = _("Only the author of this draft, and the supervisor named on it, may write in it.")
        errors.refuse([Reason("not-your-draft", message)])
    return row


def update_columns(row, *names: str) -> None:
    """Write these columns of a row of the draft, whose row lock the caller holds."""
    type(row).objects.filter(pk=row.pk).update(**{name: getattr(row, name) for name in names})
