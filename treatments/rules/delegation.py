"""Who else than a physical therapist may needle: where a state says so, an assistant under supervision.

source of the refusal where nothing was found: domain facts 3.5. A state's own word stands in its profile,
such as K.A.R. 100-29-18 (Kansas), which forbids delegation.
"""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clinic.models import User
from clinic.values.errors import Reason

NOT_A_PT, ALONE = "not-a-pt", "assistant-alone"
WHO_MAY_NEEDLE = gettext_lazy("Only a physical therapist may needle; assistants and aides never do.")


def reasons(profession: str, *, person: str, rules: str, allowed: bool | None) -> list[Reason]:
    """`allowed` is what the state's rules say of delegation; None where no rule was found."""
    if profession == User.Profession.PT:
        return []
    if allowed and profession == User.Profession.PTA:
        message = _(
            "%(rules)s lets an assistant needle under supervision only; %(person)s is an assistant."
        ) % {"rules": rules, "person": person}
        return [Reason(ALONE, message)]
    if allowed is False:
        message = _(
            "%(rules)s keeps dry needling to physical therapists; it may not be delegated. Ask a therapist, "
            "or have the profession corrected."
        ) % {"rules": rules}
        return [Reason(NOT_A_PT, message)]
    message = _("%(rule)s Ask a therapist, or have the profession corrected.") % {"rule": WHO_MAY_NEEDLE}
    return [Reason(NOT_A_PT, message)]
