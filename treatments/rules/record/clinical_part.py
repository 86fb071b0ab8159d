"""The part of the record page for readers of the chart."""

from patients.models import Patient, PatientCondition
from treatments.rules.record import (
    glance,
    page,
    panels,
    patient_sessions,
    pictures,
    summary,
    trends,
    visit_maps,
)
from treatments.rules.record.page import SessionsPage
from treatments.rules.record.patient_sessions import Merged


def contents(
    patient: Patient,
    shown: SessionsPage,
    conditions: list[PatientCondition],
    *,
    steps: list[int],
    is_newest: bool,
    general: int,
    merged: Merged,
) -> dict:
    """The context of this part. The summary stands with the newest sessions only.

    It tells of the `merged` records too.

    `general`: the change of pain that is felt, where a condition has no value of its own.
    """
    points = trends.series(shown.treatments, general=general)
    main = next(iter(points), None)
    maps = visit_maps.of(shown.treatments)
    return {
        "summary": _summary(patient, shown, conditions, steps=steps, general=general) if is_newest else [],
        "conditions": page.condition_lines(conditions, merged),
        "sessions": [
            {**page.session_row(one, steps), "maps": maps.get(one.ref, ())} for one in shown.treatments
        ],
        "glance": glance.contents(shown.treatments) if is_newest else {},
        "older": shown.older,
        "steps": steps,
        "trend": pictures.pain(points[main]) if main else None,
        "trend_of": patient_sessions.condition_name(shown.treatments, main),
        "soreness": pictures.soreness(shown.treatments, steps),
    }


def _summary(
    patient: Patient,
    shown: SessionsPage,
    conditions: list[PatientCondition],
    *,
    steps: list[int],
    general: int,
) -> list[str]:
    episode = panels.open_episode(patient)
    return summary.sentences(
        [row for row in reversed(conditions) if row.resolved_at is None],
        [one for one in shown.treatments if not one.is_draft],
        steps=steps,
        general=general,
        total=patient.finished_count,
        visits_before=episode["visits_before"] if episode else 0,
    )
