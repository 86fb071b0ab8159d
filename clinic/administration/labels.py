"""What the columns of a table are called in the administration: words where the model has a column's name."""

import re

from django.db import models
from django.utils.text import capfirst

# Columns whose name says too little to who never saw the table.
LABELS = {
    "actor_name": "who",
    "ambiguous": "fits several codes",
    "angle_note": "angle of the needle",
    "asks_detail": "asks for details",
    "asks_regions": "asks for parts of the body",
    "at": "when",
    "call_emergency": "call 911",
    "certified_until": "plan certified until",
    "computed_level": "level by the answers",
    "concern_answer": "answer of concern",
    "copy_to_patient": "the patient gets a copy",
    "decided_level": "level after the review",
    "default_status": "offered as",
    "digest": "checksum",
    "external_id": "number in another system",
    "first_time_document": "a document at the first visit",
    "from_on": "first day",
    "guidance": "what to do",
    "icd10": "ICD-10-CM code",
    "length_max_mm": "longest needle (mm)",
    "length_min_mm": "shortest needle (mm)",
    "local_points_only": "local points only",
    "lowerable": "a review may lower it",
    "merged_into": "merged with",
    "min_licence_months": "license held for (months)",
    "needs_legal_check": "still needs a legal check",
    "not_acupuncture": "says that this is not acupuncture",
    "not_acupuncture_statement": "consent says that this is not acupuncture",
    "object_kind": "about",
    "object_ref": "its reference",
    "paper_on": "day of the signature on paper",
    "patient_ref": "patient",
    "red_flag": "a warning sign",
    "ref": "reference",
    "request_id": "request",
    "retention_minor_age": "minors: until this age, and then the years",
    "retention_years": "records are kept (years)",
    "rule_version": "version of the rules",
    "scope": "asked of",
    "seq": "number",
    "side_policy": "sides",
    "strip_label": "short label",
    "training_statement": "a statement about training",
    "unknown_level": "level of “I do not know”",
    "unsigned_lead_hours": "the lead is told of an unsigned note after (hours)",
    "unsigned_nag_hours": "the therapist is reminded of an unsigned note after (hours)",
    "until_on": "last day",
    "valid_to": "valid until",
    "written_consent": "consent in writing",
}
UNIT = re.compile(r" (mm|seconds|minutes|hours|days|months|years)$")
INSTANT = re.compile(r" (at|on)$")


def label_of(field: models.Field) -> str:
    """The model's own words where it has any; else the column's name made readable."""
    plain, chosen = field.name.replace("_", " "), str(field.verbose_name)
    words = chosen if chosen != plain else UNIT.sub(r" (\1)", INSTANT.sub("", plain))
    return capfirst(LABELS.get(field.name, words))


def labels_of(model: type[models.Model]) -> dict[str, str]:
    return {field.name: label_of(field) for field in (*model._meta.fields, *model._meta.many_to_many)}
