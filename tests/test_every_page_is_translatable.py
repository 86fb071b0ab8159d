"""In a language of brackets every word of every page stands in brackets, but for what the database says.

The pages of the staff, of their own account, of errors, and those in a patient's hands.
"""

import json
import re
import zlib
from collections import defaultdict
from collections.abc import Iterator

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import models
from django.template.loader import render_to_string
from django.test import Client
from django.urls import reverse

from clinic import formats
from clinic.audit import wording
from patients.models import BroughtFile
from tests import pseudo_locale, tablet_pages, world
from tests.test_every_text_is_translatable import TEMPLATES, Texts
from treatments.models import Muscle, NeedlingSession
from treatments.rules.session import sentences
from treatments.selectors.signing import reading
from treatments.selectors.signing import seal as seal_selectors

pytestmark = [pytest.mark.django_db, pytest.mark.one_engine]

ROLES = ("author", "desk", "lead", "admin")
OWN_PAGES = ("account_logout", "account_reauthenticate", "account_change_password", "mfa_index", "help")
ERRORS = [path.name for path in TEMPLATES if re.fullmatch(r"[45]\d\d\w*\.html", path.name)]
# Units, codes and marks, which are written so in every language.
UNITS = r"mm|cm|min|h|ms|Hz|mA|NRS|CPT|ICD|CM|NPI|CSV|IP|UTC|Filiform|x"
SAID_AS_IT_IS = re.compile(rf"\b(?:{UNITS}|[A-Z0-9][A-Z0-9.×-]*|\d\w*|[A-Za-z])\b")
WORD = re.compile(r"[^\W\d_]{2,}")
# What may stand at the ends of a value on a page.
MARKS = " ·,.:;()-–“”"


