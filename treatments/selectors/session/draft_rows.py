"""A draft with all its parts, read in one statement."""

import datetime as dt
import re
from uuid import UUID

from django.db.models import DateTimeField, Exists, ExpressionWrapper, F, Max, OuterRef, Q, QuerySet
from django.db.models.functions import TruncDate
from django.utils import timezone

from clinic.django_internals.prepared import Prepared
from clinic.models import Credential, Jurisdiction, Practice, User
from clinic.models.rows import Rows
from patients.models import Consent, Coverage, ScreeningAnswer, ScreeningItem
from treatments.models import (
    AdverseEvent,
    Aftercare,
    AftercareAdvice,
    DraftEvent,
    FollowUp,
    Measurement,
    NeedleSite,
    NeedlingSession,
    Override,
    SessionCondition,
    SuggestedMuscle,
)
from treatments.rules.session import draft_parts, fields
from treatments.rules.sites import screening_effects
from treatments.selectors.session import unsaved

CONDITION_COLUMNS = (
    "pk", "name", "side", "icd10", "pain_before", "pain_after", "not_asked_before", "not_asked_after",
)  # fmt: skip
MEASUREMENT_COLUMNS = (
    "pk", "kind", "joint", "motion", "active", "scale", "side", "before", "after", "unit",
)  # fmt: skip
# What a practice chose, as columns of its one row.
CHOICES = tuple(column.attname for column in Practice._meta.concrete_fields)
BESIDE = (
    "patient", "visit__room", "location", "therapist", "supervisor", "jurisdiction", "consent__withdrawal",
    "screening", "visit_screening",
)  # fmt: skip


def with_parts(sessions: QuerySet) -> QuerySet:
    """Sessions with their small parts as lists of dicts, so that a page asks once for all of them."""
    advice = AftercareAdvice.objects.current().order_by("position")
    return sessions.select_related(*BESIDE).annotate(
        part_conditions=Rows(_of(SessionCondition, removed_at=None), **_named(CONDITION_COLUMNS)),
        part_measurements=Rows(
            _of(Measurement, struck_at=None), muscle="muscle__name", **_named(MEASUREMENT_COLUMNS)
        ),
        part_aftercare=Rows(
            _of(Aftercare, given_at__isnull=False), code="item__code", by="given_by__first_name"
        ),
        part_advice=Rows(advice, **_named(("code", "text", "kind"))),
        part_overrides=Rows(
            _of(Override), pk="pk", rule="rule", key="site__key", asked="asked", reason="reason"
        ),
        part_sites=Rows(_of(NeedleSite), **draft_parts.COLUMNS),
        has_calls=Exists(FollowUp.objects.filter(session=OuterRef("pk"))),
        part_practice=Rows(Practice.objects.filter(pk=1), **_named(CHOICES)),
        part_adverse_events=Rows(_of(AdverseEvent), pk="pk"),
        part_consents=Rows(_consented(), regions="regions"),
        part_concerns=Rows(
            _concerns(),
            code="item__code",
            scope="item__scope",
            label="item__strip_label",
            guidance="item__guidance",
            places="regions",
        ),
        part_courses=Rows(
            _courses(),
            code="bodyregion__code",
            issued_on="credential__issued_on",
            expires_on="credential__expires_on",
        ),
        part_suggested=Rows(_suggested(), code="muscle__code"),
        part_medicare=Rows(_medicare(), notice="notice", signed_on="notice_signed_on"),
        part_same_day=Rows(_same_day(), ref="ref", code="billing_code", by="therapist__first_name"),
        part_versions=Rows(_newest_events(), field="field", part="part", key="site_key", version="version"),
    )


def seen_by(user, ref: str) -> NeedlingSession | None:
    """The session with its parts, if this user may see it."""
    return SEEN.one(user=user.pk, at=timezone.now(), ref=ref)


def written_by(user, ref: str) -> NeedlingSession | None:
    """The session with its parts, if this user writes it, or wrote it."""
    return OWN.one(user=user.pk, at=timezone.now(), ref=ref)


def whole(pk: int) -> NeedlingSession:
    """A session that is there, with its parts as they stand now."""
    return WHOLE(pk=pk)[0]


