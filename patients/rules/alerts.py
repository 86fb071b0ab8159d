"""What the desk is asked to do about guardians, notices of non-coverage and referrals."""

import datetime as dt

from clinic import formats
from clinic.values.errors import CAUTION, INFO, Reason
from patients.models import Coverage
from patients.rules.ages import ADULT_AGE, age_words, is_minor

# Within this time before its end a new referral is asked for.
REFERRAL_SOON_DAYS = 14


def guardian_reasons(born: dt.date, *, on: dt.date, has_guardian: bool) -> list[Reason]:
    if not is_minor(born, on=on) or has_guardian:
        return []
    message = (
        f"The patient is {age_words(born, on)} old, under {ADULT_AGE}: a parent or guardian consents. "
        "Add them here."
    )
    return [Reason("guardian-needed", message, CAUTION, field="guardian")]


def coverage_reasons(kind: str, notice: str) -> list[Reason]:
    """Medicare excludes dry needling by a physical therapist (source: APTA, February 2022)."""
    if kind != Coverage.Kind.MEDICARE or notice != Coverage.Notice.NONE:
        return []
    message = (
        "Medicare does not pay for dry needling by a physical therapist. "
        "Give the patient a notice of non-coverage to sign before treatment, and note it."
    )
    return [Reason("medicare-non-coverage", message, CAUTION)]


def referral_reasons(expires_on: dt.date | None, *, on: dt.date) -> list[Reason]:
    if expires_on is None or (expires_on - on).days > REFERRAL_SOON_DAYS:
        return []
    last = formats.day(expires_on)
    if expires_on < on:
        message = f"The referral expired {last}. Ask for a new one."
        return [Reason("referral-ended", message, CAUTION)]
    return [Reason("referral-ends-soon", f"The referral expires {last}. Ask for a new one.", INFO)]


def none_known_reasons(noun: str, *, listed: bool) -> list[Reason]:
    """Why “none known” cannot be recorded. `listed`: the list has current entries."""
    if not listed:
        return []
    plural = {"allergy": "allergies", "medication": "medications"}[noun]
    message = f"There are {plural} in the list. End them first, then say that none are known."
    return [Reason("some-stand", message)]
