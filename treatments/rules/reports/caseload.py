"""What each therapist has in hand: open episodes of care, drafts, follow-ups due, visits of the week."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clinic import formats
from clinic.rules.charts import axes, bars
from clinic.rules.charts.bars import Category
from clinic.rules.charts.chart import Chart, Table, row_of

# In the order of the counts.
COUNTED = (
    gettext_lazy("Open episodes of care"),
    gettext_lazy("Drafts"),
    gettext_lazy("Follow-ups due"),
    gettext_lazy("Visits this week"),
)


@dataclass(frozen=True)
class Caseload:
    """The counts of one therapist, in the order of `COUNTED`; without a name, of nobody yet."""

    therapist: str
    counts: tuple[int, ...]

    @property
    def whose(self) -> str:
        return self.therapist or _("No therapist yet")


@dataclass(frozen=True)
class CaseloadPicture:
    title: str
    chart: Chart


def table(people: Sequence[Caseload]) -> Table:
    """All counts, and their sums as the last row."""
    rows = [row_of(one.whose, *map(formats.whole, one.counts)) for one in people]
    sums = [sum(one.counts[place] for one in people) for place in range(len(COUNTED))]
    head = (_("Therapist"), *map(str, COUNTED))
    return Table(head, (*rows, row_of(_("All"), *map(formats.whole, sums))))


def file_table(people: Sequence[Caseload]) -> tuple[tuple, list[list]]:
    """The counts alone: a spreadsheet makes sums itself."""
    return (_("Therapist"), *COUNTED), [[one.whose, *one.counts] for one in people]


def pictures(people: Sequence[Caseload]) -> list[CaseloadPicture]:
    """One for each count: they have nothing in common that one scale could show."""
    return [CaseloadPicture(str(title), _chart(people, place)) for place, title in enumerate(COUNTED)]


def _chart(people: Sequence[Caseload], place: int) -> Chart:
    counts = [one.counts[place] for one in people]
    categories = [Category(one.whose, (number,)) for one, number in zip(people, counts, strict=True)]
    scale = axes.around(counts)
    return bars.lying(_sentence(people, place), categories, None, scale=scale, first_column=place + 1)


def _sentence(people: Sequence[Caseload], place: int) -> str:
    total = sum(one.counts[place] for one in people)
    said = {"what": COUNTED[place], "total": formats.whole(total)}
    if not total:
        return _("%(what)s: none") % said
    most = max(people, key=lambda one: one.counts[place])
    number = formats.whole(most.counts[place])
    return _("%(what)s: %(total)s, most with %(who)s (%(number)s)") % {
        **said,
        "who": most.whose,
        "number": number,
    }
