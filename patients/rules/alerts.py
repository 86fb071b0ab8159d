"""What the desk is asked to do about guardians and referrals."""

import datetime as dt

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clinic import formats
from clinic.values.errors import CAUTION, INFO, Reason
from patients.rules.ages import ADULT_AGE, age_words, is_minor

# Within this time before its end a new referral is asked for.
# own choice: time enough to ask the physician
REFERRAL_SOON_DAYS = 14
GUARDIAN_NEEDED = gettext_lazy(
    "The patient is %(age)s old, under %(adult_age)s: a parent or guardian consents. Add them here."
)
GUARDIAN_NEEDED_ELSEWHERE = gettext_lazy(
    "The patient is %(age)s old, under %(adult_age)s: a parent or guardian consents. "
    "Add them under “Guardian, insurance, referral” in the record."
)
SOME_STAND = {
    "allergy": gettext_lazy("There are allergies in the list. End them first, then say that none are known."),
    "medication": gettext_lazy(
        "There are medications in the list. End them first, then say that none are known."
    ),
}


def guardian_reasons(
    born: dt.date, *, on: dt.date, has_guardian: bool, is_elsewhere: bool = False
) -> list[Reason]:
    """`is_elsewhere`: the page that says it is not the one where guardians are added."""
    if not is_minor(born, on=on) or has_guardian:
        return []
    sentence = GUARDIAN_NEEDED_ELSEWHERE if is_elsewhere else GUARDIAN_NEEDED
    message = sentence % {"age": age_words(born, on), "adult_age": ADULT_AGE}
    return [Reason("guardian-needed", message, CAUTION, field="guardian")]


def referral_reasons(expires_on: dt.date | None, *, on: dt.date) -> list[Reason]:
    if expires_on is None or (expires_on - on).days > REFERRAL_SOON_DAYS:
        return []
    last = formats.day(expires_on)
    if expires_on < on:
        message = _("The referral expired %(last)s. Ask for a new one.") % {"last": last}
        return [Reason("referral-ended", message, CAUTION)]
    return [
        Reason(
            "referral-ends-soon",
            _("The referral expires %(last)s. Ask for a new one.") % {"last": last},
            INFO,
        )
    ]


def none_known_reasons(noun: str, *, listed: bool) -> list[Reason]:
    """Why “none known” cannot be recorded. `listed`: the list has current entries."""
    if not listed:
        return []
    return [Reason("some-stand", str(SOME_STAND[noun]))]
