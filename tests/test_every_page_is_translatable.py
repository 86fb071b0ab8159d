"""In a language of brackets every word of every page stands in brackets, but for what the database says."""

import json
import re
from collections import defaultdict
from collections.abc import Iterator

import pytest
from django.apps import apps
from django.contrib.auth import get_user_model
from django.db import models
from django.test import Client
from django.urls import reverse

from tests import pseudo_locale, world
from tests.test_every_text_is_translatable import Texts
from treatments.models import NeedlingSession
from treatments.rules.session import sentences
from treatments.selectors.signing import reading
from treatments.selectors.signing import seal as seal_selectors

pytestmark = pytest.mark.django_db

ROLES = ("author", "desk", "lead", "admin")
DOORS = ("account_login", "account_logout", "account_reauthenticate", "account_change_password", "mfa_index")
# Units, codes and marks, which are written so in every language.
UNITS = r"mm|cm|min|h|ms|Hz|mA|NRS|CPT|ICD|CM|NPI|CSV|IP|UTC|Filiform|x"
SAID_AS_IT_IS = re.compile(rf"\b(?:{UNITS}|[A-Z0-9][A-Z0-9.×-]*|\d\w*|[A-Za-z])\b")
WORD = re.compile(r"[^\W\d_]{2,}")


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


def values_of_the_database() -> set[str]:
    """Every text that a row of the practice holds, whole and line by line."""
    texts = (models.CharField, models.TextField, models.JSONField)
    found = set()
    for model in apps.get_models():
        names = [field.name for field in model._meta.concrete_fields if isinstance(field, texts)]
        for row in model._base_manager.values_list(*names) if names else ():
            found.update(strings_in(list(row)))
    for row in reading.with_note_rows(NeedlingSession.objects):
        # what is signed is said in the same words in every language
        found.update(sentences.session_sentences(row, seal_selectors.parts_of(row)))
    for user in get_user_model().objects.all():
        found.update({user.get_full_name(), user.display_name, user.short_name})
    return {" ".join(text.split()) for text in found if len(text) > 1}


def remaining(html: str, values: set[str]) -> list[str]:
    """The texts of a page that neither went through gettext nor are values."""
    said = (" ".join(text.split()) for text in Texts(pseudo_locale.without_translated(html)).found)
    return sorted({text for text in said if not is_value(text, values)})


def is_value(text: str, values: set[str]) -> bool:
    bare = text.strip(" ·,.:;()-–")
    if bare in values or any(bare in value for value in values if len(value) > 80):
        return True
    parts = re.split(r"[·,;:()“”]|\s[–-]\s|\.\s|\.$", text)
    rest = " ".join(part for part in parts if part.strip() not in values)
    for value in sorted(values & set(_runs(rest)), key=len, reverse=True):
        rest = rest.replace(value, " ")
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
    pages = defaultdict(set)
    values = values_of_the_database()
    with pseudo_locale.active():
        for _, address, _, response in world.walk(practice, roles=ROLES):
            if response.get("Content-Type", "").startswith("text/html"):
                pages[address.name].update(remaining(response.content.decode(), values))
        for name in DOORS:
            response = Client().get(reverse(name), follow=True)
            pages[name].update(remaining(response.content.decode(), values))
    return {name: texts for name, texts in pages.items() if texts}


def test_every_page_says_everything_in_the_practices_language(found):
    listed = "\n".join(f"{name}: {text}" for name, texts in sorted(found.items()) for text in sorted(texts))

    assert not found, f"Not through gettext:\n{listed}"


def test_what_is_not_translated_is_seen():
    page = "<p>⟦Saved <a>now</a>⟧ Ada Examplewood · 12 mm <b title='Close'>Open the note</b></p>"

    assert remaining(page, {"Ada Examplewood"}) == ["Close", "Open the note"]
