"""The statement that reads a draft: the session's row, and each of its parts as a list made by the database.

The lists are columns of the statement and of nothing else: `values` takes them off the row.
"""

from uuid import UUID

from django.db.models import DateTimeField, Exists, ExpressionWrapper, F, Max, OuterRef, Q, QuerySet, Value
from django.db.models.functions import TruncDate
from django.db.models.lookups import IsNull

from clinic.models import Credential, Jurisdiction, Location, Practice, User
from clinic.models.rows import Beside, RelatedRows, read_beside
from patients.models import Consent, Screening, ScreeningItem, Visit
from patients.selectors import notices, wordings
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
    UnkeptEntry,
)
from treatments.rules.session.opened_under import JurisdictionRules
from treatments.rules.sites import screening_effects
from treatments.selectors.signing import supervision

JOINED = ("patient", "consent__withdrawal", "screening", "visit_screening")
BESIDE = (
    Beside(User, "therapist", "supervisor", "needles_second_by", columns=User.NAMED_BY),
    Beside(Jurisdiction, "jurisdiction", columns=JurisdictionRules.columns()),
    Beside(Location, "location"),
    Beside(Visit, "visit", columns=["arrived_at"]),
)
UNREAD = ("screening__other_answers", "visit_screening__other_answers")
CONDITION = (
    "pk", "name", "side", "icd10", "pain_before", "pain_after", "not_asked_before", "not_asked_after",
    "patient_condition_id", "code_set_ended_on",
)  # fmt: skip
# What the code of a condition follows from, in the patient's record and in the list of codes.
CODED = ("patient_condition__icd10", "patient_condition__side", "patient_condition__encounter")
VARIANT = ("pk", "code_right", "code_left", "code_both", "code_midline", "encounter")
MEASUREMENT = (
    "pk", "kind", "joint", "motion", "active", "scale", "side", "before", "after", "unit", "device",
    "position", "remark",
)  # fmt: skip
SITE = (
    "key", "number", "side", "unlisted_name", "sub_site", "tissue", "technique", "lot", "gauge_mm",
    "length_mm", "depth_mm", "depth_class", "direction", "needles", "insertions", "twitches",
    "dwell_seconds", "needle_in_at", "needle_out_at", "stimulation_device", "stimulation_hz",
    "stimulation_us", "stimulation_ma", "taut_band", "nodule", "referral_reproduced", "pain_during",
    "bleeding", "haemostasis", "note", "added_at", "struck_at",
)  # fmt: skip
MUSCLE = (
    "code", "name", "group", "hazards", "depth_limit_mm", "limit_approved_by", "limit_approved_on",
    "default_status", "billing_key", "heads", "members", "facts_changed_at",
)  # fmt: skip
REGION = ("code", "name", "view", "consent_group", "over_lung")
CHOICES = (
    "sides_count_once", "heads_count_once", "ask_lot_numbers", "two_people_count", "needle_stock",
    "sign_reauth_minutes", "unsigned_nag_hours", "followup_hours", "followup_open_hours",
)  # fmt: skip
LATER_SCREENING = (
    "pk", "kind", "taken_at", "computed_level", "decided_level", "expires_on", "visit_id", "concerns",
)  # fmt: skip
LATER_CONSENT = ("pk", "kind", "parent_id", "refused_at", "expires_on", "signer", "regions")
EVENT = ("field", "part", "site_key", "version", "copied")
COUNTER = ("pk", "username", "first_name", "last_name", "display_credentials")


def with_parts(sessions: QuerySet) -> QuerySet:
    """Sessions with what every draft needs."""
    return (
        read_beside(sessions.select_related(*JOINED), *BESIDE)
        .defer(*UNREAD)
        .annotate(
            draft_practice=RelatedRows(Practice.objects.filter(pk=1), **_named(CHOICES)),
            draft_sites=_sites(),
            draft_conditions=_conditions(),
            draft_measurements=RelatedRows(
                _of(Measurement, struck_at=None), muscle_name="muscle__name", **_named(MEASUREMENT)
            ),
            draft_advice=RelatedRows(_advice(), **_named(("code", "text", "kind", "place"))),
            draft_advice_given=RelatedRows(
                _of(Aftercare, given_at__isnull=False), code="item__code", text="text"
            ),
            draft_answers=RelatedRows(
                _of(Override), pk="pk", rule="rule", site_key="site__key", asked="asked", reason="reason"
            ),
            draft_events=RelatedRows(_newest_events(), **_named(EVENT)),
            draft_adverse_events=RelatedRows(_events(), kind="kind__name", severity="severity"),
            draft_has_calls=Exists(FollowUp.objects.filter(session=OuterRef("pk"))),
            draft_consents=RelatedRows(_consented(), regions="regions"),
            draft_concerns=_concerns(),
            draft_later_answers=_later_answers(),
            draft_later_consents=_later_consents(),
            draft_courses=_courses(),
            draft_suggested=RelatedRows(_suggested(), code="muscle__code"),
            draft_medicare=RelatedRows(notices.medicare("patient"), pk="pk"),
            draft_notices=notices.rows("patient"),
            draft_coded_today=RelatedRows(
                _same_day(), ref="ref", code="billing_code", by="therapist__first_name"
            ),
            draft_counters=RelatedRows(_counters(), **_named(COUNTER)),
            draft_supervisors=supervision.rows_of_session(),
        )
    )


