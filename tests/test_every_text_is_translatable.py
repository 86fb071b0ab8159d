"""Every text that people read goes through gettext: in templates, in scripts, on every page that is drawn."""

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from tests import words

ROOT = Path(__file__).resolve().parent.parent
TEMPLATES = sorted(path for path in (ROOT / "templates").rglob("*.*") if path.suffix in {".html", ".txt"})
SCRIPTS = sorted(path for app in words.APPS for path in (ROOT / app / "static").rglob("*.js"))
READ_ALOUD = {
    "aria-label",
    "aria-description",
    "aria-roledescription",
    "placeholder",
    "alt",
    "title",
    "data-l",
}
# What is said in every language as it is. {text: why}
AS_IT_IS = {
    "Filiform": "the product's name",
    "tel:": "an address",
}
# {template or script: why its texts are in English only}
IN_ENGLISH = {
    "clinic/gallery.html": "parts for developers, shown under DEBUG only",
    "clinic/_gallery_body.html": "a part of it",
    "clinic/_gallery_table.html": "a part of it",
}
# Literals of scripts that nobody reads. {script: (the beginning of each, why)}
UNREAD = {
    "birth_date.js": (("January February",), "what is typed, not what is said"),
    "board_news.js": (("The board answered",), "an exception that is caught"),
    "faint.js": (("/begun/?",), "an address"),
    "held_form.js": (("?",), "the end of an address"),
    "passkey.js": (("The options did", "SecurityError", "InvalidStateError"), "exceptions"),
    "review.js": (("Content-Type",), "a header"),
    "shortcuts.js": (("Ctrl", "Cmd", "Alt", "Enter", "Esc"), "what is printed on the keys"),
}
COMMENTS = re.compile(r"\{#.*?#\}|\{% comment %\}.*?\{% endcomment %\}", re.S)
MESSAGES = re.compile(r"\{% blocktranslate\b.*?\{% endblocktranslate %\}", re.S)
TAGS = re.compile(r"\{%.*?%\}|\{\{.*?\}\}", re.S)
LITERAL = re.compile(r"""(?P<marked>_\()?(?P<quote>["'])(?P<text>[^"']*)(?P=quote)""")
SPEAKING_TAGS = ("include", "with", "tag", "state", "then")


class Texts(HTMLParser):
    """The texts of HTML that are read or read aloud."""

    def __init__(self, html: str):
        super().__init__()
        self.found, self.silent = [], ""
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.silent = tag if tag in {"script", "style", "kbd", "code"} else self.silent
        self.found += [value or "" for name, value in attrs if name in READ_ALOUD]
        if tag == "input" and dict(attrs).get("type") in {"submit", "button"}:
            self.found.append(dict(attrs).get("value") or "")

    def handle_endtag(self, tag):
        self.silent = "" if tag == self.silent else self.silent

    def handle_data(self, data):
        if not self.silent:
            self.found.append(data)


def has_words(text: str) -> bool:
    for said in AS_IT_IS:
        text = text.replace(said, "")
    return re.search(r"[^\W\d_]", text) is not None


def untranslated(source: str) -> list[str]:
    """What a template says outside translate and blocktranslate, and the words that it gives to its parts."""
    source = re.sub(r"<(/?)\{\{.*?\}\}", r"<\1div", MESSAGES.sub("", COMMENTS.sub("", source)))
    texts = [" ".join(text.split()) for text in Texts(TAGS.sub("", source)).found if has_words(text)]
    return texts + [
        match["text"]
        for tag in TAGS.findall(source)
        if tag.startswith("{{") or tag[2:].split()[0] in SPEAKING_TAGS
        for match in LITERAL.finditer(tag)
        if not match["marked"] and words.is_said(match["text"]) and match["text"] not in AS_IT_IS
    ]


def test_every_text_of_a_template_is_translated():
    said = {path.relative_to(ROOT / "templates").as_posix(): path for path in TEMPLATES}
    found = {name: untranslated(path.read_text(encoding="utf-8")) for name, path in said.items()}

    assert len(said) >= 290
    assert {name: texts for name, texts in found.items() if texts and name not in IN_ENGLISH} == {}


@pytest.mark.parametrize(
    "source",
    [
        "<p>Save</p>",
        '<p>{% translate "Save" %} now</p>',
        '<nav aria-label="Main">',
        "{% blocktranslate trimmed %}Save{% endblocktranslate %} a",
        '{% include "a.html" with title="Nobody today" only %}',
        '{% tag "stop" "Warning sign" %}',
        '{{ value|default:"Not asked" }}',
        '<input type="submit" value="Search">',
    ],
)
def test_a_text_that_is_not_would_be_seen(source):
    assert untranslated(source)


CALLS = re.compile(r"\bn?gettext\(\s*(\"(?:[^\"\\\n]|\\.)*\"(?:,\s*\"(?:[^\"\\\n]|\\.)*\")?)")
SELECTOR = re.compile(r"\[|^[.#]|^[a-z-]+( [a-z-]+)*$|^(a|details|form|input|li|textarea)\b[ ,.:]")
# As a browser names keys and their codes.
KEY = re.compile("Enter|Escape|Arrow(Up|Down)|Delete|Backspace|Tab|Key[A-Z]")


def unsaid(path: Path) -> list[str]:
    """The literals of a script that read as words and do not go through gettext."""
    text = re.sub(r"/\*.*?\*/|(?<=\s)//.*?$", "", path.read_text(encoding="utf-8"), flags=re.S | re.M)
    text = CALLS.sub("", text)
    while (without := re.sub(r"\$\{[^{}]*\}", "", text)) != text:
        text = without
    literals = re.findall(r"\"((?:[^\"\\\n]|\\.)*)\"|`([^`]*)`", text)
    said = ("".join(literal) for literal in literals)
    beginnings, _ = UNREAD.get(path.name, ((), ""))
    return [
        each
        for each in said
        if words.is_said(each)
        and not SELECTOR.search(each)
        and not KEY.fullmatch(each)
        and not each.startswith(beginnings or "\0")
    ]


def test_every_text_of_a_script_is_translated():
    found = {path.name: unsaid(path) for path in SCRIPTS}

    assert len(found) >= 40
    assert {name: texts for name, texts in found.items() if texts} == {}


def test_a_text_of_a_script_that_is_not_would_be_seen(tmp_path):
    path = tmp_path / "say.js"
    path.write_text(
        'say("No connection.");\nsay(gettext("Saved"));\nsay(`${count} sites kept`);\n', encoding="utf-8"
    )

    assert unsaid(path) == ["No connection.", " sites kept"]
