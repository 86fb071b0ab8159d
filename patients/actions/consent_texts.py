"""Publishes consent texts, one by one or those of a file."""

from pathlib import Path

from django.db import transaction
from django.utils import timezone

from clinic import audit, catalogues
from clinic.models import Jurisdiction
from patients.models import ConsentText
from patients.rules import consent_texts


@transaction.atomic
def publish(text: ConsentText, *, by) -> bool:
    """Publish and lock a text: from now on patients sign it. False when it was published before."""
    unpublished = ConsentText.objects.filter(pk=text.pk, published_at=None)
    if not unpublished.update(published_at=timezone.now(), published_by=by):
        return False

    audit.record("consent_text.published", text, by=by)
    return True


@transaction.atomic
def publish_file(path: Path) -> None:
    """Publish the new texts of the file. A published text never changes; a change is a new version."""
    published = set(ConsentText.objects.values_list("version", "language"))
    for row in catalogues.read(path):
        if (row["version"], row["language"]) not in published:
            _publish_row(row)


def _publish_row(row: dict[str, str]) -> None:
    statements = consent_texts.statements_in(row["statements"])
    ConsentText.objects.create(
        version=row["version"],
        language=row["language"],
        jurisdiction=Jurisdiction.objects.filter(code=row["jurisdiction"]).first(),
        title=row["title"],
        body=row["body"],
        statements=statements,
        not_acupuncture=row["not_acupuncture"] == "yes",
        digest=consent_texts.text_digest(row["title"], row["body"], statements),
        source=row["source"],
        published_at=timezone.now(),
    )
