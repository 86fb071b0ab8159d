"""What the practice's own conditions, codes and questions must say before they are saved."""

import datetime as dt
import re
from collections.abc import Mapping

from django.utils.translation import gettext as _

from clinic.values.errors import Reason
from patients.models import ScreeningItem

# source: CMS/CDC ICD-10-CM order file: a letter, two characters, and up to four more behind a dot
ICD10 = re.compile(r"[A-Z][0-9][0-9A-Z](\.[0-9A-Z]{1,4})?")
ICD10_COLUMNS = ("code_right", "code_left", "code_both", "code_midline", "code_unspecified")


def code_reasons(codes: Mapping[str, str], *, starts: dt.date | None, ends: dt.date | None) -> list[Reason]:
    """`codes` by the names of their columns."""
    message = _("Write an ICD-10-CM code with its dot, such as M25.561.")
    found = [
        Reason("code-unreadable", message, field=name)
        for name, code in codes.items()
        if code and not ICD10.fullmatch(code)
    ]
    if starts and ends and starts > ends:
        message = _("It ends before it starts. Check both days.")
        found.append(Reason("ends-before-start", message, field="valid_to"))
    return found


def question_reasons(question: str, *, scope: str, acts_like: str) -> list[Reason]:
    found = []
    if question and not question.endswith("?"):
        message = _("Ask one question, and end it with a question mark.")
        found.append(Reason("no-question", message, field="question"))
    if acts_like and scope == ScreeningItem.Scope.SITE:
        message = _("Only for a question about the whole patient. Leave it empty.")
        found.append(Reason("acts-at-sites-already", message, field="acts_like"))
    return found
