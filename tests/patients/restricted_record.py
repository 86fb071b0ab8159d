"""A restricted record that stands in every list: a visit, a call, a warning sign, a note and an event."""

import datetime as dt

from django.utils import timezone

from clinic.models import User
from patients.models import Patient
from tests import factories
from treatments.models import FollowUp, NeedlingSession, RedFlag, SorenessReport

NAME = {"family_name": "Wexelblatt", "given_name": "Odile"}
BORN = {"born": "2/17/1963"}
PHONE = {"phone": "(555) 014-7731"}
LOT = "LOT-77"
# What is searched for finds it: a whole name with the birth date.
ALL_OF_IT = ("Wexelblatt, Odile 2/17/1963", "odile wexelblatt 17 Feb 1963", "1963-02-17 ODILE WEXELBLATT")


def create(*, desk: User, therapist: User, lead: User) -> Patient:
    patient = factories.patient(desk, **NAME, **PHONE, born=dt.date(1963, 2, 17))
    factories.visit(patient, therapist)
    session = factories.session(patient, therapist)
    factories.site(session, lot=LOT)
    factories.adverse_event(session, by=therapist)
    report = SorenessReport.objects.create(
        followup=factories.followup(session), reported_by=therapist, now=3, worst=5, triage="urgent"
    )
    RedFlag.objects.create(report=report, therapist=therapist)
    now = timezone.now()
    NeedlingSession.objects.filter(pk=session.pk).update(
        ended_at=now, closed_unsigned_at=now, closed_unsigned_by=therapist
    )
    FollowUp.objects.create(session=session, step=72, due_at=now)
    Patient.objects.filter(pk=patient.pk).update(restricted_at=now, restricted_by=lead)
    patient.refresh_from_db()
    return patient