def with_own_fields(sessions: QuerySet) -> QuerySet:
    """Sessions with what the form of their own fields depends on, and no part: it is read with each field."""
    return read_beside(sessions.select_related("patient"), *BESIDE).annotate(
        draft_practice=RelatedRows(Practice.objects.filter(pk=1), **_named(CHOICES)),
        draft_counters=RelatedRows(_counters(), **_named(COUNTER)),
    )


def with_changed_parts(sessions: QuerySet) -> QuerySet:
    """Sessions with what the list of their changes names, and with the newest change of each part."""
    return read_beside(sessions.select_related("patient"), *BESIDE).annotate(
        draft_sites=_sites(),
        draft_conditions=_conditions(),
        draft_events=RelatedRows(_newest_events(), **_named(EVENT)),
    )


def with_site_choices(sessions: QuerySet) -> QuerySet:
    """Sessions with what the form of a site depends on, and no more: it is read with each new site."""
    return (
        sessions.select_related("jurisdiction", "screening", "visit_screening")
        .defer(*UNREAD)
        .annotate(
            draft_practice=RelatedRows(Practice.objects.filter(pk=1), needle_stock="needle_stock"),
            draft_conditions=_conditions(),
            draft_later_answers=_later_answers(),
        )
    )


def with_unsaved(sessions: QuerySet, *, user: int | OuterRef) -> QuerySet:
    """The same with what this writer has typed and not saved."""
    entries = UnkeptEntry.objects.filter(session=OuterRef("pk"), user=user)
    return sessions.annotate(draft_unsaved=RelatedRows(entries, said="said", at="written_at"))


def with_site_changes(sessions: QuerySet) -> QuerySet:
    """The same with every change of the sites, which name the origin of each value."""
    return sessions.annotate(draft_site_changes=site_changes())


def site_changes() -> RelatedRows:
    """Every change of a session's sites, the oldest first."""
    changes = DraftEvent.objects.filter(session=OuterRef("pk"), field="site").order_by("pk")
    columns = {"site_key": "site_key", "old": "old", "new": "new", "adopted": "adopted_from__ref"}
    return RelatedRows(changes, **columns)


def with_repetition(sessions: QuerySet, *, client_id: UUID, seq: int | None, last: int | None) -> QuerySet:
    """The same with whether a request of this client came before that had a number from `seq` to `last`.

    `last` None: with this very number. `seq` None stands for every number of the client.
    """
    one = {} if seq is None else {"seq": seq}
    number = one if last is None else {"seq__gte": seq, "seq__lte": last}
    came = DraftEvent.objects.filter(session=OuterRef("pk"), client_id=client_id, **number)
    return sessions.annotate(draft_came_before=Exists(came))


def _of(model, **which) -> QuerySet:
    return model.objects.filter(session=OuterRef("pk"), **which).order_by("pk")


def _named(columns, prefix: str = "") -> dict[str, str]:
    return {f"{prefix}{name}": f"{prefix}{name}" for name in columns}


def _advice() -> QuerySet:
    """What the practice gives now, and what was given in this session."""
    given = Aftercare.objects.filter(
        session=OuterRef(OuterRef("pk")), item=OuterRef("pk"), given_at__isnull=False
    )
    return AftercareAdvice.objects.filter(Q(retired_at=None) | Exists(given)).order_by("position")


def _events() -> QuerySet:
    return AdverseEvent.objects.standing().filter(session=OuterRef("pk")).order_by("-severity", "pk")


def _conditions() -> RelatedRows:
    beside = {**_named(CODED), **_named(VARIANT, "patient_condition__variant__")}
    return RelatedRows(_of(SessionCondition, removed_at=None), **_named(CONDITION), **beside)


def _sites() -> RelatedRows:
    sites = NeedleSite.objects.filter(session=OuterRef("pk")).order_by("number", "pk")
    beside = {**_named(MUSCLE, "muscle__"), **_named(REGION, "region__")}
    return RelatedRows(sites, **_named(SITE), **beside)


