"""Who supervises a session, or co-signs its note, in whose place."""

from django.db.models import BigIntegerField, F, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils import timezone

from clinic.access import GRANTS, Permission
from clinic.models import Role, RoleGrant, User
from clinic.models.rows import RelatedRows
from treatments.models import ErrorMark, NeedlingSession, SupervisorChange
from treatments.rules import qualification as qualification_rules
from treatments.rules.session import draft_parts
from treatments.rules.signing.supervision import Successor
from treatments.selectors import qualification


def with_cosigner(sessions: QuerySet) -> QuerySet:
    """Sessions with `cosigner`, the key of who supervises now, and with their name if they stand in."""
    newest = SupervisorChange.objects.filter(session=OuterRef("pk")).order_by("-pk")
    return sessions.annotate(
        cosigner=Coalesce(
            Subquery(newest.values("supervisor")[:1]), F("supervisor"), output_field=BigIntegerField()
        ),
        stand_in=Coalesce(Subquery(newest.values("supervisor_name")[:1]), Value("")),
    )


def rows_of_session() -> RelatedRows:
    """For `treatments.rules.signing.supervision.changes_of`, the oldest first."""
    return RelatedRows(
        SupervisorChange.objects.filter(session=OuterRef("pk")).order_by("pk"),
        supervisor="supervisor", supervisor_name="supervisor_name", instead_of_name="instead_of_name",
        reason="reason", at="changed_at", by="changed_by_name",
    )  # fmt: skip


def handed_to(person: User) -> QuerySet:
    """The keys of sessions that were handed to this person, and may have gone on from there."""
    return SupervisorChange.objects.filter(supervisor=person).order_by().values("session")


def waiting_for(person: User, *, reader: User) -> QuerySet:
    """Signed notes that wait for the co-signature of this person, of records that are open to `reader`."""
    waiting = NeedlingSession.objects.waiting_for_cosignature()
    named = waiting.filter(supervisor=person).order_by().values("pk")
    handed = waiting.filter(pk__in=handed_to(person)).order_by().values("pk")
    found = NeedlingSession.objects.visible_to(reader).in_any(named, handed)
    return with_cosigner(found).filter(cosigner=person.pk)


def is_in_error(session: NeedlingSession) -> bool:
    return ErrorMark.objects.filter(session=session).exists()


def successor(session: NeedlingSession, to: User) -> Successor:
    """`session` with its state's rules."""
    on = draft_parts.day_of(session)
    facts = qualification.facts_for(to, profile=session.jurisdiction, on=on)
    missing = qualification_rules.missing_qualifications(facts.therapist, facts.needs, on=on)
    may_open = NeedlingSession.objects.visible_to(to).filter(pk=session.pk).exists()
    may_cosign = to.pk in _cosigners()
    return Successor(
        to.pk, to.display_name, to.pk == session.therapist_id, may_cosign, may_open, tuple(missing)
    )


def successors(session: NeedlingSession, *, now: int | None) -> list[User]:
    """Who co-signs and was qualified alone on the day of the session, but its author and the one of `now`."""
    on = draft_parts.day_of(session)
    people = qualification.supervisors_for(session.therapist, profile=session.jurisdiction, on=on)
    cosigners = _cosigners() if people else frozenset()
    return [person for person in people if person.pk != now and person.pk in cosigners]


def _cosigners() -> frozenset[int]:
    """Active people whose roles of today let them co-sign."""
    roles = [role for role in Role if Permission.SESSION_COSIGN in GRANTS[role]]
    grants = RoleGrant.objects.current(on=timezone.localdate()).filter(role__in=roles, user__is_active=True)
    return frozenset(grants.values_list("user", flat=True))
