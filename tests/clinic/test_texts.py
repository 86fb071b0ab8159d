"""A text is stored as it is seen, and one of invisible characters only is no text, whichever form took it."""

import ast
import pkgutil
import unicodedata
from importlib import import_module
from pathlib import Path

import pytest
from django import forms
from django.conf import settings
from django.contrib import admin
from django.test import RequestFactory
from django.urls import reverse

from clinic.models import Location
from clinic.rules import texts
from clinic.web.text_fields import JsonField, NormalisedText
from patients.models import Patient
from patients.rules.identity import keys
from tests import factories
from treatments.models import NeedlingSession

APPS = ("clinic", "patients", "treatments")
FORMATS = [
    chr(code)
    for code in range(0x110000)
    if unicodedata.category(chr(code)) in ("Cf", "Cs", "Zs", "Zl", "Zp") and chr(code) != " "
]
IGNORABLE = [chr(code) for first, last in texts.IGNORABLE for code in (first, (first + last) // 2, last)]
BLANK = ["\u2800", "\ufffc", "\x01", "\x7f", "\x85", "\x9f", "\ufdd0", "\uffff", "\U0001d159"]
UNSEEN = [
    "\u200b",
    "\u2060",
    "\u00ad",
    "\ufe0f",
    "\U000e0101",
    "\u202e",
    "\u3164",
    "\u115f",
    "\u2800",
    "\ufeff",
]


def id_of(letter: str) -> str:
    return f"U+{ord(letter):04X}"


def test_what_nobody_sees_is_no_text():
    shown = [id_of(letter) for letter in (*FORMATS, *IGNORABLE, *BLANK) if texts.normalised(letter).strip()]

    assert shown == []


def test_the_list_of_what_is_ignored_is_whole():
    """Counted by Unicode itself: 4,174 code points may be ignored by default."""
    assert sum(last - first + 1 for first, last in texts.IGNORABLE) == 4174


@pytest.mark.parametrize("letter", UNSEEN, ids=id_of)
@pytest.mark.parametrize("around", ["{0}", " {0} ", "{0}{0}\n{0}", "\u200d{0}\u200c"])
def test_any_number_of_them_is_no_text(letter, around):
    assert texts.normalised(around.format(letter)) == ""


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("plain, with a tab\tand\r\ntwo lines", "plain, with a tab\tand\r\ntwo lines"),
        ("nee\u200bdle\u00add", "needled"),
        ("Jose\u0301", "Jos\u00e9"),
        ("tip\u202egnirts", "tipgnirts"),
        ("\u2066left\u2069 knee", "left knee"),
        ("ab\u200cc", "abc"),
        ("a\u00a0b\u3000c", "a b c"),
        ("one\u2028two", "one\ntwo"),
        ("NUL\x00", "NUL\x00"),
        ("bell\x07", "bell"),
        ("\ud83d", ""),
    ],
)
def test_a_text_is_stored_as_it_is_seen(typed, stored):
    assert texts.normalised(typed) == stored


@pytest.mark.parametrize(
    "written",
    [
        "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645",  # Persian, a word with a non-joiner
        "\u0915\u094d\u200d\u0937",  # Devanagari, a half letter
        "\U0001f469\u200d\u2695\ufe0f",  # an emoji of two
        "\u845b\U000e0100",  # a family name with its own variant
        "\u1820\u180b",  # Mongolian, another form of a letter
        "\u0601\u0661\u0662",  # Arabic, a sign around a number
    ],
)
def test_what_a_script_is_written_with_stays(written):
    assert texts.normalised(written) == unicodedata.normalize("NFC", written)
    assert texts.normalised(texts.normalised(written)) == texts.normalised(written)


@pytest.mark.parametrize("letter", [*UNSEEN, "\u200c", "\u200d", "\uffa0"], ids=id_of)
def test_a_name_is_found_whatever_hides_in_it(letter):
    hidden = keys.Identity(f"Ex{letter}ample", f"A{letter}da")

    if letter == "\u2800":
        assert keys.words_of(letter) == []
    else:
        assert keys.keys_for(hidden).rows == keys.keys_for(keys.Identity("Example", "Ada")).rows


def form_classes() -> set[type[forms.BaseForm]]:
    for name in APPS:
        package = import_module(name)
        for module in pkgutil.walk_packages(package.__path__, f"{name}."):
            if ".migrations" not in module.name and not module.name.endswith((".wsgi", ".settings")):
                import_module(module.name)

    def below(parent):
        for child in parent.__subclasses__():
            yield child
            yield from below(child)

    return {form for form in below(forms.BaseForm) if form.__module__.startswith(APPS)}


