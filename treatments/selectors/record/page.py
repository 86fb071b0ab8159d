"""What the record page reads of sessions and conditions."""

from patients.models import Patient, PatientCondition
from treatments.rules.record import page, panels, soreness_course, summary, trends
from treatments.rules.record.page import Sessions
from treatments.rules.record.patient_sessions import Treatment
from treatments.selectors.record import patient_sessions

SHOWN = 20


def sessions(patient: Patient, *, before: str, steps: list[int]) -> Sessions:
    """The newest twenty, or twenty before the session with that reference."""
    found = patient_sessions.of(patient)
    found = patient_sessions.before(found, before) if before else found
    read = patient_sessions.read(found[: SHOWN + 1])
    shown = read[:SHOWN]
    return Sessions(
        [page.session_row(one, steps) for one in shown], shown, shown[-1].ref if len(read) > SHOWN else ""
    )


def conditions(patient: Patient) -> list[PatientCondition]:
    """What stands first, the newest first, then what was resolved."""
    rows = PatientCondition.objects.filter(episode__patient=patient).select_related("condition", "variant")
    return sorted(rows, key=_standing_first)


def clinical(patient: Patient, *, practice, before: str = "") -> dict:
    """What only they see who may read the chart. Two statements."""
    steps = practice.followup_steps
    shown = sessions(patient, before=before, steps=steps)
    rows = conditions(patient)
    standing = [row for row in reversed(rows) if row.resolved_at is None]
    now = panels.course(patient)
    points = trends.series(shown.treatments)
    main = next(iter(points), None)
    return {
        "summary": summary.sentences(
            standing,
            shown.treatments,
            steps=steps,
            total=patient.session_count,
            visits_before=now["visits_before"] if now else 0,
        )
        if not before
        else [],
        "conditions": page.condition_lines(rows),
        "sessions": shown.rows,
        "older": shown.older,
        "steps": steps,
        "trend": trends.plot(points[main]) if main else None,
        "trend_of": _name(shown.treatments, main),
        "soreness": soreness_course.plot(shown.treatments, steps),
    }


def _standing_first(row: PatientCondition) -> tuple:
    return row.resolved_at is not None, -row.pk


def _name(treatments: list[Treatment], condition: int | None) -> str:
    pains = (pain for one in treatments for pain in one.pains if pain.condition == condition)
    pain = next(pains, None)
    return f"{pain.name}, {pain.side}" if pain else ""