def _consented() -> QuerySet:
    added = Q(parent=OuterRef("consent"), refused_at=None, withdrawal=None)
    return Consent.objects.filter(Q(pk=OuterRef("consent")) | added).order_by("pk")


def _later_screenings(outer=OuterRef) -> QuerySet:
    """What was answered in the visit, or outside of any, from the session's opening to its signature."""
    is_of_note = Q(IsNull(outer("signed_at"), True)) | Q(taken_at__lte=outer("signed_at"))
    is_of_visit = Q(visit=None) | Q(visit=outer("visit"))
    taken = Screening.objects.filter(patient=outer("patient"), taken_at__gt=outer("opened_at"))
    return taken.filter(is_of_note, is_of_visit)


def _outer_twice(name: str) -> OuterRef:
    return OuterRef(OuterRef(name))


def _later_answers() -> RelatedRows:
    return RelatedRows(_later_screenings().order_by("taken_at", "pk"), **_named(LATER_SCREENING))


def _later_consents() -> RelatedRows:
    """What the patient agreed to or refused since the session was opened."""
    later = Consent.objects.filter(patient=OuterRef("patient"), recorded_at__gt=OuterRef("opened_at"))
    columns = {"withdrawn_at": "withdrawal__withdrawn_at", **_named(LATER_CONSENT)}
    return RelatedRows(later.order_by("recorded_at", "pk"), **columns)


def _concerns() -> RelatedRows:
    """The questions about a part of the body, and those about the patient that affect a site, with a concern.

    What was answered stands in the screenings beside the session, and in the later ones.
    """
    named = [
        wordings.has_entry(f"{screening}__concerns", F("code"), Value(" "))
        for screening in ("screening", "visit_screening")
    ]
    is_in_later = _later_screenings(_outer_twice).filter(wordings.entry_begins(OuterRef("code"), Value(" ")))
    codes = sorted(screening_effects.ANSWERS_WITH_EFFECT)
    has_effect = Q(scope=ScreeningItem.Scope.SITE) | Q(code__in=codes) | Q(acts_like__in=codes)
    items = ScreeningItem.objects.filter(
        Q(named[0]) | Q(named[1]) | Exists(is_in_later), has_effect
    ).order_by("position")
    return RelatedRows(
        items,
        code="code",
        acts_like="acts_like",
        scope="scope",
        label="strip_label",
        guidance="guidance",
        concern="concern_answer",
    )


def _suggested() -> QuerySet:
    """Empty unless the jurisdiction allows local points only."""
    treated = SessionCondition.objects.filter(session=OuterRef(OuterRef("pk")), removed_at=None)
    usual = SuggestedMuscle.objects.filter(condition__in=treated.values("patient_condition__condition"))
    local_only = Jurisdiction.objects.filter(pk=OuterRef(OuterRef("jurisdiction")), local_points_only=True)
    return usual.filter(Exists(local_only)).order_by("pk")


def _same_day() -> QuerySet:
    """Notes of the same visit day that have a code already: one code is billed for a day."""
    signed = NeedlingSession.objects.signed().filter(patient=OuterRef("patient"), error_mark=None)
    coded = signed.exclude(pk=OuterRef("pk")).exclude(billing_code="")
    started_at = ExpressionWrapper(OuterRef("started_at"), output_field=DateTimeField())
    return coded.filter(started_at__date=TruncDate(started_at)).order_by("pk")


def _counters() -> QuerySet:
    """Who may count needles a second time: everybody at work but the author, where two people count."""
    counted = Practice.objects.filter(pk=1, two_people_count=True)
    others = User.objects.filter(Exists(counted), is_active=True).exclude(pk=OuterRef("therapist"))
    return others.order_by("last_name", "first_name", "pk")


def _courses() -> RelatedRows:
    """The regions of the therapist's courses, one row each."""
    rows = Credential.regions.through.objects.filter(credential__user=OuterRef("therapist"))
    courses = rows.filter(credential__kind=Credential.Kind.COURSE).order_by("pk")
    return RelatedRows(
        courses,
        code="bodyregion__code",
        issued_on="credential__issued_on",
        expires_on="credential__expires_on",
    )


def _newest_events() -> QuerySet:
    rows = DraftEvent.objects.filter(session=OuterRef("pk")).order_by()
    is_copy = Q(origin=DraftEvent.Origin.COPIED)
    versions = {"version": Max("pk"), "copied": Max("pk", filter=is_copy)}
    return rows.values("field", "part", "site_key").annotate(**versions)
