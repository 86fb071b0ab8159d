"""The practice's own muscles and conditions that a note names: the seal says what they were."""

from django.db.models import OuterRef, Q

from clinic.models.rows import RelatedRows, as_list, day
from patients.models import Condition, DiagnosisFamily
from treatments.models import Measurement, Muscle, NeedleSite, NeedlingSession, SessionCondition

APPROVED = {"source": "source", "approved_by": "approved_by", "approved_on": "approved_on"}
MUSCLE = {name: name for name in ("code", "name", "hazards", "billing_key")} | APPROVED
CONDITION = {"code": "code", "name": "name"} | APPROVED
VARIANT = {"code": "variant", "name": "label", "condition": "condition__code"} | APPROVED


def listed() -> dict[str, RelatedRows]:
    """Columns of a statement that reads the note."""
    note = OuterRef(OuterRef("pk"))
    needled = NeedleSite.objects.filter(session=note, muscle__isnull=False).values("muscle")
    measured = Measurement.objects.filter(session=note, muscle__isnull=False).values("muscle")
    treated = SessionCondition.objects.filter(session=note)
    muscles = Muscle.objects.filter(Q(pk__in=needled) | Q(pk__in=measured), own=True)
    conditions = Condition.objects.filter(pk__in=treated.values("patient_condition__condition"), own=True)
    coded = treated.filter(patient_condition__variant__isnull=False).values("patient_condition__variant")
    variants = DiagnosisFamily.objects.filter(pk__in=coded, own=True)
    return {
        "own_muscles": RelatedRows(muscles.order_by("code"), **MUSCLE),
        "own_conditions": RelatedRows(conditions.order_by("code"), **CONDITION),
        "own_variants": RelatedRows(variants.order_by("variant", "pk"), **VARIANT),
    }


def of(note: NeedlingSession) -> dict[str, list[dict]]:
    """{kind: rows} of a note that was read with the columns of `listed`; a kind without any is left out."""
    columns = vars(note)
    found = {
        "muscles": [{**row, "hazards": as_list(row["hazards"])} for row in columns["own_muscles"]],
        "conditions": columns["own_conditions"],
        "variants": columns["own_variants"],
    }
    return {
        kind: [{**row, "approved_on": day(row["approved_on"]).isoformat()} for row in rows]
        for kind, rows in found.items()
        if rows
    }
