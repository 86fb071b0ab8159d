"""Reads the product's templates without the indentation of their lines: for people, not for the wire."""

import re

from django.template.loaders.filesystem import Loader as FilesystemLoader

INDENTATION = re.compile(r"\n[ \t]+")


class Loader(FilesystemLoader):
    """The line break itself stays, so no two words join. The text of a mail stays as it is written."""

    def get_contents(self, origin) -> str:
        contents = super().get_contents(origin)
        return INDENTATION.sub("\n", contents) if origin.name.endswith(".html") else contents
