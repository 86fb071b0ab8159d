"""`make lint` checks the JavaScript: each violation that it must report is planted here."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
CONFIGURATION = ".oxlintrc.json"
OTHER = 'import { a } from "./planted.js";\nexport const b = () => a;\n'
# label: (the rule that must report it, the code)
PLANTED = {
    "an undefined variable": ("no-undef", "export const a = missing;"),
    "a global that leaks": ("no-undef", "export const a = () => { leaked = 1; };"),
    "a variable that nobody uses": ("no-unused-vars", "const a = 1;"),
    "an import that nobody uses": ("no-unused-vars", 'import { b } from "./other.js";'),
    "an import that is not exported": ("named", 'import { c } from "./other.js";\nexport const a = c;'),
    "a global on window": ("no-restricted-globals", "window.filiform = 1;"),
    "a global on globalThis": ("no-restricted-globals", "globalThis.filiform = 1;"),
    "a circle of imports": ("no-cycle", 'import { b } from "./other.js";\nexport const a = b;'),
    "a loose comparison": ("eqeqeq", "export const a = (b) => b == 1;"),
    "a word to the console": ("no-console", "console.log(1);"),
}


@pytest.fixture
def lint(tmp_path):
    shutil.copy(ROOT / CONFIGURATION, tmp_path)
    (tmp_path / "other.js").write_text(OTHER)

    def run(code: str) -> subprocess.CompletedProcess:
        (tmp_path / "planted.js").write_text(code + "\n")
        command = [Path(sys.executable).parent / "oxlint", "--deny-warnings", "planted.js"]
        return subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)

    return run


@pytest.mark.parametrize(("rule", "code"), PLANTED.values(), ids=PLANTED.keys())
def test_what_is_planted_is_refused(lint, rule, code):
    answer = lint(code)

    assert answer.returncode == 1
    assert f"({rule})" in answer.stdout


def test_what_is_right_passes(lint):
    answer = lint("export const a = (b) => b === 1;")

    assert answer.returncode == 0, answer.stdout
