"""Collects the rows, events and signatures of some patients."""

import datetime as dt
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field

from django.db import models

from clinic import audit
from demo.bulk import signing
from demo.bulk.keys import KeyAllocator
from demo.bulk.tables import bulk_table
from patients import models as patients
from treatments import models as treatments

# Parents before children. A screening and a session are still open while their parts are written.
ORDER = (
    patients.Patient,
    patients.PatientKey,
    patients.RelatedPerson,
    patients.Coverage,
    patients.NonCoverageNotice,
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
    treatments.DraftEvent,
)
# Written once the sessions are signed.
LAST = (treatments.Seal, treatments.CoSignature)


@dataclass
class Batch:
    """Rows, events and signatures of some patients. Its keys count from 1 until it is finished."""

    keys: KeyAllocator = field(default_factory=KeyAllocator)
    rows: dict[type[models.Model], list] = field(default_factory=lambda: defaultdict(list))
    events: list[audit.AuditEntry] = field(default_factory=list)
    reviewed: list[tuple] = field(default_factory=list)
    signed: list = field(default_factory=list)
    cosigned: list[tuple] = field(default_factory=list)
    actions: list[Callable[[], object]] = field(default_factory=list)

    def add(self, model: type[models.Model], **fields):
        """A row that others refer to or that is still to change; it names others by their keys here."""
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
        self.reviewed.append((screening, screening.taken_at + after, by))

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
