"""The groups of the administration, and which tables stand in which."""

from collections.abc import Iterable
from enum import Enum

from django.urls import reverse
from django.utils.translation import gettext, gettext_lazy, gettext_noop


class Section(Enum):
    """A group: the name on the page, the part of its address, and what it is for."""

    PEOPLE = (
        gettext_noop("People"),
        "people",
        gettext_noop("Who works here, what each may do, and their licenses and courses."),
    )
    CLINIC = (gettext_noop("Clinic"), "clinic", gettext_noop("The practice, its places and rooms."))
    WORDING = (
        gettext_noop("Wording"),
        "wording",
        gettext_noop("What patients read and are asked, and the list of conditions."),
    )
    LIMITS = (
        gettext_noop("Limits"),
        "limits",
        gettext_noop("Depths, months, minutes and the rules of the state."),
    )
    READ_ONLY = (
        gettext_noop("Read-only"),
        "read-only",
        gettext_noop("To look something up. Each look is on record."),
    )

    def __init__(self, title: str, label: str, words: str):
        self._title, self.label, self._words = title, label, words

    @property
    def title(self) -> str:
        return gettext(self._title)

    @property
    def words(self) -> str:
        return gettext(self._words)

    @property
    def crumb(self) -> dict[str, str]:
        return {"name": self.title, "label": self.label}


# Pages of the floors above, which they put here; each is a tuple as below.
PAGES_ABOVE: list[tuple] = []
# Pages beside the tables: (section, name, URL name, arguments, part of the page, what it is for).
PAGES = [
    (
        Section.PEOPLE,
        gettext_lazy("Roles and permissions"),
        "who-may-what",
        (),
        "",
        gettext_lazy("The roles, and what each may do."),
    ),
    (
        Section.LIMITS,
        gettext_lazy("Months, hours and minutes"),
        "admin:clinic_practice_change",
        (1,),
        "#fieldset-0-2-heading",
        gettext_lazy("How long answers and consent last, when to call, when a page locks."),
    ),
]


def grouped(tables: Iterable[tuple]) -> list[dict]:
    """The groups as Django's pages take them, of pairs: a table's admin, what Django says of the table."""
    found = {section: [] for section in Section}
    for table, shown in tables:
        address = table.page_in_menu() or shown["admin_url"]
        row = {**shown, "name": table.menu_name, "words": table.menu_words}
        found[table.section].append({**row, "admin_url": address, "page_url": address})
    for section, name, url_name, args, part, words in [*PAGES_ABOVE, *PAGES]:
        address = reverse(url_name, args=args)
        # a part of a page is not the page that one is on
        page_url = f"{address}{part}"
        found[section].append({"name": name, "words": words, "admin_url": page_url, "page_url": page_url})
    return [
        {"name": section.title, "app_label": section.label, "words": section.words, "models": rows}
        for section, rows in found.items()
    ]
