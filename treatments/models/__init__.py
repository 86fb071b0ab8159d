"""The second floor's tables."""

from treatments.models.adverse_events import AdverseEvent
from treatments.models.followups.contacts import (
    ContactAttempt,
    FollowUp,
    RedFlag,
    SorenessReport,
)
from treatments.models.followups.outcomes import OutcomeScore
from treatments.models.followups.warning_signs import LevelDecision, Urgency, WarningSign, WarningSignLevel
from treatments.models.session.coediting import DraftPresence
from treatments.models.session.parts import Aftercare, DraftEvent, Measurement, Override, SessionCondition
from treatments.models.session.session import NeedlingSession
from treatments.models.session.unsaved import UnkeptEntry
from treatments.models.sharps import SharpsInjury
from treatments.models.signing import (
    Addendum,
    AmendmentAnswer,
    CoSignature,
    ErrorMark,
    Seal,
    SupervisorChange,
)
from treatments.models.sites.catalogues import (
    AdverseEventKind,
    AftercareAdvice,
    Muscle,
    NeedledPlace,
    SuggestedMuscle,
)
from treatments.models.sites.site import NeedleSite

__all__ = [
    "Addendum",
    "AmendmentAnswer",
    "AdverseEvent",
    "AdverseEventKind",
    "Aftercare",
    "AftercareAdvice",
    "CoSignature",
    "ContactAttempt",
    "DraftEvent",
    "DraftPresence",
    "ErrorMark",
    "FollowUp",
    "LevelDecision",
    "Measurement",
    "Muscle",
    "NeedleSite",
    "NeedledPlace",
    "NeedlingSession",
    "OutcomeScore",
    "Override",
    "RedFlag",
    "Seal",
    "SessionCondition",
    "SharpsInjury",
    "SorenessReport",
    "SuggestedMuscle",
    "SupervisorChange",
    "UnkeptEntry",
    "Urgency",
    "WarningSign",
    "WarningSignLevel",
]
