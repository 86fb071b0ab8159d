"""What still stands between a patient and a session, and between a session and its signature."""

from treatments.readiness.opening import OpenFacts, open_facts_for, open_reasons
from treatments.readiness.signing import (
    NEEDLES_DIFFER,
    SignFacts,
    day_of,
    differ_words,
    facts_for,
    limits_of,
    questions_for,
    reading_of,
    sign_reasons,
    who_for,
)

__all__ = [
    "NEEDLES_DIFFER",
    "OpenFacts",
    "SignFacts",
    "day_of",
    "facts_for",
    "limits_of",
    "open_facts_for",
    "open_reasons",
    "differ_words",
    "questions_for",
    "reading_of",
    "sign_reasons",
    "who_for",
]
