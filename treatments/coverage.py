"""Parts of the body that a therapist's needling courses cover, where a profile refuses all others."""

from clinic.values.errors import Reason
from treatments.dosing import Limits, Site


def reasons(site: Site, limits: Limits) -> list[Reason]:
    """Why this row is not kept. A profile that only asks leaves a question, see `dosing.questions`."""
    if not (limits.refuses_outside and limits.leaves_out(site)):
        return []
    message = (
        f"{limits.jurisdiction} allows only parts of the body that a course covers, and no course on record "
        f"covers {site.region.lower()}. Choose another muscle, or have the course entered under People."
    )
    return [Reason("outside-course", message, field="muscle")]
