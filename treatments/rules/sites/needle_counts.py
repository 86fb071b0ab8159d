"""Counts of needles and insertions that cannot be as they stand: asked about."""

from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from treatments.rules.sites.needled_site import NeedledSite, Prompt, SessionValues


def site_prompts(site: NeedledSite) -> list[Prompt]:
    """A needle that was used was inserted at least once; one needle may be inserted more often."""
    needles, inserted = site.needles or 0, site.insertions or 0
    if needles <= inserted:
        return []
    message = ngettext(
        "%(needles)s needles for %(count)d insertion. Each needle is inserted at least once: correct the "
        "needles or the insertions, or say why.",
        "%(needles)s needles for %(count)d insertions. Each needle is inserted at least once: correct the "
        "needles or the insertions, or say why.",
        inserted,
    ) % {"needles": needles, "count": inserted}
    return [Prompt("needles-over-insertions", message, site.key)]


def session_prompts(sites: Sequence[NeedledSite], about: SessionValues) -> list[Prompt]:
    """Needles taken from their packs, once they are counted out: those not unused were used at a site."""
    if about.needles_opened is None or about.needles_out is None:
        return []
    opened, unused = about.needles_opened, about.needles_unused or 0
    used = sum(site.needles or 0 for site in sites)
    if opened - unused == used:
        return []
    message = _(
        "%(opened)s needles opened, %(unused)s of them not used, and %(used)s used at the sites. "
        "Correct the counts, or say why."
    ) % {"opened": opened, "unused": unused, "used": used}
    return [Prompt("opened-not-used", message)]
