"""Files that are sent with a form: taken by the views that say so, from who may use them, and by no other.

A file is held on the disk, without a name there, so that nothing of it is left when its request ends or its
process is killed.
"""

import tempfile
from collections.abc import Callable

from django.core.exceptions import TooManyFilesSent
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, SkipFile
from django.urls import Resolver404, resolve

from clinic.access import permissions

# What no page's other fields fill; and a file a little too large arrives, to be refused with a sentence.
ROOM_BESIDE = 2 * 1024 * 1024  # own choice:


def takes_file(*, largest: int, is_named: bool = False) -> Callable:
    """The decorator of a view whose form has a file of so many bytes at most. It stands below `@requires`.

    `is_named`: the file's name is kept, as its reader tells it from others by it.
    """

    def decorate(view):
        view.largest_file, view.is_file_named = largest, is_named
        return view

    return decorate


def largest_body(path: str, *, otherwise: int) -> int:
    """How many bytes a request to this path may have behind its headers."""
    try:
        view = resolve(path).func
    except Resolver404:
        return otherwise
    largest = getattr(view, "largest_file", 0)
    return largest + ROOM_BESIDE if largest else otherwise


class FileHandler(FileUploadHandler):
    """The only way of a file into a request. `settings` allows one file for each."""

    def new_file(self, *args, **kwargs):
        super().new_file(*args, **kwargs)
        view = getattr(self.request.resolver_match, "func", None)
        self.largest, self.is_named = getattr(view, "largest_file", 0), getattr(view, "is_file_named", False)
        if not self.largest:
            raise TooManyFilesSent("A file was sent to a page that takes none.")
        if not permissions.may(self.request.user, view.permission):
            # the page for signing in again keeps the other fields
            raise SkipFile
        # closed with its request
        self.file = tempfile.TemporaryFile()  # noqa: SIM115

    def receive_data_chunk(self, raw_data, start):
        """Of a file that is too large only its size is known in the end."""
        if start <= self.largest:
            self.file.write(raw_data)

    def file_complete(self, file_size):
        """A name that somebody's computer gave it often is a patient's."""
        self.file.seek(0)
        return UploadedFile(self.file, self.file_name if self.is_named else "file", size=file_size)

    def upload_interrupted(self):
        if hasattr(self, "file"):
            self.file.close()
