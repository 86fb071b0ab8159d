"""How a warning sign is named, and what it may mean, given the sites that were needled."""

from django.utils.translation import gettext_lazy as _

from clinic.models.rows import as_list
from treatments.rules.followups import soreness, warning_levels

LUNG = "pneumothorax"
WARNING_SIGN = _("Warning sign")
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


def proposed_kind(signs: soreness.Signs) -> str:
    return next((KIND_OF_SIGN[code] for code in soreness.answered_yes(signs) if code in KIND_OF_SIGN), "")


def named(signs: soreness.Signs, names: list[dict]) -> str:
    """“Short of breath, chest pain”: what was answered with yes, in the order of `names` (code, name)."""
    yes = set(soreness.answered_yes(signs))
    found = [row["name"] for row in names if row["code"] in yes]
    return ", ".join(found[:1] + [name[0].lower() + name[1:] for name in found[1:]])


def with_urgency(words: str, reports: list[dict]) -> str:
    """“Short of breath, chest pain: 911 now”: of reports that name their `urgency`, the gravest."""
    return f"{words}: {warning_levels.label(urgency_of(reports))}"


def urgency_of(reports: list[dict]) -> int | None:
    return max((report["urgency"] or 0 for report in reports), default=0) or None


def standing(reports: list[dict], names: list[dict]) -> str:
    """The same of the reports that stand, as the database gives them; “Warning sign” where none is named."""
    return named([sign for report in reports for sign in as_list(report["signs"])], names) or str(
        WARNING_SIGN
    )
