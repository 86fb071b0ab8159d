"""Prints the records that the benchmark opens, as JSON; its only direct database access."""

import datetime as dt
import json

from django.core.management.base import BaseCommand
from django.db.models import Count
from django.utils import timezone

from clinic.models import User
from patients.models import Consent, Patient, PatientCondition, Screening, Visit
from treatments.models import FollowUp, NeedleSite, NeedlingSession, RedFlag, SorenessReport

# for three days each of fifteen rounds that count and twelve before them
PEOPLE = 82


class Command(BaseCommand):
    help = "Print what the benchmark opens and writes on, as JSON."

    def handle(self, **options):
        self.stdout.write(json.dumps(subjects()))


def subjects() -> dict:
    """A draft, a red flag, an open call, a screening to review, and patients who can be treated today."""
    drafts = NeedlingSession.objects.drafts().filter(therapist__username="therapist")
    flag = (
        RedFlag.objects.filter(acknowledged_at=None)
        .order_by("pk")
        .values_list("report__followup__ref", flat=True)
    )
    waiting = NeedlingSession.objects.signed().filter(supervisor__isnull=False, cosignature=None)
    people = treatable(PEOPLE)
    in_progress = drafts.filter(ended_at=None)
    draft = in_progress.values_list("ref", flat=True).first()
    # one that an earlier run has not removed
    site = NeedleSite.objects.standing().filter(session__ref=draft).values_list("key", flat=True).first()
    return {
        "patients": Patient.objects.count(),
        "sessions": NeedlingSession.objects.count(),
        "treatable": people,
        "lead": User.objects.get(username="lead").pk,
        "condition": _condition_of(people[0]["ref"]),
        "cosign": waiting.values_list("ref", flat=True).first(),
        "site": str(site),
        "draft": draft,
        "unsigned": drafts.filter(ended_at__isnull=False).values_list("ref", flat=True).first(),
        "flag": flag.first(),
        "calls": list(_unanswered().values_list("ref", flat=True)),
        "reported": SorenessReport.objects.values_list("followup__ref", flat=True).first(),
        "review": _pair(Screening.objects.awaiting_review().filter(kind="intake")),
        "reviews": _pairs(Screening.objects.awaiting_review().filter(kind="intake")),
        "consent": _pair(Consent.objects.filter(refused_at=None, withdrawal=None)),
        "expected": list(Visit.objects.expected().order_by("booked_for").values_list("ref", flat=True)),
        "left": Visit.objects.filter(left_at__isnull=False).values_list("ref", flat=True).first(),
        "longest": Patient.objects.annotate(n=Count("sessions")).order_by("-n", "pk")[0].ref,
    }


def _condition_of(ref: str) -> int:
    return PatientCondition.objects.open().filter(episode__patient__ref=ref).values_list("pk", flat=True)[0]


def _unanswered():
    """Calls without a report, the longest due first."""
    return FollowUp.objects.open().filter(reports=None).order_by("due_at")


def _pair(rows) -> list:
    """(the patient's reference, the row's key) of the newest row."""
    return list(rows.order_by("-pk").values_list("patient__ref", "pk").first())


def _pairs(rows) -> list[list]:
    return [list(pair) for pair in rows.order_by("-pk").values_list("patient__ref", "pk")[:PEOPLE]]


def treatable(count: int) -> list[dict]:
    """Returning patients of the therapist who signs in, without a visit today."""
    lately = Visit.objects.filter(booked_for__gt=timezone.now() - dt.timedelta(days=1))
    signed = NeedlingSession.objects.signed().filter(therapist__username="therapist")
    signed = signed.exclude(patient__in=lately.values("patient"))
    rows = signed.order_by("-patient", "-pk")
    found = {}
    columns = ("patient__ref", "patient__family_name", "patient__given_name", "ref")
    for ref, name, given, session in rows.values_list(*columns)[: count * 20]:
        found.setdefault(ref, {"ref": ref, "name": name, "given": given, "session": session})
    return list(found.values())[:count]
