"""What stops a command, in one sentence: settings, a database that does not answer, a file that is not there.

A fault of the program keeps its traceback, and `--traceback` shows that of any other.
"""

import sys
from collections.abc import Callable

from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError, InterfaceError, OperationalError

# what both engines say where nothing may be written
UNWRITABLE = ("readonly database", "read-only transaction", "permission denied", "must be owner of")


def run(execute: Callable[[list[str]], None], arguments: list[str]) -> None:
    """Run a command as Django does; what stops it is said in one line, with a status that is not zero."""
    try:
        execute(arguments)
    except (ImproperlyConfigured, DatabaseError, InterfaceError, OSError) as error:
        said = sentence(error)
        if not said or "--traceback" in arguments:
            raise
        sys.exit(said)


def sentence(error: Exception) -> str:
    """Empty where only the traceback tells: a statement that is wrong, a row that is refused."""
    if isinstance(error, ImproperlyConfigured):
        return str(error)
    if isinstance(error, OSError):
        return f"{error.filename}: {error.strerror}. Correct the path, or who may write there."
    first = first_line(error)
    if any(words in first for words in UNWRITABLE):
        return (
            f"The database cannot be written: {first}. Give this account the right, or correct DATABASE_URL."
        )
    if isinstance(error, OperationalError | InterfaceError):
        return f"The database does not answer: {first}. Start it, or correct DATABASE_URL."
    return ""


def first_line(error: Exception) -> str:
    """What an engine says, without its hints and where it says so."""
    return next(iter(str(error).strip().splitlines()), "no reason given").rstrip(".")
