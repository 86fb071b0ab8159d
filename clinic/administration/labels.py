"""What the columns of a table are called in the administration: words where the model has a column's name."""

import re
from functools import cache

from django.db import models
from django.utils.text import capfirst
from django.utils.translation import get_language, gettext, gettext_lazy

# Columns whose name says too little to who never saw the table.
LABELS = {
    "actor_name": gettext_lazy("who"),
    "ambiguous": gettext_lazy("fits several codes"),
    "angle_note": gettext_lazy("angle of the needle"),
    "asks_detail": gettext_lazy("asks for details"),
    "asks_regions": gettext_lazy("asks for parts of the body"),
    "at": gettext_lazy("when"),
    "business_days": gettext_lazy("days of direct access are business days"),
    "call_emergency": gettext_lazy("call 911"),
    "cancelled_at": gettext_lazy("canceled"),
    "cancelled_by": gettext_lazy("canceled by"),
    "certified_until": gettext_lazy("plan certified until"),
    "computed_level": gettext_lazy("level by the answers"),
    "concern_answer": gettext_lazy("answer of concern"),
    "copy_to_patient": gettext_lazy("the patient gets a copy"),
    "decided_level": gettext_lazy("level after the review"),
    "default_status": gettext_lazy("offered as"),
    "digest": gettext_lazy("checksum"),
    "external_id": gettext_lazy("number in another system"),
    "first_time_document": gettext_lazy("a document at the first visit"),
    "from_on": gettext_lazy("first day"),
    "guidance": gettext_lazy("what to do"),
    "icd10": gettext_lazy("ICD-10-CM code"),
    "id": gettext_lazy("ID"),
    "length_max_mm": gettext_lazy("longest needle (mm)"),
    "length_min_mm": gettext_lazy("shortest needle (mm)"),
    "local_points_only": gettext_lazy("local points only"),
    "lowerable": gettext_lazy("a review may lower it"),
    "merged_into": gettext_lazy("merged with"),
    "min_licence_months": gettext_lazy("license held for (months)"),
    "needs_legal_check": gettext_lazy("still needs a legal check"),
    "not_acupuncture": gettext_lazy("says that this is not acupuncture"),
    "not_acupuncture_statement": gettext_lazy("consent says that this is not acupuncture"),
    "object_kind": gettext_lazy("about"),
    "object_ref": gettext_lazy("its reference"),
    "paper_on": gettext_lazy("day of the signature on paper"),
    "patient_ref": gettext_lazy("patient"),
    "red_flag": gettext_lazy("a warning sign"),
    "ref": gettext_lazy("reference"),
    "request_id": gettext_lazy("request"),
    "retention_minor_age": gettext_lazy("minors: until this age, and then the years"),
    "retention_years": gettext_lazy("records are kept (years)"),
    "rule_version": gettext_lazy("version of the rules"),
    "scope": gettext_lazy("asked of"),
    "seq": gettext_lazy("number"),
    "side_policy": gettext_lazy("sides"),
    "strip_label": gettext_lazy("short label"),
    "training_statement": gettext_lazy("a statement about training"),
    "unknown_level": gettext_lazy("level of “I do not know”"),
    "unsigned_lead_hours": gettext_lazy("the lead is told of an unsigned note after (hours)"),
    "unsigned_nag_hours": gettext_lazy("the therapist is reminded of an unsigned note after (hours)"),
    "until_on": gettext_lazy("last day"),
    "valid_to": gettext_lazy("valid until"),
    "written_consent": gettext_lazy("consent in writing"),
}
UNIT = re.compile(r" (mm|seconds|minutes|hours|days|months|years)$")
INSTANT = re.compile(r" (at|on)$")


def label_of(field: models.Field) -> str:
    """The model's own words where it has any; else the column's name made readable."""
    return _label(field, get_language())


@cache
def _label(field: models.Field, language: str | None) -> str:
    if field.name in LABELS:
        return capfirst(str(LABELS[field.name]))
    chosen = str(field.verbose_name)
    return capfirst(chosen if chosen != plain_name(field) else gettext(derived_words(field)))


def heads_of(model: type[models.Model]) -> dict[str, str]:
    """{the head of a column as Django writes it: its label}"""
    return _heads(model, get_language())


@cache
def _heads(model: type[models.Model], language: str | None) -> dict[str, str]:
    return {capfirst(str(field.verbose_name)): label_of(field) for field in model._meta.fields}


def plain_name(field: models.Field) -> str:
    return field.name.replace("_", " ")


def derived_words(field: models.Field) -> str:
    """The column's name made readable; `clinic.administration.derived_words` lists what comes of it."""
    return UNIT.sub(r" (\1)", INSTANT.sub("", plain_name(field)))


def labels_of(model: type[models.Model]) -> dict[str, str]:
    return {field.name: label_of(field) for field in (*model._meta.fields, *model._meta.many_to_many)}
