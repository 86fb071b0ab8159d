"""The health questions, their review, and consent, as they were asked and given."""

import datetime as dt
from collections.abc import Mapping

from demo.chart import Chart
from demo.shelf import answer_to
from patients.models import Consent, ConsentCopy, ConsentWithdrawal, Level, Screening, ScreeningAnswer, Visit
from patients.rules import ages, screenings

NONE: Mapping[str, str] = {}
WHY_CARE = "Fewer needles, longer pressure after each one."


def ask(
    chart: Chart,
    *,
    at: dt.datetime,
    concerns: Mapping[str, str] = NONE,
    source: str = Screening.Source.TABLET,
    reviewer=None,
) -> Screening:
    """The intake questionnaire. `concerns` is {item code: detail}; without a reviewer it waits for one."""
    shelf = chart.scene.shelf
    age = chart.age(at)
    screening = _file(
        chart, shelf.intake, concerns, at=at, by=chart.reception, kind="intake", source=source, age=age
    )
    if reviewer is not None:
        _review(chart, screening, by=reviewer)
        months = chart.scene.team.practice.screening_months
        screening.expires_on = ages.months_later(chart.scene.clock.day_of(at), months)
    chart.screening = screening
    return screening


def ask_again(
    chart: Chart, visit: Visit, *, at: dt.datetime, by, concerns: Mapping[str, str] = NONE
) -> Screening:
    """“Anything changed?”, asked by the therapist: nothing changed is reviewed as it is asked."""
    screening = _file(
        chart,
        chart.scene.shelf.visit,
        concerns,
        at=at,
        by=by,
        kind="visit",
        source=Screening.Source.STAFF,
        age=ages.ADULT_AGE,
        visit=visit,
    )
    if screening.computed_level == Level.CLEAR:
        screening.decision, screening.decided_level = Screening.Decision.PROCEED, Level.CLEAR
        chart.batch.review(screening, by=by, after=dt.timedelta(0))
    return screening


def _file(chart: Chart, items, concerns, *, at, by, kind, source, age, visit=None) -> Screening:
    shelf, batch = chart.scene.shelf, chart.batch
    worried = {item.code: _given(item, concerns[item.code]) for item in items if item.code in concerns}
    screening = batch.add(
        Screening,
        patient=chart.patient,
        visit=visit,
        kind=kind,
        source=source,
        taken_at=at,
        taken_by=by,
        rule_version=shelf.rule_versions[kind],
        computed_level=screenings.level_of(items, {**shelf.unworried, **worried}, age=age),
    )
    for item in items:
        if item.code in worried:
            said = answer_to(item, worried[item.code])
            batch.put(ScreeningAnswer, screening_id=screening.pk, **said)
        else:
            batch.print(shelf.usual_answers[item.code], screening.pk)
    batch.note("screening.taken", screening, by=by, patient=chart.patient, at=at)
    return screening


def _given(item, detail: str) -> screenings.Given:
    where = ({"region": "f-quadm", "side": "left"},) if item.asks_regions else ()
    return screenings.Given(item.concern_answer, detail, where)


def _review(chart: Chart, screening: Screening, *, by) -> None:
    """Clear proceeds; a caution proceeds with care; a stop stays one."""
    decisions = {
        Level.CLEAR: (Screening.Decision.PROCEED, ""),
        Level.CAUTION: (Screening.Decision.MODIFY, WHY_CARE),
        Level.STOP: (Screening.Decision.REFER, "Sent back to the family physician first."),
    }
    screening.decision, screening.reason = decisions[screening.computed_level]
    screening.decided_level = screenings.level_after(screening.computed_level, screening.decision)
    chart.batch.review(screening, by=by)
    said = {"decision": ["", screening.decision]}
    at = screening.taken_at + dt.timedelta(minutes=4)
    chart.batch.note("screening.reviewed", screening, by=by, patient=chart.patient, at=at, changes=said)


def consent(
    chart: Chart, *, at: dt.datetime, therapist, guardian: str = "", on_paper: bool = False
) -> Consent:
    """Agreed to every part of the body; with a printed copy."""
    scene, patient = chart.scene, chart.patient
    text, day = scene.shelf.consent_text, scene.clock.day_of(at)
    signer = guardian or patient.spoken_name
    paper = {"method": Consent.Method.PAPER, "paper_on": day, "paper_place": "Cabinet A"}
    typed = {"method": Consent.Method.TYPED, "signature": signer}
    chart.consent = chart.batch.add(
        Consent,
        patient=patient,
        text=text,
        text_digest=text.digest,
        therapist=therapist,
        regions=list(scene.shelf.consent_groups),
        statements=list(text.statements),
        signer=Consent.Signer.GUARDIAN if guardian else Consent.Signer.PATIENT,
        signer_name=signer,
        relationship="Mother" if guardian else "",
        given_at=at,
        given_by=chart.reception,
        witness=chart.reception,
        expires_on=ages.months_later(day, scene.team.practice.consent_months),
        recorded_at=at,
        **(paper if on_paper else typed),
    )
    chart.batch.note("consent.given", chart.consent, by=chart.reception, patient=patient, at=at)
    chart.batch.add(
        ConsentCopy, consent=chart.consent, how=ConsentCopy.How.PRINTED, given_at=at, given_by=chart.reception
    )
    return chart.consent


def withdraw(chart: Chart, *, at: dt.datetime) -> None:
    by, reason = chart.reception, "Prefers exercise and manual therapy for now."
    chart.batch.add(ConsentWithdrawal, consent=chart.consent, reason=reason, withdrawn_at=at, withdrawn_by=by)
    chart.batch.note("consent.withdrawn", chart.consent, by=by, patient=chart.patient, at=at, reason=reason)


def refuse(chart: Chart, *, at: dt.datetime) -> None:
    refused = chart.batch.add(
        Consent,
        patient=chart.patient,
        text=chart.scene.shelf.consent_text,
        text_digest=chart.scene.shelf.consent_text.digest,
        signer_name=chart.patient.spoken_name,
        method=Consent.Method.SPOKEN,
        refused_at=at,
        refused_by=chart.reception,
        refused_reason="Does not want needles.",
        recorded_at=at,
    )
    chart.batch.note("consent.refused", refused, by=chart.reception, patient=chart.patient, at=at)
