"""Every template compiles, has valid URLs, and contains no inline style or script."""

import ast
import re
from pathlib import Path

import pytest
from django.template import engines
from django.urls import NoReverseMatch, URLPattern, get_resolver, reverse

from clinic.web import page_frame

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "templates"
FLOORS = ("clinic", "patients", "treatments")
PATHS = sorted(FOLDER.rglob("*.html"))
# Templates that override those of a library; their first line is the library's.
LIBRARY = ("allauth/", "bootstrap5/", "admin/")
COMMENT = re.compile(r"\{#.*?#\}|\{% comment %\}.*?\{% endcomment %\}", re.S)
FORM = re.compile(r"<form\b(?P<opening>(?:[^>{]|\{[^}]*\}+)*)>(?P<inside>.*?)</form>", re.S)
URL_TAG = re.compile(r"\{% url '(?P<name>[^']+)'|\{% url \"(?P<other>[^\"]+)\"")
SIGNS_OUT = "signs the sender out: there is no second time"
TABLET = "the tablet's one form, which ends or moves on with the hand-over"
JOURNAL = "each change carries its client's id and number"
# POST forms without a form key, {template: (count, why posting twice does no harm)}.
WITHOUT_A_KEY = {
    "treatments/aftercare.html": (1, "what was handed over is on record once"),
    "treatments/_begun.html": (1, "what was put away is not there a second time"),
    "components/_csv.html": (1, "a file, put on record each time"),
    "treatments/practice_export.html": (1, "a file, put on record each time"),
    "components/_topbar.html": (1, "search"),
    "components/_own_menu.html": (4, "the theme, locking, and leaving, twice as once"),
    "components/_send_again.html": (1, "carries the key of the form it repeats"),
    "account/login.html": (1, "the sign-in"),
    "account/logout.html": (1, "the sign-out"),
    "account/_passkey.html": (1, "the answer to a question that is good once"),
    "mfa/authenticate.html": (1, "a code works once"),
    "mfa/recovery_codes/generate.html": (1, "new codes twice are new codes"),
    "mfa/totp/activate_form.html": (1, "there is one app; a second time leads to it"),
    "mfa/totp/deactivate_form.html": (1, "removing what is removed changes nothing"),
    "mfa/webauthn/add_form.html": (1, "the answer to a question that is good once"),
    "mfa/webauthn/authenticator_confirm_delete.html": (1, "removing what is removed changes nothing"),
    "mfa/webauthn/edit_form.html": (1, "the same name twice is the same name"),
    "components/_lock.html": (1, "unlocking what is open changes nothing"),
    "account/password_change.html": (1, "the password's own form"),
    "account/reauthenticate.html": (1, "the proof that it is still the same person"),
    "clinic/gallery.html": (1, "shows parts, sends nothing"),
    "patients/find.html": (2, "search, and a new patient's form filled with what was typed"),
    "account/first_start.html": (1, "a link is good once"),
    "treatments/adverse_events.html": (1, "a copy, on record each time"),
    "treatments/report.html": (1, "a copy, on record each time"),
    "treatments/report_lot.html": (1, "searches"),
    "patients/register.html": (1, "asks who may be the same person; its own form has a key"),
    "patients/_alerts_section.html": (1, "ending what has ended changes nothing"),
    "patients/_people.html": (1, "ending what has ended changes nothing"),
    "patients/consent_start.html": (1, SIGNS_OUT),
    "patients/screening_hand_over.html": (1, SIGNS_OUT),
    "treatments/audit.html": (3, "search, its next page, and a copy, each on record each time"),
    "treatments/_asked.html": (1, SIGNS_OUT),
    "patients/visit_start.html": (1, "checking in who is checked in is told so"),
    "patients/handover_back.html": (1, TABLET),
    "patients/handover_check.html": (1, TABLET),
    "patients/handover_decline.html": (1, TABLET),
    "patients/handover_questions.html": (1, TABLET),
    "patients/handover_read.html": (1, TABLET),
    "patients/handover_return.html": (1, TABLET),
    "patients/handover_sign.html": (1, TABLET),
    "treatments/_call_form.html": (1, "taking a call over, which twice is the same"),
    "treatments/_call_verb.html": (1, "taking a call, which twice is the same"),
    "treatments/_measurements.html": (1, "removing what is removed changes nothing"),
    "treatments/_site_which.html": (1, "the same answer again changes nothing"),
    "treatments/_sites.html": (4, "each names its site and says what shall be so"),
    "treatments/measurement_add.html": (1, JOURNAL),
    "treatments/_site_new.html": (1, "the site brings its own key"),
    "treatments/_line.html": (1, "the line brings its own key"),
    "treatments/session.html": (1, JOURNAL),
    "treatments/_site_edit.html": (1, JOURNAL),
}


