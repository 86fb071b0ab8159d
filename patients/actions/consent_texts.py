"""Publishing a consent text."""

from django.db import transaction
from django.utils import timezone

from clinic import audit
from patients.models import ConsentText


@transaction.atomic
def publish(text: ConsentText, *, by) -> bool:
    """Lock the wording: from now on patients sign it. False when it was published before."""
    waiting = ConsentText.objects.filter(pk=text.pk, published_at=None)
    if not waiting.update(published_at=timezone.now(), published_by=by):
        return False

    audit.record("consent_text.published", text, by=by)
    return True
