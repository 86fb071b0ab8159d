"""Loads templates without their layout and with their texts in the practice's language."""

import re

from django.conf import settings
from django.template.loaders.filesystem import Loader as FilesystemLoader
from django.utils.text import smart_split
from django.utils.translation import gettext, override, trim_whitespace

INDENTATION = re.compile(r"\n[ \t]+")
LOADING = re.compile(r"\{% load [^\n]*%\}")
# Lines that draw nothing: comments, and tags that load something.
SILENT = re.compile(rf"(?:^|\n)(?:(?:\{{#[^\n]*#\}}|{LOADING.pattern})\n)+")
# A line break beside another one: after a tag that opens a block or draws a part, before one that closes.
SECOND = re.compile(r"(?<=\n)(\{% (?:if|with|include) (?:(?!%\})[^\n])*%\})\n|\n(?=\{% end(?:if|with) %\}\n)")
# The same before the end of a loop, whose turns begin with a line break.
ENDFOR, LOOP_IN_LINE = re.compile(r"\n(?=\{% endfor %\}\n)"), re.compile(r"\{% for [^\n]*?%\}[^\n]")
TRANSLATE = re.compile(r"""\{% translate (?P<quote>["'])(?P<text>(?:(?!%\}).)*?)(?P=quote) %\}""")
ARGUMENT = re.compile(r"""(?<=[ =:])_\((?P<quote>["'])(?P<text>[^"'\n]*)(?P=quote)\)""")
# A message in one number: one that counts, or that a variable takes, is translated as the page is drawn.
BLOCK = re.compile(
    r"\{% blocktranslate trimmed(?: with (?P<values>(?:(?! asvar |%\}).)+))? %\}"
    r"(?P<text>(?:(?!\{%).)*)\{% endblocktranslate %\}",
    re.DOTALL,
)
VARIABLE = re.compile(r"\{\{ (\w+) \}\}")
PLACEHOLDER = re.compile(r"%\((\w+)\)s")


class Loader(FilesystemLoader):
    """A line break stays where there was one, so that no two words run together. Mails keep their layout.

    A message is looked up once, when its template is read: a page is drawn as fast as one without messages.
    """

    def get_contents(self, origin) -> str:
        contents = translated(super().get_contents(origin))
        return without_layout(contents) if origin.name.endswith(".html") else contents


def without_layout(source: str) -> str:
    even = INDENTATION.sub("\n", source)
    if not LOOP_IN_LINE.search(even):
        even = ENDFOR.sub("", even)
    return SECOND.sub(r"\1", SILENT.sub(lambda lines: "\n" + "".join(LOADING.findall(lines[0])), even))


def translated(source: str) -> str:
    """`source` with the messages in the practice's language in the place of their tags."""
    with override(settings.LANGUAGE_CODE):
        return BLOCK.sub(_block, TRANSLATE.sub(_text, ARGUMENT.sub(_argument, source)))


def _argument(literal: re.Match) -> str:
    text = _text(literal)
    return literal[0] if literal["quote"] in text else f"{literal['quote']}{text}{literal['quote']}"


def _text(tag: re.Match) -> str:
    return gettext(tag["text"].replace("%", "%%")).replace("%%", "%")


def _block(tag: re.Match) -> str:
    """The message with the values themselves in the place of its placeholders."""
    values = dict(value.split("=", 1) for value in smart_split(tag["values"] or ""))
    message = gettext(VARIABLE.sub(r"%(\1)s", trim_whitespace(tag["text"].replace("%", "%%"))))
    found = PLACEHOLDER.sub(lambda name: f"{{{{ {values.get(name[1], name[1])} }}}}", message)
    return found.replace("%%", "%")
