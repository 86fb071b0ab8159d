"""The profiles of all states, and what counsel said of one."""

from clinic.models import CounselOpinion, Jurisdiction
from clinic.rules import all_states


def profiles() -> list[Jurisdiction]:
    """The general profile first, then the states by name."""
    rows = Jurisdiction.objects.current().select_related("based_on")
    return sorted(rows, key=lambda profile: (bool(profile.state), profile.name))


def standing_opinions() -> dict[int, CounselOpinion]:
    """{profile's key: the opinion that stands}"""
    rows = CounselOpinion.objects.standing().select_related("recorded_by")
    return {row.jurisdiction_id: row for row in rows}


def opinion_in_force(profile: Jurisdiction) -> CounselOpinion | None:
    """The one that stands, where it is about the rules as they are today."""
    standing = CounselOpinion.objects.standing().select_related("recorded_by").filter(jurisdiction=profile)
    return next((each for each in standing if all_states.is_of_today(each, profile)), None)
