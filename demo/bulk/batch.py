"""Collects the rows, events and signatures of some patients, then writes them parents first, locks last."""

import datetime as dt
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from django.db import models
from django.db.models import F

from clinic import audit
from clinic.models import AuditEvent
from demo.bulk import signing
from demo.bulk.keys import KeyAllocator
from demo.bulk.tables import bulk_table
from patients import models as patients
from treatments import models as treatments
from treatments.rules.session import fields as session_fields

# Parents before children. A screening and a session are still open while their parts are written.
ORDER = (
    patients.Patient,
    patients.PatientKey,
    patients.RelatedPerson,
    patients.Coverage,
    patients.Allergy,
    patients.Medication,
    patients.Referral,
    patients.Episode,
    patients.PatientCondition,
    patients.Visit,
    patients.Screening,
    patients.Consent,
    patients.ConsentCopy,
    treatments.NeedlingSession,
    treatments.SessionCondition,
    treatments.NeedleSite,
    treatments.Measurement,
    treatments.Aftercare,
    treatments.Override,
    treatments.FollowUp,
    treatments.ContactAttempt,
    treatments.SorenessReport,
)


@dataclass
class Batch:
    """Rows, events and signatures of some patients, until `write` stores them."""

    keys: KeyAllocator = field(default_factory=KeyAllocator)
    rows: dict[type[models.Model], list] = field(default_factory=lambda: defaultdict(list))
    events: list[audit.AuditEntry] = field(default_factory=list)
    reviewed: dict[tuple[int, dt.timedelta], list] = field(default_factory=lambda: defaultdict(list))
    signed: list = field(default_factory=list)
    cosigned: list[tuple] = field(default_factory=list)
    actions: list[Callable[[], object]] = field(default_factory=list)

    def add(self, model: type[models.Model], **fields):
        """A row that others refer to or that is still to change; its key is known from here on."""
        row = bulk_table(model).instance(id=self.keys.next(model), **fields)
        self.rows[model].append(row)
        return row

    def add_columns(self, model: type[models.Model], **columns) -> None:
        """A row that nothing reads before it is written: its columns only, the rest by default."""
        self.rows[model].append({"id": self.keys.next(model), **columns})

    def add_event(self, code: str, about, *, by, patient, at: dt.datetime, **details) -> None:
        """An audit event, with the time at which it would have happened."""
        self.events.append(audit.AuditEntry(code, about, by, patient, at=at, **details))

    def review(self, screening, *, by, after: dt.timedelta) -> None:
        """Close a screening once its answers are written. The decision is on it already."""
        self.reviewed[by.pk, after].append(screening)

    def sign(self, session) -> dt.datetime:
        """Sign by its therapist once all its parts are written; gives the time of the signature."""
        self.signed.append(session)
        return session.ended_at + signing.SIGNING_TAKES

    def cosign(self, session, *, at: dt.datetime) -> None:
        """Co-sign by its supervisor once it is sealed."""
        self.cosigned.append((session, at))

    def call_after_writing(self, action: Callable[[], object]) -> None:
        """An action of the product, bound to rows of this batch; called when they are all written."""
        self.actions.append(action)


def write(batch: Batch) -> None:
    _refuse_unordered(batch)
    for model in ORDER:
        _insert(model, batch)
    _close_screenings(batch)
    _insert_draft_events(batch)
    digests = signing.sign(batch.signed, batch.rows, batch.keys)
    signing.cosign(batch.cosigned, digests, batch.keys)
    events = sorted(_with_seals(batch.events, digests), key=lambda entry: entry.at)
    bulk_table(AuditEvent).insert(audit.chained_columns(events))
    for action in batch.actions:
        action()


def _with_seals(events: list[audit.AuditEntry], digests: dict[int, str]) -> list[audit.AuditEntry]:
    """A signature and a co-signature name the digest of what was signed, as those of the product do."""
    return [
        replace(entry, changes={"seal": [None, digests[entry.about.pk]]})
        if entry.code in ("session.signed", "session.cosigned")
        else entry
        for entry in events
    ]


def _refuse_unordered(batch: Batch) -> None:
    unordered = {model.__name__ for model, rows in batch.rows.items() if rows and model not in ORDER}
    if unordered:
        raise TypeError(f"ORDER does not say when these are written: {unordered}")


def _insert(model: type[models.Model], batch: Batch) -> None:
    if batch.rows[model]:
        bulk_table(model).insert(batch.rows[model])


def _insert_draft_events(batch: Batch) -> None:
    """A draft's history lists the changes that made it; of a signed note the seal is enough."""
    signed = {session.pk for session in batch.signed}
    open_sites = [site for site in batch.rows[treatments.NeedleSite] if site.session_id not in signed]
    bulk_table(treatments.DraftEvent).insert(
        [
            {
                "id": batch.keys.next(treatments.DraftEvent),
                "session_id": site.session_id,
                "client_id": site.key,
                "seq": 1,
                "field": "site",
                "site_key": site.key,
                "new": session_fields.site_values(site),
                "at": site.added_at,
                "by_id": site.added_by_id,
            }
            for site in open_sites
        ]
    )


def _close_screenings(batch: Batch) -> None:
    for (reviewer, after), screenings in batch.reviewed.items():
        rows = patients.Screening.objects.filter(pk__in=[screening.pk for screening in screenings])
        rows.update(reviewed_at=F("taken_at") + after, reviewed_by=reviewer)
