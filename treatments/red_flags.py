"""What the page of a warning sign shows: the answers, and what they may mean after these sites."""

from django.db.models import OuterRef, QuerySet

from clinic.models.rows import Rows, day, instant
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


def with_facts(flags: QuerySet) -> QuerySet:
    """Flags with the questions about the chest and the events on file, found at once."""
    events = AdverseEvent.objects.filter(session=OuterRef("report__followup__session")).order_by("pk")
    return flags.select_related(
        "report__followup__session__patient", "report__followup__session__therapist", "report__reported_by",
        "acknowledged_by",
    ).annotate(
        chest=Rows(WarningSign.objects.filter(chest=True), code="code"),
        events=Rows(
            events, kind="kind__name", severity="severity", due="report_due_on", at="noted_at",
            by="noted_by__first_name",
        ),
    )  # fmt: skip


def shown(flag) -> dict:
    """What the page shows. One query: the sites. `flag` comes from `with_facts`."""
    session, signs = flag.report.followup.session, flag.report.warning_signs
    sites = list(session.sites.standing().select_related("muscle", "region"))
    chest = {row["code"] for row in flag.chest}
    lung = soreness.suggests_lung(
        signs, chest_codes=chest, over_lung=any(is_over_lung(site) for site in sites)
    )
    return {
        "session": session,
        "report": flag.report,
        "sites": sites,
        "yes": [sign["question"] for sign in signs if sign["answer"] == "yes"],
        "no": [sign["question"] for sign in signs if sign["answer"] == "no"],
        "suggests_lung": lung,
        "proposed_kind": LUNG if lung else proposed_kind(signs),
        "events": [{**row, "at": instant(row["at"]), "due": day(row["due"])} for row in flag.events],
    }


def is_over_lung(site) -> bool:
    by_muscle = site.muscle is not None and site.muscle.over_lung
    return by_muscle or (site.region is not None and site.region.over_lung)


def proposed_kind(signs: list[dict]) -> str:
    return next((KIND_OF_SIGN[code] for code in soreness.answered_yes(signs) if code in KIND_OF_SIGN), "")
