"""Merging two records in a test, and what is stored and shown of them."""

import uuid

from django.urls import reverse
from django.utils import timezone

from clinic.audit import rows as audit_rows
from patients.models import MergeJournal, Patient, PatientAccess, PatientKey
from patients.selectors import banner
from tests.patient_rows import models_with_a_patient
from treatments.actions import merging
from treatments.rules import merging as rules

REASON = "Registered again by phone"


def merged(survivor, loser, by, **choices) -> MergeJournal:
    likely = {name: rules.likely_choice(name, survivor, loser) for name in rules.differing(survivor, loser)}
    return merging.merge(survivor, loser, by=by, reason=REASON, choices={**likely, **choices})


def stored() -> dict:
    """Every row that belongs to a patient, but the journal; search keys by what they say.

    Of who may open a restricted record those who may: an access that ended is kept for the access log.
    """
    found = {}
    for model in models_with_a_patient().keys() - {MergeJournal}:
        columns = ("patient", "kind", "value") if model is PatientKey else ()
        rows = model._base_manager.order_by().values_list(*columns)
        rows = rows.filter(until_at=None) if model is PatientAccess else rows
        found[model] = sorted(audit_rows.canonical(list(row)) for row in rows)
    return found


def tags_of(patient, user) -> str:
    shown = banner.banner_for(Patient.objects.get(pk=patient.pk), user=user, on=timezone.localdate())
    return " · ".join(item["text"] for item in (*shown["risks"], *shown["states"]))


def merge_page(ada, twin) -> str:
    return reverse("treatments:merge", args=[ada.ref, twin.ref])


def filled(page, **typed) -> dict:
    form = page.context["form"]
    chosen = {name: form[name].value() for name in form.fields if form[name].value()}
    return {**chosen, "form_key": uuid.uuid4().hex, "reason": REASON, **typed}
