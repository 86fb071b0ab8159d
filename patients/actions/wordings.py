"""Writes how a question is worded when its words are new or changed."""

from collections.abc import Iterable

from django.db import transaction

from patients.models import QuestionWording
from patients.selectors import wordings


@transaction.atomic
def publish(questions, *, catalogue: str) -> None:
    """Give each current question of a catalogue's table its wording. Called when the table is synced."""
    versions(wordings.with_version(questions.current(), catalogue=catalogue), catalogue=catalogue)


def versions(questions: Iterable, *, catalogue: str) -> dict[str, int]:
    """{code: version of its words}; `questions` come from `wordings.with_version`.

    Words that no release of the catalogue published are written here: no answer is without its question.
    """
    return {row.code: row.wording_version or _write(row, catalogue=catalogue).version for row in questions}


def _write(question, *, catalogue: str) -> QuestionWording:
    """Somebody else may write the same words at this moment: then theirs are taken."""
    version = wordings.newest_version(catalogue=catalogue, code=question.code) + 1
    row, _ = QuestionWording.objects.get_or_create(
        catalogue=catalogue, code=question.code, text=question.question, defaults={"version": version}
    )
    return row
