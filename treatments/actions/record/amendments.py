"""A patient's request to amend the record is accepted, with the words that stand from then on, or denied."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from clinic import audit, formats
from clinic.values import errors
from clinic.values.errors import StaleRecord
from treatments.actions.signing import signature
from treatments.models import Addendum, AmendmentAnswer
from treatments.rules.record import amendments


@transaction.atomic
def answer(request: Addendum, *, by, accepted: bool, text: str) -> AmendmentAnswer:
    """Once. The note, the request and the answer all stay as they were written."""
    note = signature.lock_note(request.session)
    standing = AmendmentAnswer.objects.filter(request=request).select_related("answered_by").first()
    if standing is not None:
        at = formats.near_moment(standing.answered_at, today=timezone.localdate())
        raise StaleRecord(
            _("%(answered_by)s answered this request %(at)s.")
            % {"answered_by": standing.answered_by.display_name, "at": at}
        )
    asked = Addendum.objects.select_related("session__therapist").get(pk=request.pk)

    errors.refuse(amendments.reasons(asked, by=by, text=text))

    made = AmendmentAnswer.objects.create(request=asked, accepted=accepted, text=text, answered_by=by)

    said = {"answer": [None, "accepted" if accepted else "denied"], "text": [None, text]}
    audit.record("amendment.answered", made, by=by, patient=note.patient, changes=said)
    return made
