"""The groups of the administration, and which tables stand in which."""

from collections.abc import Iterable
from enum import Enum

from django.urls import reverse


class Section(Enum):
    """A group: the name on the page, the part of its address, and what it is for."""

    PEOPLE = ("People", "people", "Who works here, what each may do, and their licenses and courses.")
    CLINIC = ("Clinic", "clinic", "The practice, its places and rooms.")
    WORDING = ("Wording", "wording", "What patients read, and what they are asked.")
    LIMITS = ("Limits", "limits", "Depths, months, minutes and the rules of the state.")
    READ_ONLY = (
        "Read-only",
        "read-only",
        "To look something up. Each look is on record.",
    )

    def __init__(self, title: str, label: str, words: str):
        self.title, self.label, self.words = title, label, words

    @property
    def crumb(self) -> dict[str, str]:
        return {"name": self.title, "label": self.label}


# Pages beside the tables: (section, name, URL name, arguments, part of the page, what it is for).
PAGES = [
    (Section.PEOPLE, "Roles and permissions", "who-may-what", (), "", "The roles, and what each may do."),
    (
        Section.LIMITS,
        "Months, hours and minutes",
        "admin:clinic_practice_change",
        (1,),
        "#fieldset-0-2-heading",
        "How long answers and consent last, when to call, when a page locks.",
    ),
]


def grouped(tables: Iterable[tuple]) -> list[dict]:
    """The groups as Django's pages take them, of pairs: a table's admin, what Django says of the table."""
    found = {section: [] for section in Section}
    for table, shown in tables:
        address = table.page_in_menu() or shown["admin_url"]
        row = {**shown, "name": table.menu_name, "words": table.menu_words}
        found[table.section].append({**row, "admin_url": address, "page_url": address})
    for section, name, url_name, args, part, words in PAGES:
        address = reverse(url_name, args=args)
        # a part of a page is not the page that one is on
        page_url = f"{address}{part}"
        found[section].append({"name": name, "words": words, "admin_url": page_url, "page_url": page_url})
    return [
        {"name": section.title, "app_label": section.label, "words": section.words, "models": rows}
        for section, rows in found.items()
    ]
