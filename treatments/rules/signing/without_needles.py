"""The note of a visit at which nobody was needled: what it asks for, and what it does not."""

from django.utils.translation import gettext as _

from clinic.values.errors import Reason
from treatments.models import NeedlingSession
from treatments.rules import qualification

# Not asked where nobody was needled; pain after it is a result of the needles.
OF_NEEDLES = frozenset(
    {
        "no-sites",
        "needles-not-counted",
        "second-count-missing",
        "pain-after-missing",
        "pain-after-reason-missing",
        "tolerance-missing",
        "aftercare-missing",
    }
)


def reasons(kind: str, detail: str, *, other_care: str, is_needled: bool, code: str) -> list[Reason]:
    """What it was, and nothing that says otherwise. `is_needled`: sites or needles stand in the note."""
    kinds = NeedlingSession.NotNeedled
    return [
        Reason(reason_code, message, field=field, way_out=way_out)
        for applies, reason_code, message, field, way_out in (
            (kind == kinds.OTHER and not detail.strip(), "not-needled-why",
             _("Say why nobody was needled."), "not_needled_detail", _("Say why")),
            (kind == kinds.MANUAL and not other_care.strip(), "other-care-missing",
             _("Write the treatment that was given in place of needles."), "other_care", _("Write it")),
            (is_needled, "needled-after-all",
             _("The note says that nobody was needled, and sites or needles are recorded. "
               "Correct one of them."),
             "not_needled", _("Correct it")),
            (bool(code), "code-without-needles",
             _("A needling code is chosen, and nobody was needled. Set it back to “As proposed”."),
             "billing_code", _("Change the code")),
        )
        if applies
    ]  # fmt: skip


def still_asked(found: list[Reason]) -> list[Reason]:
    """Those of a signature's reasons that hold without needles too; of the signer only the license."""
    return [reason for reason in found if not _is_of_needles(reason)]


def _is_of_needles(reason: Reason) -> bool:
    is_of_signer = reason.field == "supervisor"
    return reason.code in OF_NEEDLES or (is_of_signer and not qualification.is_of_licence(reason))
