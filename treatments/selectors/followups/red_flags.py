"""The page of a warning sign: the answers, the sites and the recorded adverse events."""

from django.db.models import F, OuterRef, QuerySet, Value
from django.db.models.functions import Coalesce, NullIf

from clinic.models import User, rows
from clinic.models.rows import RelatedRows
from patients.models import Patient
from treatments.models import FollowUp, RedFlag, SorenessReport, WarningSign
from treatments.rules.adverse_events import event as event_rules
from treatments.rules.followups import red_flags, soreness
from treatments.rules.followups.red_flags import LUNG
from treatments.rules.sites.over_lung import is_over_lung
from treatments.selectors.adverse_events import event as event_selectors
from treatments.selectors.followups.soreness import words_of_signs


def sign_names() -> RelatedRows:
    """The names of the warning signs in the order of the catalogue, for a row of another query.

    With those that retired: a report goes on naming them.
    """
    rows_of_catalogue = WarningSign.objects.order_by("position", "code")
    name = Coalesce(NullIf("short_name", Value("")), "question")
    return RelatedRows(rows_of_catalogue, code="code", name=name)


def standing_reports(followup: str) -> RelatedRows:
    """The answers that stand of the follow-up at that lookup path, for a row of another query."""
    reports = SorenessReport.objects.filter(followup=OuterRef(followup), superseded_by=None)
    return RelatedRows(reports, signs="warning_signs", urgency="urgency")


def waiting_of_patient() -> RelatedRows:
    """The reports that stand with a sign on which nobody acted, of the patient under any of their records."""
    calls = RedFlag.objects.waiting().values("report__followup")
    one_person = Patient.objects.of_one_person(OuterRef(OuterRef("pk")), OuterRef(OuterRef("merged_into")))
    reports = SorenessReport.objects.filter(
        followup__session__patient__among=one_person.values("pk"), superseded_by=None, followup__in=calls
    )
    columns = {"ref": "followup__ref", "step": "followup__step"}
    return RelatedRows(reports.order_by("pk"), signs="warning_signs", urgency="urgency", **columns)


def with_flag_details(flags: QuerySet) -> QuerySet:
    """Flags with the chest questions and the recorded events, in the same query."""
    # the report that stands: what was added to or corrected in the one that raised the flag
    current = SorenessReport.objects.filter(followup=OuterRef("report__followup"), superseded_by=None)
    return flags.select_related(
        "report__followup__session__patient", "report__followup__session__therapist", "report__reported_by",
        "acknowledged_by",
    ).annotate(
        current_report=RelatedRows(
            current, now="now", worst="worst", note="note", signs="warning_signs", urgency="urgency",
            words=words_of_signs(),
        ),
        sign_names=sign_names(),
        chest=RelatedRows(WarningSign.objects.filter(chest=True), code="code"),
        events=event_selectors.rows_of_session("report__followup__session"),
    )  # fmt: skip


def page_context(flag) -> dict:
    """The context of the page, with one query for the sites. `flag` comes from `with_flag_details`."""
    session, current = flag.report.followup.session, flag.current_report[0]
    signs, words = rows.as_list(current["signs"]), rows.as_list(current["words"])
    sites = list(session.sites.standing().select_related("muscle", "region"))
    chest = {row["code"] for row in flag.chest}
    lung = soreness.suggests_lung(
        signs, chest_codes=chest, over_lung=any(is_over_lung(site.muscle, site.region) for site in sites)
    )
    return {
        "session": session,
        "report": flag.report,
        "sites": sites,
        "signs": red_flags.with_urgency(
            red_flags.standing(flag.current_report, flag.sign_names), flag.current_report
        ),
        "urgency": current["urgency"],
        "yes": soreness.questions(signs, words, answer=soreness.YES),
        "no": soreness.questions(signs, words, answer=soreness.NO),
        "not_asked": soreness.questions(signs, words, answer=soreness.NOT_ASKED),
        "current": current,
        "suggests_lung": lung,
        "proposed_kind": LUNG if lung else red_flags.proposed_kind(signs),
        "events": event_rules.lines(flag.events, ref=session.ref),
    }


def most_urgent(ref: str, *, user: User) -> RedFlag | None:
    """The warning sign of that follow-up: the unacknowledged one, else the newest."""
    visible = FollowUp.objects.visible_to(user).filter(ref=ref).values("pk")
    waiting_first = F("acknowledged_at").desc(nulls_first=True)
    flags = with_flag_details(RedFlag.objects.filter(report__followup__in=visible))
    return flags.order_by(waiting_first, "-pk").first()
