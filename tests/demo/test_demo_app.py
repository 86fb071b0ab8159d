"""The demo is an app of its own with a command and no models, and nothing imports it."""

import ast
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import get_commands

ROOT = Path(__file__).resolve().parents[2]
PRODUCT = ("clinic", "patients", "treatments")
SOURCES = sorted(path for app in PRODUCT for path in (ROOT / app).rglob("*.py"))


def imports_of_demo(source: str) -> list[int]:
    """The lines of a module that import from the demo."""
    lines = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            names = [node.module or ""]
        else:
            continue
        if any(name.split(".")[0] == "demo" for name in names):
            lines.append(node.lineno)
    return lines


def test_nobody_in_the_product_imports_it():
    assert SOURCES
    found = {
        path.relative_to(ROOT).as_posix(): lines
        for path in SOURCES
        if (lines := imports_of_demo(path.read_text(encoding="utf-8")))
    }
    assert found == {}


@pytest.mark.parametrize(
    "planted", ["import demo", "from demo import builder", "def f():\n    import demo.bulk.tables"]
)
def test_an_import_of_it_is_found(planted):
    assert imports_of_demo(planted)


def test_it_has_a_command_and_no_models():
    assert get_commands()["demo"] == "demo"
    assert list(apps.get_app_config("demo").get_models()) == []
