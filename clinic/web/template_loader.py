"""Loads HTML templates without their indentation, which readers of the page do not need."""

import re

from django.template.loaders.filesystem import Loader as FilesystemLoader

INDENTATION = re.compile(r"\n[ \t]+")


class Loader(FilesystemLoader):
    """Line breaks stay, so that no two words run together. Text templates of mails are not changed."""

    def get_contents(self, origin) -> str:
        contents = super().get_contents(origin)
        return INDENTATION.sub("\n", contents) if origin.name.endswith(".html") else contents
