"""Adverse events of a session as its pages list them, and one event by itself."""

from django.db.models import OuterRef, QuerySet

from clinic.models import User
from clinic.models.rows import RelatedRows
from treatments.models import AdverseEvent, AdverseEventKind, NeedleSite, NeedlingSession
from treatments.models.adverse_events import STAFF_CATEGORY

LINE = {
    "pk": "pk",
    "kind": "kind__name",
    "severity": "severity",
    "outcome": "outcome",
    "onset_at": "onset_at",
    "noted_at": "noted_at",
    "noted_first": "noted_by__first_name",
    "noted_last": "noted_by__last_name",
    "due_on": "report_due_on",
    "reported_on": "reported_on",
    "reported_to": "reported_to",
    "closed_at": "closed_at",
    "closed_first": "closed_by__first_name",
    "closed_last": "closed_by__last_name",
}
BESIDE = ("session__patient", "session__therapist", "session__jurisdiction", "kind", "site__muscle")
PEOPLE = ("noted_by", "reported_by", "closed_by", "withdrawn_by")


def rows_of_session(session: str = "pk") -> RelatedRows:
    """A column of a statement about sessions: the events on file, for `rules.adverse_events.event.lines`."""
    events = AdverseEvent.objects.standing().filter(session=OuterRef(session))
    return RelatedRows(events.order_by("pk"), **LINE)


def open_rows_of_session() -> RelatedRows:
    """The same with those only that nobody has closed."""
    return RelatedRows(AdverseEvent.objects.open().filter(session=OuterRef("pk")).order_by("pk"), **LINE)


def needled_sites(session: NeedlingSession) -> QuerySet[NeedleSite]:
    return session.sites.standing().select_related("muscle")


def kinds() -> QuerySet[AdverseEventKind]:
    """The kinds to choose from. Injuries of staff have a log of their own."""
    return AdverseEventKind.objects.current().exclude(category=STAFF_CATEGORY)


def kind_by_code(code: str) -> AdverseEventKind | None:
    return kinds().filter(code=code).first() if code else None


def visible_to(user: User) -> QuerySet[AdverseEvent]:
    """Events that this person may read, with what their page shows, those entered in error too."""
    return AdverseEvent.objects.of_patients().visible_to(user).select_related(*BESIDE, *PEOPLE)