def strings_in(value) -> Iterator[str]:
    if isinstance(value, str):
        yield value
        yield from value.splitlines()
        if value[:1] in "{[":
            try:
                yield from strings_in(json.loads(value))
            except ValueError:
                return
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from strings_in(key)
            yield from strings_in(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from strings_in(inner)


def values() -> set[str]:
    """Every text that is the same in every language: whole, by its lines, without the marks at its ends."""
    found = {
        *texts_of_the_database(), *signed_sentences(), *lowered_names(), *hazard_sources(), *brought_cells(),
    }  # fmt: skip
    # the codes of the audit stand beside their sentences, for whoever searches the log by them
    found.update(wording.SENTENCES)
    # how a day is typed is said by the file of the country, clinic/formats/en_US/formats.py
    found.add(formats.of_country("ORDER_WORDS"))
    found |= {settings.DEFAULT_FROM_EMAIL, f"{settings.EMAIL_HOST}:{settings.EMAIL_PORT}"}
    # a choice has a label, which is what a page says
    even = {" ".join(text.split()) for text in found} - codes_of_choices()
    return {text for text in even | {text.strip(MARKS) for text in even} if len(text) > 1}


def texts_of_the_database() -> Iterator[str]:
    texts = (models.CharField, models.TextField, models.JSONField)
    for model in apps.get_models():
        names = [field.name for field in model._meta.concrete_fields if isinstance(field, texts)]
        for row in model._base_manager.values_list(*names) if names else ():
            yield from strings_in(list(row))
    for user in get_user_model().objects.all():
        yield from (user.get_full_name(), user.display_name, user.short_name)
        # one name of the test practice is the code of a choice too
        yield f"{user.display_name} ({user.username})"


def codes_of_choices() -> set[str]:
    fields = [field for model in apps.get_models() for field in model._meta.concrete_fields if field.choices]
    return {str(code) for field in fields for code, _label in field.flatchoices}


def signed_sentences() -> Iterator[str]:
    """What is signed is said in the same words in every language."""
    for row in reading.with_note_rows(NeedlingSession.objects):
        yield from sentences.session_sentences(row, seal_selectors.parts_of(row))


def lowered_names() -> Iterator[str]:
    """A muscle is named within a sentence: “Infraspinatus R 2, infraspinatus L 2”."""
    for name in Muscle.objects.values_list("name", flat=True):
        yield name[0].lower() + name[1:]


def hazard_sources() -> Iterator[str]:
    """The column holds “lung: source”; the page words the hazard."""
    for entries in Muscle.objects.values_list("hazard_sources", flat=True):
        yield from (entry.partition(": ")[2] for entry in entries)


def brought_cells() -> Iterator[str]:
    """What stands in a file of another system that waits to be brought in."""
    for content in BroughtFile.objects.values_list("content", flat=True):
        yield from re.split(r"[,\n]", zlib.decompress(bytes(content)).decode())


def remaining(html: str, values: set[str]) -> list[str]:
    """The texts of a page that neither went through gettext nor are values."""
    said = (" ".join(text.split()) for text in Texts(pseudo_locale.without_translated(html)).found)
    return sorted({text for text in said if not is_value(text, values)})


def is_value(text: str, values: set[str]) -> bool:
    """Fields of a line stand between dots, and a value may hold any other mark."""
    return all(_is_known(field, values) for field in text.split(" · "))


def _is_known(text: str, values: set[str]) -> bool:
    bare = text.strip(MARKS)
    if bare in values:
        return True
    parts = re.split(r"[·,;:()“”]|\s[–-]\s|\.\s|\.$", text)
    rest = " ".join(part for part in parts if part.strip() not in values)
    for value in sorted(values & set(_runs(rest)), key=len, reverse=True):
        rest = re.sub(rf"(?<!\w){re.escape(value)}(?!\w)", " ", rest)
    return not WORD.search(SAID_AS_IT_IS.sub(" ", rest))


def _runs(text: str) -> Iterator[str]:
    """Every run of up to six words."""
    words = text.split()
    for start in range(len(words)):
        for end in range(start + 1, min(start + 7, len(words) + 1)):
            yield " ".join(words[start:end])


@pytest.fixture
def found(practice) -> dict[str, set[str]]:
    """{page: texts} of whatever is left in English."""
    left, known = defaultdict(set), values()
    with pseudo_locale.active():
        for name, html in pages(practice):
            left[name].update(remaining(html, known))
    assert len(left) > 100
    return {name: texts for name, texts in left.items() if texts}


def pages(practice) -> Iterator[tuple[str, str]]:
    for _, address, _, response in world.walk(practice, roles=ROLES):
        if response.get("Content-Type", "").startswith("text/html"):
            yield address.name, response.content.decode()
    yield "account_login", Client().get(reverse("account_login")).content.decode()
    for name in OWN_PAGES:
        yield name, world.client_of(practice, "author").get(reverse(name), follow=True).content.decode()
    yield from pages_of_errors(practice)
    yield from pages_of_the_tablet(practice)


def pages_of_errors(practice) -> Iterator[tuple[str, str]]:
    """Those that keep the navigation, and each one alone."""
    desk = world.client_of(practice, "desk")
    for status, address in ((403, reverse("treatments:audit")), (404, "/nowhere/")):
        answer = desk.get(address)
        assert answer.status_code == status
        yield str(status), answer.content.decode()
    for name in ERRORS:
        yield name, render_to_string(name)


def pages_of_the_tablet(practice) -> Iterator[tuple[str, str]]:
    desk, author = practice.people["desk"], practice.people["author"]
    patient = NeedlingSession.objects.filter(therapist=author).earliest("pk").patient
    yield from tablet_pages.questions(desk, patient, "intake").items()
    yield from tablet_pages.questions(desk, patient, "visit").items()
    yield from tablet_pages.consent(desk, patient, author).items()


def test_every_page_says_everything_in_the_practices_language(found):
    listed = "\n".join(f"{name}: {text}" for name, texts in sorted(found.items()) for text in sorted(texts))

    assert not found, f"Not through gettext:\n{listed}"


def test_what_is_not_translated_is_seen():
    page = "<p>⟦Saved <a>now</a>⟧ Ada Examplewood · 12 mm <b title='Close'>Open the note</b></p>"

    assert remaining(page, {"Ada Examplewood"}) == ["Close", "Open the note"]
