"""Every text that `treatments` says goes through gettext: read in the code, and seen in brackets."""

import ast
import inspect
import re
from importlib import import_module

import pytest
from django import forms
from django.apps import apps
from django.conf import settings
from django.db.models import Choices

from clinic.forms.fields import ParsedField
from clinic.models.base import Side
from tests import pseudo_locale
from treatments.forms.session.fields import SessionForm
from treatments.models import AdverseEvent
from treatments.selectors.session import draft as drafts

ROOM = settings.BASE_DIR / "treatments"
FILES = [path for path in sorted(ROOM.rglob("*.py")) if "migrations" not in path.parts]
GETTEXT = {"_", "gettext", "gettext_lazy", "ngettext", "gettext_noop"}
# Calls whose argument at this place is shown to people, and names of arguments that are.
SHOWN_AT = {
    "Reason": 1, "_reason": 2, "StaleRecord": 0, "ValidationError": 0, "Conflict": 2, "Column": 0,
    "NextStep": 1, "success": 1, "warning": 1, "error": 1, "Prompt": 1, "about": 1, "chips": 0,
    "HttpResponseBadRequest": 0,
}  # fmt: skip
SHOWN_AS = {
    "label", "help_text", "verbose_name", "violation_error_message", "way_out", "empty_label", "title",
    "said", "sentence", "message", "search_label", "name_in_menu", "menu_words",
}  # fmt: skip
VALUES = re.compile(r"%\((\w+)\)")


def name_of(call: ast.Call) -> str:
    return call.func.id if isinstance(call.func, ast.Name) else getattr(call.func, "attr", "")


def is_words(node: ast.AST) -> bool:
    """A text of the code, with letters, outside of gettext."""
    if isinstance(node, ast.Constant):
        is_text = isinstance(node.value, str) and re.search("[A-Za-z]{2}", node.value) is not None
        return is_text and not re.fullmatch("[a-z]+(_[a-z]+)+", node.value)
    if isinstance(node, ast.JoinedStr):
        return any(is_words(part) for part in node.values)
    if isinstance(node, ast.IfExp):
        return is_words(node.body) or is_words(node.orelse)
    return False


def shown(tree: ast.AST):
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and name_of(node) != "RelatedRows":
            place = SHOWN_AT.get(name_of(node))
            yield from node.args[place : place + 1] if place is not None else ()
            yield from (given.value for given in node.keywords if given.arg in SHOWN_AS)
        elif isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            if node.targets[0].id in SHOWN_AS:
                yield node.value


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOM)))
def test_what_is_shown_is_no_plain_text(path):
    found = [node.lineno for node in shown(ast.parse(path.read_text())) if is_words(node)]

    assert found == [], f"{path.name}: these lines show a text that no language can translate"


def messages_of(tree: ast.AST):
    return (node for node in ast.walk(tree) if isinstance(node, ast.Call) and name_of(node) in GETTEXT)


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOM)))
def test_messages_are_whole_texts_whose_values_have_names(path):
    wrong = []
    for call in messages_of(ast.parse(path.read_text())):
        texts = call.args[:2] if name_of(call) == "ngettext" else call.args[:1]
        for text in texts:
            is_name = isinstance(text, ast.Name) and text.id.isupper()
            is_text = isinstance(text, ast.Constant) and not re.search(r"%[sd]", text.value)
            if not (is_name or is_text):
                wrong.append(call.lineno)

    assert wrong == []


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOM)))
def test_each_named_value_of_a_message_is_given(path):
    wrong = []
    for node in ast.walk(ast.parse(path.read_text())):
        if not (
            isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mod) and isinstance(node.right, ast.Dict)
        ):
            continue
        if isinstance(node.left, ast.Call) and name_of(node.left) in GETTEXT and None not in node.right.keys:
            given = {key.value for key in node.right.keys}
            wanted = {
                name
                for text in node.left.args[:2]
                if isinstance(text, ast.Constant)
                for name in VALUES.findall(text.value)
            }
            if given != wanted:
                wrong.append((node.lineno, given ^ wanted))

    assert wrong == []


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOM)))
def test_no_function_that_says_something_hides_gettext(path):
    """A loop or an unpacking to `_` would call what it has just assigned."""
    wrong = []
    for function in ast.walk(ast.parse(path.read_text())):
        if isinstance(function, ast.FunctionDef):
            inner = [node for node in ast.walk(function) if isinstance(node, ast.Name) and node.id == "_"]
            in_loops = {
                id(name)
                for node in ast.walk(function)
                if isinstance(node, ast.comprehension)
                for name in ast.walk(node.target)
            }
            kept = [node for node in inner if id(node) not in in_loops]
            if {type(node.ctx) for node in kept} == {ast.Load, ast.Store}:
                wrong.append(function.name)

    assert wrong == []


