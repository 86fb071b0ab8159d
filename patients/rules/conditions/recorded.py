"""What keeps a recorded condition from being changed or recorded again."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from clinic.models import CodeSet, Side
from clinic.rules import code_sets
from clinic.values.errors import Reason
from patients.models import DiagnosisFamily, PatientCondition
from patients.rules.conditions import diagnoses

LEFT_RIGHT_BOTH = frozenset({Side.LEFT, Side.RIGHT, diagnoses.BOTH})


def resolved_reasons(row: PatientCondition) -> list[Reason]:
    if row.resolved_at is None:
        return []
    message = _("This condition is resolved. Record it again when it came back.")
    return [Reason("condition-resolved", message)]


def repeated_reasons(
    rows: Iterable[PatientCondition], *, existing: Iterable[PatientCondition]
) -> list[Reason]:
    """A code stands once in an episode of care, and so does a condition on its side."""
    existing = list(existing)
    found = (_repeated(row, other) for row in rows for other in existing)
    return list({reason.message: reason for reason in found if reason}.values())


def code_set_reasons(rows: Iterable[PatientCondition], code_set: CodeSet | None) -> list[Reason]:
    """A code that the set of the day has not any more is not recorded anew."""
    if code_set is None:
        return []
    codes = code_sets.codes_of(code_set)
    message = _("%(code)s is not in the code set of today (%(release)s). Choose another variant.")
    return [
        Reason(
            "code-not-in-set",
            message % {"code": row.icd10, "release": code_set.release},
            field="variant" if row.variant else "side",
        )
        for row in rows
        if row.icd10 and codes.standing(row.icd10) == code_sets.GONE
    ]


def one_row_reasons(family: DiagnosisFamily | None, *, side: str) -> list[Reason]:
    """A recorded row stays one: it is for both sides only where one code says both."""
    if len(diagnoses.recorded_sides(family, side)) == 1:
        return []
    message = _(
        "Right and left have a code each here. Keep this row for one side and record the other side as well."
    )
    return [Reason("two-codes", message, field="side")]


def other_sides(row: PatientCondition, existing: Iterable[PatientCondition]) -> list[PatientCondition]:
    """The rows for one side that `row`, which is for both, stands for as well."""
    return [
        other
        for other in existing
        if row.side == diagnoses.BOTH and other.side != row.side and _is_same_condition(row, other)
    ]


def _repeated(row: PatientCondition, other: PatientCondition) -> Reason | None:
    if _is_same_condition(row, other) and row.side == other.side and row.icd10 == other.icd10:
        message = _("“%(condition)s” is already recorded. Change that one instead.")
        return _reason("condition-stands", message, other)
    if _is_same_condition(row, other) and _belong_in_one_row(row, other):
        message = _(
            "“%(condition)s” is already recorded. Both sides are one row: change that one to both sides."
        )
        return _reason("condition-other-side", message, other)
    if row.icd10 and row.icd10 == other.icd10:
        message = _(
            "%(code)s is already recorded with “%(condition)s”. A code stands once: change that one, or"
            " choose another variant."
        )
        return _reason("code-stands", message, other)
    return None


def _is_same_condition(row: PatientCondition, other: PatientCondition) -> bool:
    return (row.condition_id, row.variant_id) == (other.condition_id, other.variant_id)


def _belong_in_one_row(row: PatientCondition, other: PatientCondition) -> bool:
    """Left and right where one code says both, and a side beside both."""
    sides = {row.side, other.side}
    if row.variant is None:
        return diagnoses.BOTH in sides
    return sides <= LEFT_RIGHT_BOTH and diagnoses.has_one_code_for_both(row.variant)


def _reason(code: str, message: str, other: PatientCondition) -> Reason:
    return Reason(code, message % {"condition": other.label, "code": other.icd10}, field="side")