def name_of(path: Path) -> str:
    return path.relative_to(FOLDER).as_posix()


def text_of(path: Path) -> str:
    return COMMENT.sub("", path.read_text(encoding="utf-8"))


def markup_of(path: Path) -> str:
    """The template's HTML without template tags."""
    return re.sub(r"\{[%{].*?[%}]\}", "", text_of(path), flags=re.S)


def where(find, paths=PATHS) -> dict:
    """{template: faults found by `find(path)`}, for templates with faults."""
    found = {name_of(path): find(path) for path in paths}
    return {name: wrong for name, wrong in found.items() if wrong}


@pytest.mark.parametrize("path", PATHS, ids=name_of)
def test_a_template_compiles(path):
    assert engines["django"].get_template(name_of(path)).template.nodelist


INLINE = {
    "a style attribute": re.compile(r"<[^>]*\sstyle\s*=", re.I),
    "a style element": re.compile(r"<style\b", re.I),
    "a handler": re.compile(r"<[a-z][^>]*\son[a-z]+\s*=", re.I),
    "a script of its own": re.compile(r"<script\b(?![^>]*\bsrc=)", re.I),
    "a script address": re.compile(r"(href|src|action)\s*=\s*[\"']?\s*javascript:", re.I),
    "a tooltip": re.compile(r"<(?!iframe|link|abbr)[a-z]+\b[^>]*\stitle\s*=", re.I),
    "another host": re.compile(r"(src|href|action)\s*=\s*[\"']?(https?:)?//", re.I),
    "htmx code": re.compile(r"\shx-on\b|\shx-vals\s*=\s*[\"']js:", re.I),
}


def inline_in(text: str) -> set[str]:
    return {what for what, pattern in INLINE.items() if pattern.search(text)}


def test_nothing_inline_and_nothing_from_elsewhere():
    assert where(lambda path: inline_in(markup_of(path))) == {}


def test_inline_things_would_be_seen():
    wrong = (
        '<p style="x"><style></style><b onclick="x"><script>x</script><a href="javascript:x">'
        '<span title="x"><img src="//x"><div hx-on:click="x">'
    )

    assert inline_in(wrong) == INLINE.keys()


def names_in_urlconf() -> set[str]:
    def walk(resolver, prefix=""):
        for entry in resolver.url_patterns:
            if isinstance(entry, URLPattern):
                yield f"{prefix}{entry.name}"
            else:
                yield from walk(entry, f"{prefix}{entry.namespace}:" if entry.namespace else prefix)

    return set(walk(get_resolver()))


def names_in_template(path: Path) -> set[str]:
    return {match["name"] or match["other"] for match in URL_TAG.finditer(text_of(path))}


# URLs that are resolved "as" a variable, because the library's page may not be installed.
OFFERED_WHERE_INSTALLED = {"mfa_index"}


def test_a_link_leads_to_an_address_that_exists():
    there = names_in_urlconf() | OFFERED_WHERE_INSTALLED

    assert where(lambda path: names_in_template(path) - there) == {}


def names_in_source(path: Path) -> set[str]:
    """URL names passed to reverse(…), redirect(…) and resolve_url(…) as strings."""
    calls = [n for n in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(n, ast.Call)]
    found = set()
    for call in calls:
        verb = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
        if verb in {"reverse", "reverse_lazy", "redirect", "resolve_url"} and call.args:
            first = call.args[0]
            if isinstance(first, ast.Constant) and ":" in str(first.value):
                found.add(first.value)
    return found