# --- in brackets


def outside(text) -> str:
    """What of a text stands outside of the brackets, if it has letters."""
    left = pseudo_locale.without_translated(str(text))
    return left if re.search("[A-Za-z]{2}", left) else ""


def every_form() -> list[type[forms.BaseForm]]:
    import_names = [
        ".".join(path.relative_to(settings.BASE_DIR).with_suffix("").parts)
        for path in FILES
        if path.is_relative_to(ROOM / "forms") and path.name != "__init__.py"
    ]
    modules = [import_module(name) for name in import_names]
    found = {
        one
        for module in modules
        for one in vars(module).values()
        if inspect.isclass(one) and issubclass(one, forms.BaseForm) and one.__module__ == module.__name__
    }
    return sorted(found, key=lambda one: (one.__module__, one.__name__))


def texts_of(name: str, field: forms.Field, form: type[forms.BaseForm]):
    """Its label, hint, choices, and the messages that are not the frame's. A list may be the database's."""
    if field.label is not None:
        yield field.label
    if not isinstance(field, ParsedField):
        yield field.help_text
    if isinstance(field, forms.ModelChoiceField):
        yield field.empty_label or ""
    elif isinstance(field, forms.ChoiceField):
        # a side's words are the clinic's
        yield from (label for _, label in field.choices if label not in Side.labels)
    yield getattr(form, "needed", {}).get(name, "")
    yield from (message for code, message in field.error_messages.items() if code != "required")


@pytest.mark.parametrize("form", every_form(), ids=lambda form: form.__name__)
def test_every_label_hint_choice_and_message_of_a_form_is_translated(form):
    with pseudo_locale.active():
        left = [
            (name, outside(text))
            for name, field in form.base_fields.items()
            for text in texts_of(name, field, form)
        ]
        left += [(name, outside(text)) for name, text in getattr(form, "needed", {}).items()]

    assert [(name, text) for name, text in left if text] == []


@pytest.mark.django_db
def test_every_field_of_the_session_page_is_translated(draft):
    whole = drafts.whole(draft.pk)
    with pseudo_locale.active():
        form = SessionForm(draft=whole)
        left = [
            (name, outside(text))
            for name, field in form.fields.items()
            if not name.startswith("advice-")
            for text in texts_of(name, field, SessionForm)
        ]

    assert {name: text for name, text in left if text and text not in ("20560", "20561")} == {}


def every_choices() -> list[type[Choices]]:
    found = set()
    for model in apps.get_app_config("treatments").get_models():
        found |= {one for one in vars(model).values() if inspect.isclass(one) and issubclass(one, Choices)}
    return sorted(found, key=lambda one: one.__qualname__)


@pytest.mark.parametrize("choices", every_choices(), ids=lambda choices: choices.__qualname__)
def test_every_choice_is_translated(choices):
    with pseudo_locale.active():
        assert [label for label in choices.labels if outside(label)] == []


@pytest.mark.parametrize(
    "model", list(apps.get_app_config("treatments").get_models()), ids=lambda model: model.__name__
)
def test_the_words_of_columns_and_constraints_are_translated(model):
    named = [column for column in model._meta.concrete_fields if not column.primary_key]
    columns = [column for column in named if column._verbose_name is not None]
    # those that the clinic makes of a pair have their words there
    own = [one for one in model._meta.constraints if not one.name.endswith("_is_whole")]
    with pseudo_locale.active():
        assert [column.name for column in columns if outside(column.verbose_name)] == []
        assert [one.name for one in own if outside(one.violation_error_message)] == []


def test_the_word_of_a_pair_is_translated():
    pair = next(one for one in AdverseEvent._meta.constraints if one.name.endswith("_withdrawn_is_whole"))
    with pseudo_locale.active():
        assert "“⟦entered in error⟧”" in str(pair.violation_error_message)

    assert pair.violation_error_message == "Who and when belong together for “entered in error”."
