"""Enter presses the first submit button of a form: it never signs, leaves, ends or takes back anything."""

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

import pytest

from tests import world

# the suite creates no test database without it
pytestmark = pytest.mark.django_db

# In these a browser submits the form when Enter is pressed.
QUIET = {"hidden", "submit", "button", "reset", "image", "file"}
# What such a button does, in the words of the pages.
ENDS = re.compile(
    r"\b((?<!to )sign(?! in)|co-sign|leave|agree|disagree|void|discard|cancel|did not come|withdraw|refusal"
    r"|refuse|decline|remove|strike|delete|end|lift|resolve|discharge|close|error|take (it|the|back)"
    r"|off the board|answer it|keep this time|open it for|review|hand over|unsigned|hold|paper)\b",
    re.IGNORECASE,
)
SIGNED_OUT = ("account_", "mfa_")


@dataclass
class Form:
    fields: list[str] = field(default_factory=list)
    buttons: list[dict] = field(default_factory=list)

    @property
    def default(self) -> dict | None:
        return self.buttons[0] if self.buttons else None


class Forms(HTMLParser):
    """The forms of a page: fields and submit buttons in tree order, as a browser with scripts has them."""

    def __init__(self, text: str):
        super().__init__()
        self.forms: dict[str, Form] = {}
        self.open, self.button, self.unscripted = None, None, False
        self.feed(text)

    def form_of(self, given: dict) -> Form | None:
        key = given.get("form") or self.open
        return None if key is None else self.forms.setdefault(key, Form())

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        self.unscripted = self.unscripted or tag == "noscript"
        if tag == "form":
            self.open = given.get("id") or f"form at {self.getpos()}"
            self.forms.setdefault(self.open, Form())
        form = self.form_of(given)
        if form is None or self.unscripted:
            return
        if tag == "select" or (tag == "input" and given.get("type", "text") not in QUIET):
            form.fields.append(given.get("name") or "?")
        if tag == "button" and given.get("type", "submit") == "submit":
            self.button = {**given, "words": ""}
            form.buttons.append(self.button)

    def handle_data(self, data):
        if self.button is not None:
            self.button["words"] += data

    def handle_endtag(self, tag):
        if tag == "noscript":
            self.unscripted = False
        elif tag == "form":
            self.open = None
        elif tag == "button":
            self.button = None


def ends(button: dict) -> bool:
    return "disabled" not in button and bool(ENDS.search(button["words"]))


def faults_of(text: str) -> list[str]:
    forms = Forms(text).forms.values()
    return [
        " ".join(form.default["words"].split())
        for form in forms
        if form.fields and form.buttons and ends(form.default)
    ]


@pytest.fixture(scope="module")
def pages(practice) -> dict[str, str]:
    return {
        " ".join((address.name, state, role)): response.content.decode()
        for role, address, state, response in world.walk(practice)
        if "<form" in response.content[:400_000].decode()
    }


@pytest.mark.one_engine
def test_enter_never_signs_leaves_ends_or_takes_back(pages):
    faults = {key: faults for key, text in pages.items() if (faults := faults_of(text))}
    assert faults == {}


@pytest.mark.one_engine
def test_the_walk_sees_the_forms_that_could(pages):
    """Each of these has such a button; were its page missing, the test above would say nothing."""
    seen = {key.split()[0] for key, text in pages.items() for form in Forms(text).forms.values()
            if form.fields and any(ends(button) for button in form.buttons)}  # fmt: skip
    expected = {
        "treatments:session", "treatments:session-sign", "patients:visit-edit",
        "patients:screening-hand-over", "patients:restriction-lift", "treatments:followup-close",
    }  # fmt: skip
    assert expected - seen == set()


@pytest.mark.parametrize(
    ("page", "faults"),
    [
        ("<form><input name=a><button>Void it</button></form>", ["Void it"]),
        ("<form><input type=radio name=a><button>I agree</button></form>", ["I agree"]),
        ("<form id=f><input name=a></form><button form=f>Save and <b>close</b></button>", ["Save and close"]),
        ("<form><button hidden></button><input name=a><button>Void it</button></form>", []),
        ("<form><button disabled hidden></button><input name=a><button>Sign note</button></form>", []),
        ("<form><textarea name=a></textarea><button>Void it</button></form>", []),
        ("<form><input name=a><button>Save</button><button>Void it</button></form>", []),
        ("<form><input name=a><button type=button>Void it</button><button>Save</button></form>", []),
        ("<form id=f><input name=a></form><noscript><button form=f>Save</button></noscript>"
         "<button form=f>Cancel</button>", ["Cancel"]),
        ("<form><input name=a><button>Sign in</button></form>", []),
    ],
)  # fmt: skip
def test_the_default_button_is_the_first_that_submits(page, faults):
    assert faults_of(page) == faults
