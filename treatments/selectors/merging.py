"""Two records of one person: what each holds, what is under way in it, and what came after a merge."""

import datetime as dt
from collections.abc import Iterable

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy

from clinic.django_internals.prepared import PreparedQuery
from clinic.models import User
from clinic.models.rows import RelatedRows, instant
from patients.models import (
    Allergy,
    Consent,
    Coverage,
    Disclosure,
    Episode,
    Handover,
    Intake,
    Medication,
    MergeJournal,
    NonCoverageNotice,
    Paper,
    Patient,
    PatientAccess,
    PatientCondition,
    Referral,
    RelatedPerson,
    Screening,
    StateDuty,
    Visit,
)
from treatments.models import AdverseEvent, FollowUp, NeedlingSession
from treatments.rules import merging
from treatments.rules.followups import calling_hours
from treatments.rules.merging import Apart, LaterRow, RecordFacts

# {label: (table, path to the patient, when a row was written)}: every row that follows the person.
KINDS = {
    gettext_lazy("Visits"): (Visit, "patient", "booked_at"),
    gettext_lazy("Episodes of care"): (Episode, "patient", ""),
    gettext_lazy("Conditions"): (PatientCondition, "episode__patient", "noted_at"),
    gettext_lazy("Sessions and notes"): (NeedlingSession, "patient", "opened_at"),
    gettext_lazy("Follow-up calls"): (FollowUp, "session__patient", ""),
    gettext_lazy("Adverse events"): (AdverseEvent, "session__patient", "noted_at"),
    gettext_lazy("Health questions"): (Screening, "patient", "taken_at"),
    gettext_lazy("Answers sent by link"): (Intake, "patient", "submitted_at"),
    gettext_lazy("Consents"): (Consent, "patient", "recorded_at"),
    gettext_lazy("Tablet hand-overs"): (Handover, "patient", "started_at"),
    gettext_lazy("Allergies"): (Allergy, "patient", "noted_at"),
    gettext_lazy("Medications"): (Medication, "patient", "noted_at"),
    gettext_lazy("Guardians and contacts"): (RelatedPerson, "patient", "noted_at"),
    gettext_lazy("Insurance"): (Coverage, "patient", "noted_at"),
    gettext_lazy("Medicare notices"): (NonCoverageNotice, "patient", "noted_at"),
    gettext_lazy("Referrals"): (Referral, "patient", "noted_at"),
    gettext_lazy("What state rules ask for"): (StateDuty, "patient", "noted_at"),
    gettext_lazy("Disclosures"): (Disclosure, "patient", "recorded_at"),
    gettext_lazy("Scanned documents"): (Paper, "patient", "filed_at"),
}
# Rows of these may go to the other record when a merge is taken back: nothing hangs on them.
MOVABLE = {"allergy": Allergy, "medication": Medication, "related": RelatedPerson, "coverage": Coverage}
TITLES = {"allergy": "substance", "medication": "name", "related": "name", "coverage": "payer"}


def facts_of(patients: Iterable[Patient], *, now: dt.datetime) -> dict[int, RecordFacts]:
    rows = UNDER_WAY(people=tuple(patient.pk for patient in patients), since=now - calling_hours.CLAIM_LASTS)
    return {row.pk: _facts(row) for row in rows}


def _under_way(people: tuple[int, ...], since: dt.datetime) -> QuerySet:
    """`since`: a call claimed before is over."""
    drafts = NeedlingSession.objects.drafts().filter(patient=OuterRef("pk")).order_by("pk")
    calling = FollowUp.objects.filter(
        session__patient=OuterRef("pk"),
        closed_at=None,
        claimed_at__gt=since,
    )
    return (
        Patient.objects.filter(pk__among=people)
        .order_by()
        .annotate(
            open_drafts=RelatedRows(drafts, ref="ref"),
            is_here=Exists(Visit.objects.present().filter(patient=OuterRef("pk"))),
            has_tablet=Exists(Handover.objects.filter(patient=OuterRef("pk"), ended_at=None)),
            is_called=Exists(calling),
            named=RelatedRows(
                PatientAccess.objects.named().filter(patient=OuterRef("pk")).order_by("pk"), user="user_id"
            ),
        )
    )


UNDER_WAY = PreparedQuery(_under_way)


def _facts(row) -> RecordFacts:
    return RecordFacts(
        ref=row.ref,
        draft_refs=tuple(draft["ref"] for draft in row.open_drafts),
        is_here=row.is_here,
        has_tablet=row.has_tablet,
        is_called=row.is_called,
        restricted=row.restricted_at is not None,
        named=frozenset(access["user"] for access in row.named) if row.restricted_at else frozenset(),
        account=row.account_id,
    )


def counts(patient: Patient, *, since: dt.datetime | None = None) -> list[tuple[str, int]]:
    """(label, number of rows) of each kind that the record has, in one statement; or of those since then."""
    kinds = [kind for kind in KINDS.items() if since is None or kind[1][2]]
    columns = [_number(*kind, since) for _, kind in kinds]
    row = Patient.objects.filter(pk=patient.pk).order_by().values_list(*columns).get()
    found = [(str(label), number) for (label, _), number in zip(kinds, row, strict=True)]
    return [(label, number) for label, number in found if number]


