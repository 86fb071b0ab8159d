"""The conditions of a draft as values, with the codes that they have now."""

from patients.models import DiagnosisFamily
from patients.rules.conditions import diagnoses
from treatments.rules.session.parts import DraftCondition
from treatments.selectors.session.statement import CONDITION, VARIANT


def condition_of(found: dict) -> DraftCondition:
    """`found` is a row of the statement's list."""
    columns = {name: found[f"patient_condition__variant__{name}"] for name in VARIANT}
    variant = (
        DiagnosisFamily(**columns | {"encounter": bool(columns["encounter"])}) if columns["pk"] else None
    )
    side, encounter = found["patient_condition__side"], found["patient_condition__encounter"]
    return DraftCondition(
        recorded_icd10=found["patient_condition__icd10"],
        codes_now=frozenset(diagnoses.codes_now(variant, side=side, encounter=encounter)),
        **{name: found[name] for name in CONDITION},
    )
