"""Every test that docs/security.md names exists, and every requirement has an answer."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PAGE = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
NAMED = re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", PAGE)
ROWS = [line.strip("|").split(" | ") for line in PAGE.splitlines() if line.startswith(("| (", "| "))]


@pytest.mark.parametrize(("path", "name"), sorted(set(NAMED)))
def test_a_test_that_is_named_is_there(path, name):
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))

    assert name in {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}


@pytest.mark.parametrize("number", range(1, 14))
def test_each_criterion_of_the_certification_has_its_line(number):
    assert f"| (d)({number}) |" in PAGE


def test_every_line_names_a_test_or_says_why_not():
    answers = [
        row[-1].strip() for row in ROWS if not row[0].strip().startswith(("-", "requirement", "point"))
    ]

    assert [cell for cell in answers if not re.match(r"`tests/|n/a: |open", cell)] == []
