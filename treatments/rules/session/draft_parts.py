"""What follows from a draft as a whole: its version as read, constraints, prompts, day of qualification."""

import datetime as dt

from django.utils import timezone

from clinic.models import Jurisdiction
from clinic.rules import all_states
from clinic.values.addresses import reverse
from treatments.rules import billing
from treatments.rules.session import changed_codes, since_opening
from treatments.rules.session.draft import Draft
from treatments.rules.sites import entry, needled_site


def reading_of(draft: Draft) -> str:
    """Identifies the text of a draft that was read: its newest change, and how many reasons were given."""
    return f"{draft.newest_change}-{len(draft.prompt_answers)}"


def prompts_for(draft: Draft) -> list[needled_site.Prompt]:
    """Everything that this draft needs a reason for."""
    sites = [needled_site.from_row(site) for site in draft.standing_sites]
    about = needled_site.values_of(draft.session)
    beside = {"coded_today": draft.coded_today, "conditions": draft.conditions}
    return prompts_of(sites, constraints_of(draft), about, **beside)


def constraints_of(draft: Draft) -> needled_site.SiteConstraints:
    """The rules under which the session was opened, and the regions of its consent."""
    session, rules = draft.session, draft.session.jurisdiction
    barred_by = None if session.not_needled else all_states.barring(rules, on=day_of(session))
    return needled_site.SiteConstraints(
        jurisdiction=rules.name,
        barred_by=barred_by.name if barred_by else "",
        barred_source=barred_by.source.partition(";")[0] if barred_by else "",
        max_dwell_seconds=rules.max_dwell_seconds,
        stimulation_allowed=rules.stimulation_allowed,
        one_needle_per_insertion=rules.one_needle_per_insertion,
        local_points_only=rules.local_points_only,
        added_modality_allowed=rules.added_modality_allowed,
        # the citation itself comes first; who quoted it follows
        source=rules.source.partition(";")[0],
        suggested=draft.suggested,
        concerns=draft.concerns,
        consented=draft.consented,
        covered=draft.covered(day_of(session)),
        refuses_outside=rules.outside_course == Jurisdiction.OutsideCourse.STOP,
        avoided=draft.avoided,
        consent_url=reverse("patients:consent-start", args=[session.patient.ref]),
        not_on_file=_not_on_file(draft),
        told=since_opening.told(draft),
    )


def _not_on_file(draft: Draft) -> tuple[str, ...]:
    """What a session is opened under and this one has not. Nothing is known of a draft without `safety`."""
    if draft.safety is None or draft.session.not_needled:
        return ()
    missing = (
        ("consent-not-on-file", draft.safety.consent is None),
        ("health-not-on-file", draft.safety.intake is None),
    )
    return tuple(rule for rule, is_missing in missing if is_missing)


def prompts_of(sites, limits, about, *, coded_today, conditions) -> list[needled_site.Prompt]:
    def raised() -> list[needled_site.Prompt]:
        found = [*entry.prompts(sites, limits, about), *since_opening.prompts(limits.told)]
        found += changed_codes.prompts(conditions)
        return [*found, *billing.day_prompts(coded_today)]

    return needled_site.with_source_words(raised)


def prompts_of_site(site, limits) -> list[needled_site.Prompt]:
    return needled_site.with_source_words(lambda: entry.site_prompts(site, limits))


def day_of(session) -> dt.date:
    """The day of the session, a row or a draft's: a late entry without a start has the day of its visit."""
    visit_at = session.visit_at if session.late_entry_reason else None
    return timezone.localdate(session.started_at or visit_at or session.opened_at)
