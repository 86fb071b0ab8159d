"""Prompts at a draft and its sites, answered with a reason."""

import uuid

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clinic import audit
from clinic.models import CounselOpinion
from clinic.rules.all_states import barring, opinion_sentence
from clinic.selectors.all_states import opinion_in_force
from clinic.values import errors
from clinic.values.errors import Reason, RuleViolation
from clinic.values.words import in_source_words
from treatments.actions.session import draft_events
from treatments.actions.session.draft_events import Stamp
from treatments.actions.sites.correction import find_site
from treatments.models import Override
from treatments.rules.session import draft_parts
from treatments.rules.session.draft import Draft
from treatments.rules.sites import jurisdiction, needled_site

NOT_RAISED = Reason(
    "rule-not-raised",
    gettext_lazy("Nothing asks for this reason any more. Open the page again."),
    field="reason",
)


@transaction.atomic
def answer_prompt(session, *, by, rule: str, reason: str, key: uuid.UUID | None = None) -> Override:
    """Answer a prompt with a reason. It stays on the page with the reason beside it.

    Where the state bars needling, what counsel says stands before the reason: a lead has to have recorded it.
    """
    locked = draft_events.lock_with_parts(session, by=by, stamp=Stamp())
    draft = locked.row
    site, prompt = find_site(draft, key) if key else None, _prompt(locked.draft, rule, key)

    if prompt is None:
        raise RuleViolation([NOT_RAISED, *_answer_reasons(reason)])
    opinion = _opinion_on(draft) if rule == jurisdiction.STATE_BARS else None
    errors.refuse([*_answer_reasons(reason), *jurisdiction.counsel_reasons(rule, opinion)])
    if opinion is not None:
        with in_source_words():
            reason = f"{opinion_sentence(opinion)} {reason}"

    answer = {"session": draft, "site": site, "rule": rule, "asked": prompt.asked, "reason": reason.strip()}
    standing = Override.objects.filter(**answer).first()
    if standing is not None:
        return standing
    override = Override.objects.create(**answer, by=by)
    audit.record(
        "session.rule_answered",
        draft,
        by=by,
        patient=draft.patient,
        changes={"rule": [None, rule]},
        reason=reason,
    )
    return override


def _opinion_on(session) -> CounselOpinion | None:
    """What counsel says of the rules that bar needling on its day."""
    barred_by = barring(session.jurisdiction, on=draft_parts.day_of(session))
    return opinion_in_force(barred_by) if barred_by else None


def _prompt(draft: Draft, rule: str, key) -> needled_site.Prompt | None:
    """The prompt as the draft raises it now."""
    raised = draft_parts.prompts_for(draft)
    wanted = (rule, str(key) if key else "")
    return next((prompt for prompt in raised if (prompt.rule, prompt.site_key) == wanted), None)


def _answer_reasons(reason: str) -> list[Reason]:
    if reason.strip():
        return []
    return [Reason("reason-missing", _("Say why, in a few words."), field="reason")]