def is_free_text(field: forms.Field) -> bool:
    """Text that people write and read; not passwords, ASCII names, and what the page's own script sends."""
    if not isinstance(field, forms.CharField) or isinstance(field, forms.UUIDField | forms.SlugField):
        return False
    return not isinstance(field.widget, forms.PasswordInput | forms.HiddenInput)


def is_normalised(field: forms.Field) -> bool:
    return isinstance(field, NormalisedText | JsonField)


# Compared with what is stored, and never stored.
COMPARED = {"login", "code"}


def test_every_form_of_the_product_reads_text_normalised():
    classes = form_classes()
    bare = {
        f"{form.__name__}.{name}"
        for form in classes
        if not issubclass(form, forms.ModelForm)  # of the administration, which the next test but one walks
        for name, field in getattr(form, "base_fields", {}).items()
        if is_free_text(field) and not is_normalised(field) and name not in COMPARED
    }

    assert len(classes) > 40
    assert bare == set()


def test_no_form_makes_a_text_field_of_its_own():
    """Those that are made where the form is, too: `self.fields[...] = forms.CharField(...)`."""
    found = []
    for path in (path for app in APPS for path in (settings.BASE_DIR / app).rglob("*.py")):
        if path.name != "text_fields.py":
            found += [f"{path}:{line}" for line in bare_fields(path)]

    assert found == []


def bare_fields(path: Path) -> list[int]:
    plain = ("CharField", "EmailField", "URLField", "RegexField", "JSONField")
    return [
        call.lineno
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(call, ast.Call)
        and ast.unparse(call.func) in [f"forms.{name}" for name in plain]
        and not any(widget in ast.unparse(call) for widget in ("HiddenInput", "PasswordInput"))
    ]


@pytest.mark.django_db
def test_every_form_of_the_administration_reads_text_normalised(admin_request):
    bare, seen = set(), 0
    for model, page in admin.site._registry.items():
        inlines = [
            inline.get_formset(admin_request).form for inline in page.get_inline_instances(admin_request)
        ]
        for form in (page.get_form(admin_request), *inlines):
            for name, field in form.base_fields.items():
                seen += is_free_text(field)
                if is_free_text(field) and not is_normalised(field):
                    bare.add(f"{model.__name__} {form.__name__}.{name}")

    assert seen > 15
    assert bare == set()


@pytest.fixture
def admin_request(admin):
    request = RequestFactory().get("/admin/")
    request.user = admin
    return request


@pytest.mark.django_db
@pytest.mark.parametrize("letter", UNSEEN, ids=id_of)
def test_a_reason_of_nothing_is_refused(letter, ada, signed_in, reception, therapist):
    visit = factories.visit(ada, therapist)
    typed = {"verb": "cancel", "reason": letter * 3}

    answer = signed_in(reception).post(reverse("patients:visit-step", args=[visit.ref]), typed)

    visit.refresh_from_db()
    assert visit.cancelled_at is None
    assert answer.status_code == 422


@pytest.mark.django_db
def test_a_name_of_nothing_is_no_name(signed_in, reception):
    typed = {"family_name": "\u3164", "given_name": "\u200b\u2800", "born": "5/3/1984"}

    answer = signed_in(reception).post(reverse("patients:register"), typed)

    assert (answer.status_code, Patient.objects.count()) == (422, 0)


@pytest.mark.django_db
def test_a_name_is_stored_as_it_is_seen(signed_in, reception):
    typed = {"family_name": "Exam\u00adple\u202e", "given_name": "Jose\u0301", "born": "5/3/1984"}

    signed_in(reception).post(reverse("patients:register"), typed)

    assert Patient.objects.values_list("family_name", "given_name").get() == ("Example", "Jos\u00e9")


@pytest.mark.django_db
def test_a_field_that_is_sent_alone_is_stored_as_it_is_seen(signed_in, draft):
    client = signed_in(draft.therapist)
    stamp = {"client_id": "0" * 31 + "1", "seq": 1, "base_version": 0}
    path = reverse("treatments:session-field", args=[draft.ref])

    answer = client.post(path, {"field": "note", "value": "\u200bslept\u2060 well\u3164", **stamp})

    assert answer.status_code == 200
    assert NeedlingSession.objects.get().note == "slept well"


@pytest.mark.django_db
def test_the_administration_stores_a_text_as_it_is_seen(admin_request):
    (rooms,) = admin.site._registry[Location].get_inline_instances(admin_request)
    form = rooms.get_formset(admin_request).form({"name": "\u200bRoom\u00a09"})
    form.is_valid()

    assert form.cleaned_data["name"] == "Room 9"
