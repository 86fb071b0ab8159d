"""What one patient's page shows: finished answers for its template, from rows that are read once."""

import datetime as dt
from dataclasses import dataclass

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from clinic.access import Permission, may
from clinic.rules.body_chart import region_facts
from patients.models import Consent, Coverage, Patient, PatientCondition, RelatedPerson
from patients.rules import banner, validity
from patients.rules.conditions import onset
from treatments import around, course, soreness_course, summary, trends
from treatments.course import Treatment

SHOWN = 20
STATES = {"draft": ("draft", "Draft"), "signed": ("ok", "Signed"), "closed": ("caution", "Closed unsigned")}
UNANSWERED = {"unreachable": "Not reached", "declined": "Declined", "not_needed": "Not needed", "": "Not yet"}
VISIT_KINDS = {"booked": "neutral", "arrived": "info", "in room": "info", "left": "ok"}


@dataclass(frozen=True)
class Sessions:
    """One page of the sessions table, and where the older ones are."""

    rows: list[dict]
    treatments: list[Treatment]
    older: str = ""


def sessions(patient: Patient, *, before: str, steps: list[int]) -> Sessions:
    """The newest twenty, or twenty before the session with that reference."""
    found = course.of(patient)
    found = course.before(found, before) if before else found
    read = course.read(found[: SHOWN + 1])
    shown = read[:SHOWN]
    return Sessions(
        [session_row(one, steps) for one in shown], shown, shown[-1].ref if len(read) > SHOWN else ""
    )


def session_row(one: Treatment, steps: list[int]) -> dict:
    kind, text = STATES[one.state]
    if one.state == "draft":
        text = f"Draft, {len(one.sites)} site{'' if len(one.sites) == 1 else 's'}"
    elif one.in_error:
        kind, text = "neutral", "In error"
    elif one.amended:
        kind, text = "info", "Amended"
    return {
        "ref": one.ref,
        "on": one.on,
        "number": one.number,
        "sites": ", ".join(f"{muscle} {count}" for muscle, count in _by_muscle(one).items()),
        "pains": one.pains,
        "soreness": soreness_words(one, steps),
        "kind": kind,
        "state": text,
        "in_error": one.in_error,
    }


def _by_muscle(one: Treatment) -> dict[str, int]:
    """Insertions by muscle and side, in the order they were needled."""
    totals: dict[str, int] = {}
    for site in one.sites:
        totals[site.short] = totals.get(site.short, 0) + site.insertions
    return totals


def soreness_words(one: Treatment, steps: list[int]) -> str:
    """“4, then 1”; without any report, why there is none."""
    said = {sore.step: str(sore.now) for sore in one.soreness}
    if said:
        known = [step for step in sorted({*steps, *one.steps}) if step in said or step in one.steps]
        return ", then ".join(said.get(step, "–") for step in known)
    outcomes = list(one.steps.values())
    return UNANSWERED.get(outcomes[-1], "") if outcomes else ""


def conditions(patient: Patient) -> list[PatientCondition]:
    """What stands first, the newest first, then what was resolved."""
    rows = PatientCondition.objects.filter(episode__patient=patient).select_related("condition", "variant")
    return sorted(rows, key=_standing_first)


def condition_lines(rows: list[PatientCondition]) -> list[dict]:
    return [
        {
            "pk": row.pk,
            "label": row.label,
            "details": " · ".join(_details(row)),
            "resolved_on": timezone.localdate(row.resolved_at) if row.resolved_at else None,
            "resolved_reason": row.resolved_reason,
        }
        for row in rows
    ]


def clinical(patient: Patient, *, practice, before: str = "") -> dict:
    """What only they see who may read the chart. Two statements."""
    steps = practice.followup_steps
    shown = sessions(patient, before=before, steps=steps)
    rows = conditions(patient)
    standing = [row for row in reversed(rows) if row.resolved_at is None]
    now = around.course(patient)
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
        "conditions": condition_lines(rows),
        "sessions": shown.rows,
        "older": shown.older,
        "steps": steps,
        "trend": trends.plot(points[main]) if main else None,
        "trend_of": _name(shown.treatments, main),
        "soreness": soreness_course.plot(shown.treatments, steps),
    }


def beside(patient: Patient, facts: validity.Facts, *, user, on: dt.date) -> dict:
    """The panels beside the sessions; states for everybody, pages behind them for those who may."""
    return {
        "safety": _safety(patient, facts, user=user, on=on),
        "course": around.course(patient),
        "contact": _contact(patient),
        "visits": _visit_lines(patient, on),
        "screenings": around.screenings(patient) if may(user, Permission.SCREENING_VIEW) else [],
        "consents": [_consent_line(row, on) for row in around.consents(patient)],
    }


