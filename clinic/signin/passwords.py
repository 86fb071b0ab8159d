"""Password validators: long enough, no words that others know, no simple pattern."""

import re

from django.core.exceptions import ValidationError

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
FEWEST_CHARACTERS = 5


class LongEnough:
    """15 characters where the password stands alone, 8 beside a second factor."""

    def validate(self, password, user=None):
        beside = user is not None and user.pk is not None and factors.has_factor(user)
        needed = LENGTH_BESIDE_A_FACTOR if beside else LENGTH_ALONE
        if len(normalised(password)) < needed:
            raise ValidationError(f"Take {needed} characters or more. {self.way(beside)}", code="too-short")

    def way(self, beside: bool) -> str:
        if beside:
            return "A sentence that only you would say is easy to keep."
        return "A sentence is easy to keep, or set up a second factor and 8 are enough."

    def get_help_text(self):
        return "A sentence that only you would say. Spaces and every script are welcome."


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
                f"“{found[0]}” is a word that others here try first, and little else is in it. Take words "
                "that have nothing to do with you or the practice.",
                code="known-word",
            )

    def get_help_text(self):
        return "Not your name, and not the practice's."


class NoPattern:
    """Refuses a repeated piece, a run of characters, and too few different characters."""

    def validate(self, password, user=None):
        plain = normalised(password).casefold()
        if len(set(plain)) < FEWEST_CHARACTERS or repeats(plain) or runs(plain):
            raise ValidationError(
                "It is one pattern over and over, which is tried first. Take several words.", code="pattern"
            )

    def get_help_text(self):
        return "Not one pattern over and over."


def known_words(user) -> set[str]:
    """Words of four letters and more that everybody at the practice knows, as `_plain` writes them."""
    texts = [PRODUCT, *Practice.objects.values_list("name", flat=True)]
    texts += Location.objects.values_list("name", flat=True)
    if user is not None:
        texts += [user.username, user.first_name, user.last_name, user.email.partition("@")[0]]
    words = {_plain(word) for text in texts for word in [text, *re.split(r"\W+", text)]}
    return {word for word in words if len(word) >= SHORTEST_WORD}


def repeats(text: str) -> bool:
    """Whether the text is one repeated piece, as in abcabcabc."""
    return any(text == (text[:size] * len(text))[: len(text)] for size in range(1, len(text) // 2 + 1))


def runs(text: str) -> bool:
    """Whether each character follows the one before, as in abcdefgh and 7890123."""
    steps = {ord(after) - ord(before) for before, after in zip(text, text[1:], strict=False)}
    return steps <= {1, -9} or steps <= {-1, 9}


def _plain(text: str) -> str:
    return re.sub(r"[\W_]+", "", normalised(text).casefold())
