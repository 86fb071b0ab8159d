"""What keeps an episode of care from being changed or ended."""

from django.utils.translation import gettext as _

from clinic.values.errors import Reason
from patients.models import Episode


def reasons(episode: Episode) -> list[Reason]:
    found = []
    if episode.discharged_at:
        message = _("This episode of care has ended. A new condition opens the next one.")
        found.append(Reason("episode-ended", message))
    if episode.access == Episode.Access.REFERRAL and episode.referral is None:
        message = _("Choose the referral, or choose direct access.")
        found.append(Reason("referral-missing", message, field="referral"))
    if episode.referral and episode.referral.patient_id != episode.patient_id:
        message = _("Choose a referral of this patient.")
        found.append(Reason("referral-of-another", message, field="referral"))
    return found
