"""Loads templates without their indentation and with their texts in the practice's language."""

import re

from django.conf import settings
from django.template.loaders.filesystem import Loader as FilesystemLoader
from django.utils.text import smart_split
from django.utils.translation import gettext, override, trim_whitespace

INDENTATION = re.compile(r"\n[ \t]+")
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
    """Line breaks stay, so that no two words run together. Text templates of mails keep their layout.

    A message is looked up once, when its template is read: a page is drawn as fast as one without messages.
    """

    def get_contents(self, origin) -> str:
        contents = translated(super().get_contents(origin))
        return INDENTATION.sub("\n", contents) if origin.name.endswith(".html") else contents


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
