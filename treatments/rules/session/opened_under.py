"""The state rules that a session was opened under, as a value."""

import datetime as dt
from dataclasses import dataclass, fields

from clinic.models import Jurisdiction


@dataclass(frozen=True, slots=True, repr=False)
class JurisdictionRules:
    """What the state says that the session was opened under. None: no text was found."""

    pk: int = 0
    code: str = ""
    name: str = ""
    state: str = ""
    source: str = ""
    status: str = Jurisdiction.Status.ALLOWED
    valid_from: dt.date | None = None
    max_dwell_seconds: int | None = None
    stimulation_allowed: bool | None = None
    added_modality_allowed: bool | None = None
    local_points_only: bool | None = None
    one_needle_per_insertion: bool | None = None
    outside_course: str = Jurisdiction.OutsideCourse.CAUTION
    hours_prerequisite: int | None = None
    hours_didactic: int | None = None
    hours_practicum: int | None = None
    hours_total: int | None = None
    supervised_sessions: int | None = None
    exam_required: bool | None = None
    min_licence_months: int | None = None
    delegation_allowed: bool | None = None
    # what ships, where these are the practice's own
    based_on: "JurisdictionRules | None" = None

    @classmethod
    def columns(cls) -> list[str]:
        """What it is made of."""
        return [field.name for field in fields(cls)]

    @classmethod
    def of(cls, row: Jurisdiction) -> "JurisdictionRules":
        shipped = cls.of(row.based_on) if row.based_on else None
        names = [name for name in cls.columns() if name != "based_on"]
        return cls(**{name: getattr(row, name) for name in names}, based_on=shipped)
