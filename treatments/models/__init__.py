"""The second floor's tables."""

from treatments.models.after_signing import Addendum, AmendmentAnswer, CoSignature, ErrorMark, Seal
from treatments.models.followup import (
    AdverseEvent,
    ContactAttempt,
    FollowUp,
    OutcomeScore,
    RedFlag,
    SorenessReport,
)
from treatments.models.muscle import AdverseEventKind, AftercareAdvice, Muscle, SuggestedMuscle, WarningSign
from treatments.models.parts import Aftercare, DraftEvent, Measurement, Override, SessionCondition
from treatments.models.presence import DraftPresence
from treatments.models.session import NeedlingSession
from treatments.models.site import NeedleSite
from treatments.models.unkept import UnkeptEntry

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
    "Measurement",
    "Muscle",
    "NeedleSite",
    "NeedlingSession",
    "OutcomeScore",
    "Override",
    "RedFlag",
    "Seal",
    "SessionCondition",
    "SorenessReport",
    "SuggestedMuscle",
    "UnkeptEntry",
    "WarningSign",
]
