"""What the page of a warning sign shows: the answers, and what they may mean after these sites."""

from treatments import soreness
from treatments.models import AdverseEvent, WarningSign

LUNG = "pneumothorax"
# The sign of a follow-up beside the kind of event that it may be, where one names the other.
KIND_OF_SIGN = {
    "fainted": "faint",
    "severe-headache": "severe-headache",
    "bladder-bowel": "bladder-bowel",
    "numb-weak": "nerve-symptom",
    "infection": "infection",
    "calf-swelling": "calf-swelling",
    "growing-bruise": "growing-haematoma",
}


def shown(flag) -> dict:
    """Facts for the page. Three queries: the sites, the chest signs, the events on file."""
    session, signs = flag.report.followup.session, flag.report.warning_signs
    sites = list(session.sites.standing().select_related("muscle", "region"))
    chest = set(WarningSign.objects.filter(chest=True).values_list("code", flat=True))
    lung = soreness.suggests_lung(signs, chest_codes=chest, over_lung=any(is_over_lung(site) for site in sites))
    return {
        "session": session,
        "report": flag.report,
        "sites": sites,
        "yes": [sign["question"] for sign in signs if sign["answer"] == "yes"],
        "no": [sign["question"] for sign in signs if sign["answer"] == "no"],
        "suggests_lung": lung,
        "proposed_kind": LUNG if lung else proposed_kind(signs),
        "events": list(AdverseEvent.objects.filter(session=session).select_related("kind", "noted_by")),
    }


def is_over_lung(site) -> bool:
    by_muscle = site.muscle is not None and site.muscle.over_lung
    return by_muscle or (site.region is not None and site.region.over_lung)


def proposed_kind(signs: list[dict]) -> str:
    return next((KIND_OF_SIGN[code] for code in soreness.answered_yes(signs) if code in KIND_OF_SIGN), "")