def heard(pk: int, *, client_id, seq: int | None) -> NeedlingSession:
    """The same for a request that may come again: `has_heard` says whether this very one has come before."""
    return HEARD(pk=pk, client_id=UUID(str(client_id)), seq=seq)[0]


def _visible(user: int, at: dt.datetime, ref: str) -> QuerySet:
    return NeedlingSession.objects.visible_to(User(pk=user), at=at).filter(ref=ref)


SEEN = Prepared(
    lambda user, at, ref: with_parts(_visible(user, at, ref)).annotate(part_unkept=unsaved.entry_of(user))
)
OWN = Prepared(lambda user, at, ref: with_parts(_visible(user, at, ref).written_by(User(pk=user))))
WHOLE = Prepared(lambda pk: with_parts(NeedlingSession.objects.filter(pk=pk)))
HEARD = Prepared(lambda pk, client_id, seq: WHOLE.ask(pk).annotate(has_heard=_has_heard(client_id, seq)))


def had(session, name: str) -> bool:
    """Whether the draft has, or had before it was removed, the line that a field is a part of."""
    field, part = fields.split(name)
    if fields.PLACES[field] == fields.AFTERCARE:
        return AftercareAdvice.objects.filter(code=part).exists()
    lines = SessionCondition if fields.PLACES[field] == fields.CONDITION else Measurement
    # 18 digits fit the column; a longer number is none that a page was given
    is_number = re.fullmatch(r"[0-9]{1,18}", part) is not None
    return is_number and lines.objects.filter(session=session, pk=part).exists()


def _of(model, **which) -> QuerySet:
    return model.objects.filter(session=OuterRef("pk"), **which).order_by("pk")


def _has_heard(client_id: UUID, seq: int | None) -> Exists:
    number = {} if seq is None else {"seq": seq}
    return Exists(DraftEvent.objects.filter(session=OuterRef("pk"), client_id=client_id, **number))


def _named(columns) -> dict[str, str]:
    return {name: name for name in columns}


def _consented() -> QuerySet:
    added = Q(parent=OuterRef("consent"), refused_at=None, withdrawal=None)
    return Consent.objects.filter(Q(pk=OuterRef("consent")) | added).order_by("pk")


def _concerns() -> QuerySet:
    """Answers of concern about a part of the body, and those about the patient that a needle may meet."""
    asked = Q(screening=OuterRef("screening")) | Q(screening=OuterRef("visit_screening"))
    met = Q(item__scope=ScreeningItem.Scope.SITE) | Q(item__code__in=sorted(screening_effects.ANSWERS))
    said = ScreeningAnswer.objects.filter(asked, met, answer=F("item__concern_answer"))
    return said.order_by("item__position", "pk")


def _suggested() -> QuerySet:
    """Only where the profile asks for local points is anything read."""
    treated = SessionCondition.objects.filter(session=OuterRef(OuterRef("pk")), removed_at=None)
    usual = SuggestedMuscle.objects.filter(condition__in=treated.values("patient_condition__condition"))
    return usual.filter(Exists(_asks_local())).order_by("pk")


def _asks_local() -> QuerySet:
    return Jurisdiction.objects.filter(pk=OuterRef(OuterRef("jurisdiction")), local_points_only=True)


def _medicare() -> QuerySet:
    held = Coverage.objects.filter(patient=OuterRef("patient"), kind=Coverage.Kind.MEDICARE, ended_at=None)
    return held.order_by("pk")


def _same_day() -> QuerySet:
    """Notes of the same visit day that carry a code already: one code stands on a day."""
    signed = NeedlingSession.objects.signed().filter(patient=OuterRef("patient"), error_mark=None)
    coded = signed.exclude(pk=OuterRef("pk")).exclude(billing_code="")
    began = ExpressionWrapper(OuterRef("started_at"), output_field=DateTimeField())
    return coded.filter(started_at__date=TruncDate(began)).order_by("pk")


def _courses() -> QuerySet:
    """The regions of the therapist's courses, one row each."""
    rows = Credential.regions.through.objects.filter(credential__user=OuterRef("therapist"))
    return rows.filter(credential__kind=Credential.Kind.COURSE).order_by("pk")


def _newest_events() -> QuerySet:
    rows = DraftEvent.objects.filter(session=OuterRef("pk")).order_by()
    return rows.values("field", "part", "site_key").annotate(version=Max("pk"))
