"""Another supervisor takes a draft over, or co-signs a note in the place of the one who is named on it."""

from typing import cast

from django.db import transaction
from django.utils.translation import gettext as _

from clinic import audit
from clinic.models import User
from clinic.values import errors
from clinic.values.errors import StaleRecord
from treatments.actions.signing import signature
from treatments.models import CoSignature, NeedlingSession, SupervisorChange
from treatments.rules.signing import supervision as rules
from treatments.selectors.signing import supervision


@transaction.atomic
def replace(session, *, by, to: User, instead_of: int, reason: str) -> SupervisorChange:
    """Name another supervisor. `instead_of` is the key of the one whom the page showed.

    A draft takes the name over. A signed note is not touched: the change is a row of its own, and whoever is
    named in it co-signs instead.
    """
    locked = signature.lock_note(session)
    errors.refuse(rules.note_reasons(locked, in_error=supervision.is_in_error(locked)))
    now = _supervisor_now(locked)
    _refuse_stale_page(locked, now, instead_of=instead_of)
    errors.refuse(rules.reasons(supervision.successor(locked, to), now=now.pk, reason=reason))

    if locked.is_draft:
        NeedlingSession.objects.drafts().filter(pk=locked.pk).update(supervisor=to)
    change = SupervisorChange.objects.create(
        session=locked, supervisor=to, instead_of=now, reason=reason.strip(), changed_by=by
    )

    changes = {"supervisor": [now.username, to.username]}
    audit.record(
        "session.supervisor_replaced", locked, by=by, patient=locked.patient, changes=changes, reason=reason
    )
    return change


def _supervisor_now(locked: NeedlingSession) -> User:
    """Of a session that has one."""
    newest = SupervisorChange.objects.filter(session=locked).order_by("-pk").first()
    return newest.supervisor if newest is not None else cast(User, locked.supervisor)


def _refuse_stale_page(locked: NeedlingSession, now: User, *, instead_of: int) -> None:
    cosignature = CoSignature.objects.filter(session=locked).select_related("signed_by").first()
    if cosignature is not None:
        name = {"name": cosignature.signed_by.display_name}
        raise StaleRecord(_("%(name)s has co-signed this note. Nothing waits any more.") % name)
    if now.pk != instead_of:
        message = _("Somebody named %(name)s meanwhile. Open the page again.") % {"name": now.display_name}
        raise StaleRecord(message)
