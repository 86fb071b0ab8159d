"""What loading a set of diagnosis codes brought, line by line for whoever loads it."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from clinic import formats
from clinic.models import CodeSet
from patients.rules.conditions.families_compared import Comparison

KINDS = {
    "lost": gettext_lazy("%(family)s: lost %(codes)s"),
    "changed": gettext_lazy("%(family)s: changed %(codes)s"),
    "gained": gettext_lazy("%(family)s: gained %(codes)s"),
}


@dataclass(frozen=True)
class Loaded:
    """What an order file brought. `drafts` counts the unsigned notes that use its codes from now on."""

    edition: CodeSet
    codes: int
    families: int
    comparisons: list[Comparison]
    drafts: int


def lines(loaded: Loaded) -> list[str]:
    edition, touched = loaded.edition, loaded.comparisons
    loaded_words = _("Loaded %(release)s: %(codes)s codes, in force %(first)s to %(last)s.") % {
        "release": edition.release,
        "codes": formats.whole(loaded.codes),
        "first": formats.day(edition.valid_from),
        "last": formats.day(edition.valid_to),
    }
    families_words = _(
        "Of %(families)s families %(same)s are as they were, %(lost)s lost codes, %(changed)s have changed"
        " codes, %(gained)s have new codes beside theirs."
    ) % {
        "families": loaded.families,
        "same": loaded.families - len(touched),
        **{name: sum(bool(getattr(comparison, name)) for comparison in touched) for name in KINDS},
    }
    drafts_words = ngettext(
        "%(count)d unsigned note uses it.", "%(count)d unsigned notes use it.", loaded.drafts
    ) % {"count": loaded.drafts}
    family_lines = [line for comparison in touched for line in _of_family(comparison)]
    return [loaded_words, families_words, *family_lines, drafts_words]


def _of_family(comparison: Comparison) -> list[str]:
    family = f"  {comparison.family.condition.patient_term}, {comparison.family.label}"
    return [
        message % {"family": family, "codes": ", ".join(codes)}
        for name, message in KINDS.items()
        if (codes := getattr(comparison, name))
    ]
