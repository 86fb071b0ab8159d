"""Settings that somebody looks at on the way from nothing: saved on a page of their own, and kept as seen."""

from django.db import transaction
from django.utils.translation import gettext as _

from clinic import audit
from clinic.actions import form_baseline
from clinic.django_internals.prepared import PreparedQuery
from clinic.models import Practice, User

LOCKED = PreparedQuery(lambda pk: Practice.objects.select_for_update(of=("self",)).filter(pk=pk))


def locked() -> Practice:
    """The settings under a row lock until the transaction ends: who waited for it sees what was written."""
    (practice,) = LOCKED(pk=1)
    return practice


@transaction.atomic
def save_hours(*, by: User, baseline: dict, **fields) -> None:
    changes = _save(baseline, fields)
    audit.record("practice.hours_saved", Practice.objects.get(pk=1), by=by, changes=changes)


@transaction.atomic
def save_needles(*, by: User, baseline: dict, **fields) -> None:
    changes = _save(baseline, fields)
    audit.record("practice.needles_saved", Practice.objects.get(pk=1), by=by, changes=changes)


def _save(baseline: dict, fields: dict) -> dict:
    """What changed. Also where nothing did somebody has looked at it, which the event says."""
    practice = locked()
    stored = {name: getattr(practice, name) for name in fields}
    message = _("Somebody changed these settings while you had them open.")
    sent = form_baseline.changes(stored, baseline, fields, message=message)
    changes = audit.difference({name: stored[name] for name in sent}, sent)
    if changes:
        for name, value in sent.items():
            setattr(practice, name, value)
        practice.save(update_fields=list(sent))
    return changes
