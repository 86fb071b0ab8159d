"""Conditions whose code is another one than when the draft was opened: it is asked which code stands."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from treatments.rules.session.parts import DraftCondition
from treatments.rules.sites.needled_site import Prompt


def code_now(row: DraftCondition) -> str | None:
    """The code that its condition has now, "" for none. None: the draft's still stands."""
    if row.recorded_icd10 is not None and row.recorded_icd10 != row.icd10:
        return row.recorded_icd10
    if row.codes_now and row.icd10 not in row.codes_now:
        return min(row.codes_now)
    return None


def prompts(conditions: Iterable[DraftCondition]) -> list[Prompt]:
    """One for the session: a reason is given once for all codes that are others now."""
    none = _("no code")
    found = [
        _("%(condition)s: %(former)s in this draft, %(now)s now.")
        % {"condition": row.named, "former": row.icd10 or none, "now": now or none}
        for row in conditions
        if (now := code_now(row)) is not None
    ]
    if not found:
        return []
    message = _("A code was changed after this draft was opened. %(codes)s Say why the draft's code stands.")
    return [Prompt("code-changed", message % {"codes": " ".join(found)})]
