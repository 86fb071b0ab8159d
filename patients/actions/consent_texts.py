"""Publishes consent texts, one by one or those of a file."""

from pathlib import Path

from django.db import transaction
from django.utils import timezone

from clinic import audit, catalogues
from clinic.models import Jurisdiction
from clinic.values import errors
from patients.models import ConsentText
from patients.rules import consent_texts
from patients.selectors import consents


@transaction.atomic
def publish(text: ConsentText, *, by) -> bool:
    """Publish and lock a text: from now on patients sign it. False when it was published before."""
    unpublished = ConsentText.objects.filter(pk=text.pk, published_at=None)
    if not unpublished.update(published_at=timezone.now(), published_by=by):
        return False

    audit.record("consent_text.published", text, by=by)
    return True


@transaction.atomic
def retire(text: ConsentText, *, by) -> bool:
    """No patient is shown it from now on; consents on it stay. False for one that is not published."""
    served = list(ConsentText.objects.published().select_for_update().values_list("pk", flat=True))
    if text.pk not in served:
        return False
    only_for = consents.rules_with_no_other(text)
    errors.refuse(consent_texts.retiring_reasons(is_last=len(served) == 1, only_for=only_for))

    ConsentText.objects.filter(pk=text.pk).update(retired_at=timezone.now())

    audit.record("consent_text.retired", text, by=by)
    return True


@transaction.atomic
def publish_file(path: Path) -> None:
    """Publish the new texts of the file. A published text never changes; a change is a new version.

    A text of the product that left the file is retired; the practice's own are not touched.
    """
    published = set(ConsentText.objects.values_list("version", "language"))
    rows = list(catalogues.read(path))
    for row in rows:
        if (row["version"], row["language"]) not in published:
            _publish_row(row)
    _retire_former({(row["version"], row["language"]) for row in rows})


def _retire_former(named: set[tuple[str, str]]) -> None:
    products = ConsentText.objects.published().filter(published_by=None)
    rows = products.values_list("pk", "version", "language")
    former = [pk for pk, version, language in rows if (version, language) not in named]
    ConsentText.objects.filter(pk__in=former).update(retired_at=timezone.now())


def _publish_row(row: dict[str, str]) -> None:
    statements = consent_texts.statements_in(row["statements"])
    texts = [statement.text for statement in statements]
    ConsentText.objects.create(
        version=row["version"],
        language=row["language"],
        jurisdiction=Jurisdiction.objects.filter(code=row["jurisdiction"]).first(),
        title=row["title"],
        body=row["body"],
        statements=texts,
        statement_names=[statement.name for statement in statements],
        not_acupuncture=row["not_acupuncture"] == "yes",
        digest=consent_texts.text_digest(row["title"], row["body"], texts),
        source=row["source"],
        published_at=timezone.now(),
    )
