"""Who may restrict a record and open it in an emergency. Nobody decides about their own record."""

import datetime as dt
from dataclasses import dataclass

from django.utils.translation import gettext as _

from clinic.models import User
from clinic.values.errors import Reason
from patients.models import Patient, PatientAccess

# own choice: the time of one visit; 45 CFR 164.312 asks for a procedure and names no time
EMERGENCY_ACCESS_LASTS = dt.timedelta(hours=1)
# Added to the reason in the audit when the practice has no other lead.
DECIDED_ALONE = "The only clinical lead decided this themselves."


@dataclass(frozen=True)
class RestrictionFacts:
    """Primary keys: `named` are who may open the record, `account` is the patient's own account."""

    by: int
    account: int | None
    named: frozenset[int]
    has_other_lead: bool


def naming_reasons(facts: RestrictionFacts, *, people: frozenset[int], account: int | None) -> list[Reason]:
    """Why these people cannot be named on the record of the patient whose account is `account`."""
    reasons = own_reasons(facts, account=account)
    if not people:
        reasons.append(
            Reason("nobody", _("Name at least one person who may open the record."), field="people")
        )
    if account is not None and account in people:
        message = _("The patient's own account cannot be among the people who open the record.")
        reasons.append(Reason("own-account", message, field="people"))
    if facts.by in people - facts.named and facts.has_other_lead:
        message = _("Nobody names themselves. Another clinical lead adds you.")
        reasons.append(Reason("own-name", message, field="people"))
    return reasons


def own_reasons(facts: RestrictionFacts, *, account: int | None = None) -> list[Reason]:
    """The patient's own account, as stored or as this form sets it, decides nothing about the record."""
    if facts.by in {facts.account, account}:
        return [Reason("own-record", _("This is your own record. Another clinical lead decides about it."))]
    return []


def emergency_access_reasons(patient: Patient, *, by: User) -> list[Reason]:
    if patient.restricted_at is None:
        return [Reason("not-restricted", _("This record is not restricted any more. Open it as any other."))]
    if patient.account_id == by.pk:
        return [Reason("own-record", _("This is your own record. Ask the clinical lead for a copy."))]
    return []


def emergency_review_reasons(access: PatientAccess, *, by: User, has_other_lead: bool) -> list[Reason]:
    """Nobody reviews their own emergency access while there is another lead."""
    if access.user_id == by.pk and has_other_lead:
        return [Reason("own-glass", _("You opened this record yourself. Another clinical lead looks at it."))]
    return []


def audited_reason(reason: str, *, is_own: bool) -> str:
    """The reason as the audit records it."""
    return f"{reason} {DECIDED_ALONE}".strip() if is_own else reason
