"""Password validators: long enough, no words that others know, hard to guess."""

import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from zxcvbn import zxcvbn

from clinic.models import Location, Practice
from clinic.models.accounts import LENGTH_ALONE, normalised
from clinic.signin import factors

# Characters beside a second factor. source: NIST SP 800-63B-4, 3.1.1.2
LENGTH_BESIDE_A_FACTOR = 8
# Characters that must remain once known words are removed.
FEWEST_REMAINING = 8
# Shorter words occur inside too many others.
SHORTEST_WORD = 4
PRODUCT = "filiform"
# Of all five sign-ins of the demo practice, and in the documentation.
DEMO_PASSWORD = "needles-and-notes-2026"
# Guesses that a password must outlast, as zxcvbn counts them: a short one those of eight characters without a
# pattern, one of LENGTH_ALONE those of its best score. source: Wheeler, zxcvbn, USENIX Security 2016
GUESSES_SHORT, GUESSES_LONG = 10**8, 10**10
# So many show what it is. zxcvbn takes seconds where more signs can be read as letters.
JUDGED_CHARACTERS = 40


class LongEnough:
    """15 characters where the password stands alone, 8 beside a second factor."""

    def validate(self, password, user=None):
        beside = user is not None and user.pk is not None and factors.has_factor(user)
        needed = LENGTH_BESIDE_A_FACTOR if beside else LENGTH_ALONE
        if len(normalised(password)) < needed:
            raise ValidationError(
                _("Use %(needed)s characters or more. %(way)s") % {"needed": needed, "way": self.way(beside)},
                code="too-short",
            )

    def way(self, beside: bool) -> str:
        if beside:
            return _("A sentence that only you would say is easy to keep.")
        return _("A sentence is easy to keep, or set up two-step verification and 8 are enough.")

    def get_help_text(self):
        return _("A sentence that only you would say. Spaces and all alphabets are fine.")


class NoKnownWords:
    """Refuses words of the practice, of the product and of the person."""

    def validate(self, password, user=None):
        rest, found = _plain(password), []
        for word in sorted(known_words(user), key=len, reverse=True):
            if word in rest:
                found.append(word)
                rest = rest.replace(word, "")
        if found and len(rest) < FEWEST_REMAINING:
            raise ValidationError(
                _(
                    "“%(word)s” is a word that others here try first, and little else is in it. "
                    "Take words that have nothing to do with you or the practice."
                )
                % {"word": found[0]},
                code="known-word",
            )

    def get_help_text(self):
        return _("Not your name, and not the practice's.")


class HardToGuess:
    """Refuses what lists of common passwords hold, rows of keys, dates and words over and over."""

    def validate(self, password, user=None):
        texts = [DEMO_PASSWORD, *(texts_of(user) if user is not None else [])]
        words = [word for text in texts for word in [text, *re.split(r"\W+", text)] if word]
        judged = zxcvbn(without_repeats(password)[:JUDGED_CHARACTERS], user_inputs=words)
        if judged["guesses"] < (GUESSES_LONG if len(normalised(password)) >= LENGTH_ALONE else GUESSES_SHORT):
            raise ValidationError(
                _(
                    "This is easy to guess: a common password, a row of keys, a date, or words "
                    "over and over. Use several words that have nothing to do with each other."
                ),
                code="easily-guessed",
            )

    def get_help_text(self):
        return _("Not a common password, a row of keys, or one word over and over.")


def without_repeats(password: str) -> str:
    """Each word and each piece between words once: the judge gives credit for every further one."""
    return "".join(dict.fromkeys(re.findall(r"[^\W_]+|[\W_]+", normalised(password).casefold())))


def texts_of(user) -> list[str]:
    return [user.username, user.first_name, user.last_name, user.email.partition("@")[0]]


def known_words(user) -> set[str]:
    """Words of four letters and more that everybody at the practice knows, as `_plain` writes them."""
    texts = [PRODUCT, DEMO_PASSWORD, *Practice.objects.values_list("name", flat=True)]
    texts += Location.objects.values_list("name", flat=True)
    if user is not None:
        texts += texts_of(user)
    words = {_plain(word) for text in texts for word in [text, *re.split(r"\W+", text)]}
    return {word for word in words if len(word) >= SHORTEST_WORD}


def _plain(text: str) -> str:
    return re.sub(r"[\W_]+", "", normalised(text).casefold())