@pytest.mark.parametrize("floor", FLOORS)
def test_a_redirect_leads_to_an_address_that_exists(floor):
    names = set().union(*(names_in_source(path) for path in (ROOT / floor).rglob("*.py")))

    assert names - names_in_urlconf() == set()


def test_the_navigation_leads_somewhere():
    assert page_frame.NAVIGATION
    for item in page_frame.NAVIGATION:
        assert reverse(item.url_name).startswith("/")
    with pytest.raises(NoReverseMatch):
        reverse("treatments:nowhere")


def forms_in(path: Path) -> list[tuple[str, str]]:
    return [(match["opening"], match["inside"]) for match in FORM.finditer(text_of(path))]


def posts(opening: str) -> bool:
    return re.search(r'method="post"', opening, re.I) is not None


def unsafe(path: Path) -> list[str]:
    """Forms without a method, or that post without a CSRF token."""
    token = re.compile(r'\{% csrf_token %\}|name="csrfmiddlewaretoken" value="\{\{ csrf_token \}\}"')
    return [
        opening
        for opening, inside in forms_in(path)
        if (posts(opening) and not token.search(inside))
        or (not posts(opening) and not re.search(r'method="(get|dialog)"', opening))
    ]


def test_a_form_that_posts_carries_its_token():
    # the library's form includes its token in the slot
    ours = [path for path in PATHS if name_of(path) != "allauth/elements/form.html"]

    assert where(unsafe, ours) == {}


def without_a_key(path: Path) -> int:
    return sum(posts(opening) and 'name="form_key"' not in inside for opening, inside in forms_in(path))


def test_a_form_that_writes_arrives_once():
    assert where(without_a_key) == {name: count for name, (count, _) in WITHOUT_A_KEY.items()}


def first_line(path: Path) -> str:
    return path.read_text(encoding="utf-8").splitlines()[0]


def ours(path: Path) -> bool:
    return not name_of(path).startswith(LIBRARY)


def test_a_part_says_first_what_it_needs():
    parts = [path for path in PATHS if path.name.startswith("_") and ours(path)]

    assert parts
    assert [name_of(path) for path in parts if not re.match(r"\{# .{10,} #\}", first_line(path))] == []


def test_a_page_extends_first_or_is_a_base():
    pages = [path for path in PATHS if not path.name.startswith(("_", "base")) and ours(path)]
    tags = {name_of(path): re.search(r"\{% (\w+)", text_of(path)) for path in pages}

    assert {name for name, tag in tags.items() if tag is None or tag[1] != "extends"} == set()


def test_a_template_is_read_on_few_screens():
    lines = {name_of(path): path.read_text(encoding="utf-8").count("\n") for path in PATHS}

    assert {name: count for name, count in lines.items() if count > 150} == {}


# The template formatter does not limit the line length, so it is tested here.
LINE = 120


def long_lines(path: Path) -> dict[int, int]:
    """{line number: length} of the lines that are too long."""
    lines = enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
    return {number: len(line) for number, line in lines if len(line) > LINE}


def test_a_line_of_a_template_fits_a_screen():
    texts = sorted(FOLDER.rglob("*.txt"))

    assert len(texts) >= 6
    assert where(long_lines, [*PATHS, *texts]) == {}


def test_a_long_line_would_be_seen(tmp_path):
    path = tmp_path / "long.html"
    path.write_text(f"{'x' * LINE}\n{'ü' * LINE}\n{'x' * (LINE + 1)}\n", encoding="utf-8")

    assert long_lines(path) == {3: LINE + 1}


def names_in_messages(source: str) -> list[str]:
    """Calls of django.contrib.messages that put a patient's name into a plain sentence."""
    return re.findall(r"messages\.\w+\((?:[^()]|\([^()]*\))*?\{[^}]*(?:listed|spoken)_name[^}]*\}", source)


@pytest.mark.parametrize("floor", ["patients", "treatments"])
def test_a_message_about_a_patient_can_be_hidden(floor):
    texts = {str(path): path.read_text(encoding="utf-8") for path in (ROOT / floor).rglob("*.py")}
    found = {path: names_in_messages(text) for path, text in texts.items()}

    assert names_in_messages('messages.success(request, f"Seen: {a.listed_name}.")')
    assert {path: names for path, names in found.items() if names} == {}
