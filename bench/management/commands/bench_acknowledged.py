"""Prints, as JSON, the acknowledged saves of a file that the record does not bear out."""

import json
from pathlib import Path

from django.core.management.base import BaseCommand

from patients.models import Patient, Visit
from treatments.models import Addendum, ContactAttempt, NeedleSite, NeedlingSession

STEPS = {"arrive": "arrived_at", "room": "roomed_at", "leave": "left_at"}


class Command(BaseCommand):
    help = "Print the acknowledged saves that are not in the record."

    def add_arguments(self, parser):
        parser.add_argument("claims", type=Path)

    def handle(self, *, claims, **options):
        stated = json.loads(claims.read_text(encoding="utf-8"))
        self.stdout.write(json.dumps([claim for claim in stated if not is_kept(*claim)]))


def is_kept(what: str, ref: str, *values: str) -> bool:
    return KEPT[what](ref, *values)


def _field(ref: str, name: str, value: str) -> bool:
    return NeedlingSession.objects.filter(ref=ref, **{name: value}).exists()


def _site(ref: str, key: str) -> bool:
    return NeedleSite.objects.filter(session__ref=ref, key=key).exists()


def _signed(ref: str) -> bool:
    return NeedlingSession.objects.signed().filter(ref=ref, seal__isnull=False).exists()


def _addendum(ref: str, text: str) -> bool:
    return Addendum.objects.filter(session__ref=ref, text=text).exists()


def _patient(ref: str, family_name: str) -> bool:
    return Patient.objects.filter(ref=ref, family_name=family_name).exists()


def _call(ref: str) -> bool:
    return ContactAttempt.objects.filter(followup__ref=ref).exists()


def _visit(ref: str) -> bool:
    return Visit.objects.filter(patient__ref=ref, arrived_at__isnull=False).exists()


def _step(ref: str, verb: str) -> bool:
    return Visit.objects.filter(ref=ref, **{f"{STEPS[verb]}__isnull": False}).exists()


KEPT = {
    "field": _field,
    "site": _site,
    "signed": _signed,
    "addendum": _addendum,
    "patient": _patient,
    "call": _call,
    "visit": _visit,
    "step": _step,
}