def _number(model, path: str, written: str, since: dt.datetime | None) -> Coalesce:
    rows = model._default_manager.filter(**{path: OuterRef("pk")}).order_by()
    rows = rows.filter(**{f"{written}__gt": since}) if since else rows
    return Coalesce(Subquery(rows.values(path).annotate(n=Count("pk")).values("n")), 0)


def booked_visits(patient: Patient | OuterRef) -> QuerySet[Visit]:
    """Appointments that nobody came to yet and on which nothing hangs."""
    hanging = (Screening, Handover, Intake, NeedlingSession)
    rows = Visit.objects.expected().filter(patient=patient)
    for model in hanging:
        # by the patient too, whose rows are found by an index
        of_visit = model._default_manager.filter(visit=OuterRef("pk"), patient=OuterRef("patient"))
        rows = rows.filter(~Exists(of_visit))
    return rows.order_by("pk")


def journal(user: User, ref: str, pk: int) -> MergeJournal | None:
    """A merge that stands, of two records that this user may open; `ref` is that of the one that stands."""
    open_records = Patient.objects.visible_to(user)
    return (
        MergeJournal.objects.select_related("loser", "survivor", "merged_by")
        .filter(pk=pk, undoes=None, undone=None, survivor__ref=ref)
        .filter(*(Exists(open_records.filter(pk=OuterRef(one))) for one in ("survivor", "loser")))
        .first()
    )


def later_merge(of: MergeJournal) -> MergeJournal | None:
    """A merge of the record that stands which came after this one and was not taken back."""
    return LATER_MERGE.one(journal=of.pk, survivor=of.survivor_id)


def _later_merge(journal: int, survivor: int) -> QuerySet:
    of_survivor = Q(survivor=survivor) | Q(loser=survivor)
    rows = MergeJournal.objects.filter(of_survivor, pk__gt=journal, undoes=None, undone=None)
    return rows.select_related("loser").order_by("-pk")[:1]


LATER_MERGE = PreparedQuery(_later_merge)


def apart(of: MergeJournal) -> Apart:
    """What was written into the record that stands since the merge."""
    rows = later_rows(of)
    moving: dict[str, int] = {}
    for row in rows:
        kind = row.value.partition("-")[0]
        moving[kind] = moving.get(kind, 0) + 1
    labels = {model: str(label) for label, (model, *_) in KINDS.items()}
    movable = {labels[model]: moving.get(kind, 0) for kind, model in (*MOVABLE.items(), ("visit", Visit))}
    written = counts(of.survivor, since=of.merged_at)
    staying = [(label, number - movable.get(label, 0)) for label, number in written]
    changed = [
        name
        for name, (_, after) in of.choices.get("survivor", {}).items()
        if merging.json_value(getattr(of.survivor, name)) != after and name in merging.LABELS
    ]
    return Apart(rows, [pair for pair in staying if pair[1] > 0], changed)


def later_rows(of: MergeJournal) -> list[LaterRow]:
    """Rows that may go to either record, in the order in which they were written; one statement."""
    (found,) = LATER(survivor=of.survivor_id, since=of.merged_at)
    rows = [
        LaterRow(
            f"{kind}-{row['pk']}", row["label"] or str(MOVABLE[kind]._meta.verbose_name), instant(row["at"])
        )
        for kind, listed in found.items()
        for row in listed
    ]
    return sorted(rows, key=lambda row: (row.at, row.value))


def _later(survivor: int, since: dt.datetime) -> QuerySet:
    mine = {"patient": OuterRef("pk"), "ended_at": None, "noted_at__gt": since}
    lists = {
        kind: RelatedRows(model._default_manager.filter(**mine), pk="pk", at="noted_at", label=TITLES[kind])
        for kind, model in MOVABLE.items()
    }
    visits = booked_visits(OuterRef("pk")).filter(booked_at__gt=since)
    lists["visit"] = RelatedRows(visits, pk="pk", at="booked_for", label="ref")
    return Patient.objects.filter(pk=survivor).order_by().values(**lists)


LATER = PreparedQuery(_later)


def merged_records(patient: Patient, *, user: User) -> list[dict]:
    """The records that were merged into this one, each with the key of the merge that may be taken back."""
    rows = MERGED(patient=patient.pk, user=user.pk)
    return [
        {"patient": row, "journal": row.journal_rows[0]["pk"] if row.journal_rows else None} for row in rows
    ]


def _merged(patient: int, user: int) -> QuerySet:
    open_records = Patient.objects.visible_to(User(pk=user)).filter(pk=OuterRef("pk"))
    journals = MergeJournal.objects.filter(
        loser=OuterRef("pk"), survivor=OuterRef("merged_into"), undoes=None, undone=None
    )
    return (
        Patient.objects.filter(merged_into=patient)
        .select_related("merged_by")
        .order_by("-merged_at", "-pk")
        .annotate(
            is_open=Exists(open_records),
            session_count=_sessions_of_record(),
            journal_rows=RelatedRows(journals.order_by("-pk"), pk="pk"),
        )
    )


def _sessions_of_record() -> Coalesce:
    """None of them is a draft: nothing is under way in a merged record."""
    sessions = NeedlingSession.objects.counted().filter(patient=OuterRef("pk")).order_by()
    return Coalesce(Subquery(sessions.values("patient").annotate(n=Count("pk")).values("n")), 0)


MERGED = PreparedQuery(_merged)