def actions(patient: Patient, *, user) -> list[dict]:
    """The one next step in the strip."""
    if patient.my_draft:
        url = reverse("treatments:session", args=[patient.my_draft])
        return [{"url": url, "label": "Continue session", "icon": "needle", "look": "primary"}]
    if may(user, Permission.SESSION_OPEN):
        url = reverse("treatments:session-open", args=[patient.ref])
        return [{"url": url, "label": "Start session", "icon": "needle", "look": "primary"}]
    if may(user, Permission.VISIT_MANAGE):
        url = reverse("patients:visit-book", args=[patient.ref])
        return [{"url": url, "label": "Book a visit", "icon": "calendar", "look": "primary"}]
    return []


def _standing_first(row: PatientCondition) -> tuple:
    return row.resolved_at is not None, -row.pk


def _details(row: PatientCondition) -> list[str]:
    since = onset.words(row.onset_on, row.onset_precision)
    said = [
        f"{row.icd10} ({row.code_set_year})" if row.icd10 else "",
        f"since {since}" if since else "",
        row.get_cause_display().lower() if row.cause != PatientCondition.Cause.UNKNOWN else "",
        f"goal: {row.goal}" if row.goal else "",
    ]
    return [part for part in said if part]


def _name(treatments: list[Treatment], condition: int | None) -> str:
    pains = (pain for one in treatments for pain in one.pains if pain.condition == condition)
    pain = next(pains, None)
    return f"{pain.name}, {pain.side}" if pain else ""


def _safety(patient: Patient, facts: validity.Facts, *, user, on: dt.date) -> list[dict]:
    """Screening, today's questions and consent as states; answers are on their own pages."""
    screening = validity.screening_state(facts, on=on)
    today = validity.visit_state(facts)
    consent = validity.consent_state(facts, on=on)
    lines = [
        {"label": "Screening", "kind": screening.kind, "value": screening.word, "sub": _until(screening)},
        {"label": "Today", "kind": today.kind, "value": today.word},
        {"label": "Consent", "kind": consent.kind, "value": consent.word, "sub": _areas(facts)},
        _referral(patient),
    ]
    if facts.intake and may(user, Permission.SCREENING_VIEW):
        url = reverse("patients:screening", args=[patient.ref, facts.intake.pk])
        lines[0] |= {"url": url, "link": "Read"}
    if facts.consent and may(user, Permission.CONSENT_VIEW):
        url = reverse("patients:consent", args=[patient.ref, facts.consent.pk])
        lines[2] |= {"url": url, "link": "Read"}
    return lines


def _areas(facts: validity.Facts) -> str:
    """Where the patient agreed to be needled, in the words of the body chart."""
    names = {row["consent_group"]: row["group"] for row in region_facts().values()}
    agreed = facts.consent.regions if facts.consent else frozenset()
    if agreed >= set(names):
        return "Whole body"
    return ", ".join(name for code, name in names.items() if code in agreed)


def _referral(patient: Patient) -> dict:
    newest = next(iter(around.referrals(patient)), None)
    if newest is None:
        return {"label": "Referral", "value": "None"}
    ends = newest["expires_on"]
    given = date_format(newest["given_on"], "j M Y")
    sub = f"{given}, ends {date_format(ends, 'j M Y')}" if ends else given
    return {"label": "Referral", "value": newest["by_whom"], "sub": sub}


def _until(state: validity.State) -> str:
    return f"Until {date_format(state.until, 'j M Y')}" if state.until else ""


def _contact(patient: Patient) -> list[dict]:
    people = [
        {
            "label": "Guardian" if row["kind"] == RelatedPerson.Kind.GUARDIAN else "Emergency",
            "value": ", ".join(part for part in (row["name"], row["relationship"]) if part),
            "sub": row["phone"],
        }
        for row in patient.people_rows
    ]
    place = " ".join(part for part in (patient.state, patient.postal_code) if part)
    address = ", ".join(part for part in (patient.address, patient.city, place) if part)
    payers = [
        ", ".join(filter(None, (Coverage.Kind(row["kind"]).label, row["payer"])))
        for row in patient.coverage_rows
    ]
    return [
        {"label": "Phone", "value": patient.phone},
        {"label": "Email", "value": patient.email},
        {"label": "Address", "value": address},
        *people,
        {"label": "Language", "value": patient.language},
        {"label": "Cover", "value": "; ".join(payers)},
    ]


def _visit_lines(patient: Patient, on: dt.date) -> list[dict]:
    return [
        {
            **row,
            "kind": VISIT_KINDS.get(row["state"], "neutral"),
            "word": row["state"].capitalize(),
            "day": banner.said_on(timezone.localdate(row["at"]), on=on),
        }
        for row in around.visits(patient)
    ]


def _consent_line(row: dict, on: dt.date) -> dict:
    """One consent or refusal, with what became of it."""
    if row["refused_at"]:
        return {**row, "state_kind": "stop", "word": "Refused", "at": row["refused_at"], "how": ""}
    kind, word = "ok", "Given"
    if row["withdrawn"]:
        kind, word = "stop", "Withdrawn"
    elif row["expires_on"] and row["expires_on"] < on:
        kind, word = "caution", "Ended"
    return {
        **row,
        "state_kind": kind,
        "word": word,
        "at": row["given_at"],
        "how": Consent.Method(row["method"]).label,
    }
