"""A note that was written on the wrong patient: why it cannot be copied to another, and what is copied."""

import datetime as dt
from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext as _

from clinic import formats
from clinic.values.errors import Reason
from patients.models import Patient, PatientCondition, Visit
from treatments.models import NeedlingSession

# stands in the record: never translated
CALLS_END = (
    "Note entered in error: wrong patient. The calls go on with the right patient's note once it is signed."
)


@dataclass(frozen=True)
class Target:
    """Whom the note was about: a patient, and the visit of that day; None: one is made."""

    patient: Patient
    visit: Visit | None = None

    @property
    def value(self) -> str:
        return (
            _("visit %(ref)s") % {"ref": self.visit.ref}
            if self.visit
            else _("patient %(ref)s") % {"ref": self.patient.ref}
        )

    @property
    def label(self) -> str:
        who = _("%(name)s, born %(day)s, %(ref)s") % {
            "name": self.patient.listed_name,
            "day": formats.day(self.patient.born),
            "ref": self.patient.ref,
        }
        if self.visit is None:
            return _("%(who)s · no visit that day: one is recorded") % {"who": who}
        at = formats.clock(self.visit.booked_for)
        return _("%(who)s · visit at %(at)s with %(therapist)s") % {
            "who": who,
            "at": at,
            "therapist": self.visit.therapist.display_name,
        }


def ended_at(note: NeedlingSession) -> dt.datetime:
    return note.ended_at or note.started_at or note.opened_at


def started_at(note: NeedlingSession) -> dt.datetime:
    return note.started_at or note.opened_at


def reasons(
    note: NeedlingSession, target: Target, *, conditions: list[PatientCondition], has_session: bool
) -> list[Reason]:
    """`has_session`: the note's therapist has a session of that visit already."""
    found = []
    day = timezone.localdate(started_at(note))
    if target.patient.pk == note.patient_id:
        found.append(
            Reason("same-patient", _("This is the patient of the note. Choose the other one."), field="to")
        )
    if target.patient.deceased_on and target.patient.deceased_on < day:
        found.append(Reason("deceased", _("This patient had died by then. Choose again."), field="to"))
    if target.visit and timezone.localdate(target.visit.booked_for) != day:
        found.append(Reason("other-day", _("This visit is of another day. Choose again."), field="to"))
    if has_session:
        message = _(
            "The therapist has a session of this visit already. Void that draft first, or write there what "
            "is missing."
        )
        found.append(Reason("visit-has-session", message, field="to"))
    if not conditions:
        message = _("Choose at least one condition of the right patient that was treated.")
        found.append(Reason("conditions-missing", message, field="conditions"))
    return found
