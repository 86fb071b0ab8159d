"""A language for tests: whatever went through gettext stands in brackets, ⟦Save site⟧."""

import contextlib
import re

from django.conf import settings
from django.template import engines
from django.utils import translation
from django.utils.translation import trans_real

from clinic.administration import labels
from clinic.django_internals import shared_fields, template_nodes
from clinic.formats import written
from patients.forms import screenings
from treatments.forms.session import fields

OPENING, CLOSING = "⟦", "⟧"
BRACKETED = re.compile(f"{OPENING}[^{OPENING}{CLOSING}]*{CLOSING}")


# What remembers texts by their language.
KEPT = (
    labels._label, labels._heads, written._parts, template_nodes._number, fields._kept, screenings._kept,
)  # fmt: skip


class Brackets:
    """The translation object that Django asks, as `django.utils.translation.trans_real` calls it."""

    def gettext(self, message: str) -> str:
        """A message with a context comes as the context, a separator and the message."""
        return f"{OPENING}{message.rpartition(trans_real.CONTEXT_SEPARATOR)[2]}{CLOSING}"

    def ngettext(self, singular: str, plural: str, number: float) -> str:
        return self.gettext(singular if number == 1 else plural)

    def language(self) -> str:
        return settings.LANGUAGE_CODE

    # Days and numbers stay as the practice's country writes them: what differs are the words.
    to_language = language


@contextlib.contextmanager
def active():
    """Everything that is translated meanwhile is bracketed, lazily translated texts too."""
    before = trans_real._translations, trans_real._default
    brackets = Brackets()
    trans_real._translations, trans_real._default = {settings.LANGUAGE_CODE: brackets}, brackets
    _forget_texts()
    try:
        with translation.override(settings.LANGUAGE_CODE, deactivate=True):
            yield
    finally:
        trans_real._translations, trans_real._default = before
        _forget_texts()


def _forget_texts() -> None:
    """What is translated once for each language: texts of templates, fields, labels, months and numbers."""
    for loader in engines["django"].engine.template_loaders:
        loader.reset()
    shared_fields.BY_CLASS.clear()
    for kept in KEPT:
        kept.cache_clear()


def without_translated(text: str) -> str:
    """What of `text` stands outside brackets; a message may hold another one."""
    while (rest := BRACKETED.sub(" ", text)) != text:
        text = rest
    return text
