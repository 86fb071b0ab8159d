"""The words of `words.txt` that may not appear, and where the product keeps texts that people read."""

import ast
import csv
import html
import re
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LIST = Path(__file__).with_name("words.txt")
APPS = ("clinic", "patients", "treatments")
# What nobody reads as a sentence: codes, and titles of what was cited.
COLUMNS_OF_NOBODY = {"code", "source", "regions", "jurisdiction", "cause", "needle_from"}
ATTRIBUTES = ("aria-label", "data-l", "title", "placeholder", "alt", "value", "content")
QUOTED = re.compile(r"""`([^`]*)`|"((?:[^"\\\n]|\\.)*)"|'((?:[^'\\\n]|\\.)*)'""")


@cache
def patterns(*sections: str) -> tuple[tuple[re.Pattern, str], ...]:
    """(pattern, what is said instead) of the sections whose titles begin so; of all without any."""
    found, is_wanted = [], True
    for line in LIST.read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            is_wanted = not sections or line.startswith(tuple(f"[{title}" for title in sections))
        elif is_wanted and line and not line.startswith("#"):
            pattern, instead = line.rsplit(" | ", 1)
            found.append((re.compile(rf"(?<![\w-])(?:{pattern.strip()})(?![\w-])", re.IGNORECASE), instead))
    return tuple(found)


def unwanted(text: str, *sections: str) -> list[str]:
    """Each word of the list that `text` holds, with what stands around it."""
    line = " ".join(text.split()).replace("’", "'")
    return [
        f"{line[max(match.start() - 30, 0) : match.end() + 30]!r}: say {instead}"
        for pattern, instead in patterns(*sections)
        for match in pattern.finditer(line)
    ]


def of_template(path: Path) -> list[str]:
    """What a template says: its text, and the texts in its attributes and its tags."""
    text = re.sub(
        r"{#.*?#}|{% comment.*?endcomment %}", "", path.read_text(encoding="utf-8"), flags=re.DOTALL
    )
    tags = re.findall(r"{%.*?%}", text, re.DOTALL)
    in_tags = [
        words for tag in tags for found in re.findall(r""""([^"]*)"|'([^']*)'""", tag) for words in found
    ]
    plain = re.sub(r"{%.*?%}|{{.*?}}", " ", text, flags=re.DOTALL)
    of_attributes = "|".join(ATTRIBUTES)
    in_attributes = re.findall(rf'(?:{of_attributes})="([^"]*)"', plain)
    parts = re.split(r"<[^>]*>", plain)
    return [words for words in [*parts, *in_attributes, *in_tags] if is_said(words)]


def of_page(text: str) -> str:
    """What a rendered page says, its attributes included, without scripts and codes such as `visit.left`."""
    text = re.sub(r"<(script|style)\b.*?</\1>|\b[a-z_]+\.[a-z_]+\b", " ", text, flags=re.DOTALL)
    said = re.findall(rf'(?:{"|".join(ATTRIBUTES)})="([^"]*[a-z] [^"]*)"', text)
    return html.unescape(" | ".join([re.sub(r"<[^>]*>", " ", text), *said]))


def of_python(path: Path) -> list[str]:
    """The literals of a module that people may read: no docstring, no code, no SQL."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    unread = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__":
            unread |= {id(each) for each in ast.walk(node)}
    literals = [node for node in ast.walk(tree) if isinstance(node, ast.Constant) and id(node) not in unread]
    return [node.value for node in literals if isinstance(node.value, str) and is_said(node.value)]


def of_script(path: Path) -> list[str]:
    text = re.sub(
        r"/\*.*?\*/|^\s*//.*$|\$\{[^}]*\}",
        " ",
        path.read_text(encoding="utf-8"),
        flags=re.DOTALL | re.MULTILINE,
    )
    return [words for found in QUOTED.findall(text) for words in found if is_said(words)]


def of_catalogue(path: Path) -> list[str]:
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return [value for row in rows for name, value in row.items() if value and name not in COLUMNS_OF_NOBODY]


def of_doc(path: Path) -> list[str]:
    """A page of the docs without its code."""
    text = re.sub(r"```.*?```|`[^`]*`|\]\([^)]*\)", " ", path.read_text(encoding="utf-8"), flags=re.DOTALL)
    return text.split("\n\n")


def is_said(words: str) -> bool:
    """Words for people: a sentence or a label, not a code, a class, a path or a statement."""
    text = words.strip()
    if not re.search("[A-Za-z]{2}", text) or re.search(r"^(SELECT|INSERT|UPDATE|CREATE|DROP|ALTER)\b", text):
        return False
    return bool(re.search(r"[a-z] [a-zA-Z]|^[A-Z][a-z]", text)) and not re.fullmatch(r"[\w./:#-]+\.\w+", text)
