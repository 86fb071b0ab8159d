"""A muscle of which the list says otherwise than when its site was written: the site is asked about again."""

from django.utils import timezone
from django.utils.translation import gettext as _

from clinic.formats import sealed
from treatments.rules.sites.hazard_words import hazards_text
from treatments.rules.sites.needled_site import NeedledSite, Prompt


def prompts(site: NeedledSite) -> list[Prompt]:
    """The moment stands in what a reason answers: the next change asks anew."""
    at = site.facts_changed_at
    if at is None:
        return []
    moment = f"{sealed.written_day(timezone.localdate(at))}, {sealed.counted_clock(at)}"
    message = _(
        "What lies near this muscle, or how it is billed, was changed after this site was written "
        "(%(moment)s). Near it now: %(hazards)s. Check the site, and say that it stands."
    ) % {"moment": moment, "hazards": hazards_text(site.hazards)}
    return [Prompt("muscle-changed", message, site.key)]
