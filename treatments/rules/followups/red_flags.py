"""What a warning sign may mean, given the sites that were needled."""

from treatments.rules.followups import soreness

LUNG = "pneumothorax"
# {code of a warning sign: code of the adverse event that it suggests}.
KIND_OF_SIGN = {
    "fainted": "faint",
    "severe-headache": "severe-headache",
    "bladder-bowel": "bladder-bowel",
    "numb-weak": "nerve-symptom",
    "infection": "infection",
    "calf-swelling": "calf-swelling",
    "growing-bruise": "growing-haematoma",
}


def is_over_lung(site) -> bool:
    by_muscle = site.muscle is not None and site.muscle.over_lung
    return by_muscle or (site.region is not None and site.region.over_lung)


def proposed_kind(signs: soreness.Signs) -> str:
    return next((KIND_OF_SIGN[code] for code in soreness.answered_yes(signs) if code in KIND_OF_SIGN), "")
