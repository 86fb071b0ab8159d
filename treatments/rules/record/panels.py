"""The panels of the record page beside the sessions."""

import datetime as dt

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clinic import formats
from clinic.access import Permission, may
from clinic.models.rows import day, instant
from clinic.rules.body_chart import regions_by_code
from clinic.values.addresses import reverse
from patients.models import Consent, Coverage, Episode, Level, Patient, RelatedPerson
from patients.rules import ages, validity
from treatments.rules.session.opening import LATE_DAYS


def visits(patient: Patient) -> list[dict]:
    """Visits ahead and the newest past ones, the latest first."""
    rows = [*reversed(patient.ahead_rows), *patient.past_rows]
    found = ({**row, "at": instant(row["at"]), "state": _state(row)} for row in rows)
    dated = ({**row, "on": timezone.localdate(row["at"])} for row in found)
    return sorted(dated, key=_at, reverse=True)


def next_visit(patient: Patient, *, after: dt.date) -> dict | None:
    """The next visit on a later day that still stands."""
    return next((row for row in _expected(patient) if row["on"] > after), None)


def _expected(patient: Patient) -> list[dict]:
    """The visits that are to come, the next one first."""
    over = ("arrived_at", "cancelled_at", "missed_at")
    ahead = (row for row in visits(patient) if not any(row[stamp] for stamp in over))
    return sorted(ahead, key=_at)


def _next_line(patient: Patient, on: dt.date) -> dict | None:
    """The next visit from today on."""
    row = next((row for row in _expected(patient) if row["on"] >= on), None)
    return row and {**row, "day": formats.near_day(row["on"], today=on)}


def open_episode(patient: Patient) -> dict | None:
    """The open episode of care."""
    row = next(iter(patient.episode_rows), None)
    if row is None:
        return None
    dates = {name: day(row[name]) for name in ("opened_on", "certified_until")}
    used = row["made"] + row["visits_before"]
    return {**row, **dates, "access": Episode.Access(row["access"]).label, "used": used}


def referrals(patient: Patient) -> list[dict]:
    return [
        {**row, "given_on": day(row["given_on"]), "expires_on": day(row["expires_on"])}
        for row in patient.referral_rows
    ]


def screenings(patient: Patient) -> list[dict]:
    return [
        {**row, "taken_at": instant(row["taken_at"]), "word": Level(row["level"]).label}
        for row in patient.screening_rows
    ]


def consents(patient: Patient) -> list[dict]:
    dated = ("given_at", "refused_at")
    return [
        {**row, **{name: instant(row[name]) for name in dated}, "expires_on": day(row["expires_on"])}
        for row in patient.consent_rows
    ]


def _state(row: dict) -> str:
    stamps = {"canceled": "cancelled_at", "no-show": "missed_at", "completed": "left_at"}
    stamps |= {"in-room": "roomed_at", "arrived": "arrived_at"}
    return next((name for name, stamp in stamps.items() if row[stamp]), "booked")


def _at(row: dict) -> dt.datetime:
    return row["at"]


VISIT_KINDS = {"booked": "neutral", "arrived": "info", "in-room": "info", "completed": "ok"}
VISIT_WORDS = {
    "booked": gettext_lazy("Booked"),
    "arrived": gettext_lazy("Arrived"),
    "in-room": gettext_lazy("In room"),
    "completed": gettext_lazy("Completed"),
    "canceled": gettext_lazy("Canceled"),
    "no-show": gettext_lazy("No-show"),
}


def side_panels(patient: Patient, facts: validity.ValidityFacts, *, user, on: dt.date) -> dict:
    """The panels beside the sessions: states for every reader, links by permission."""
    return {
        "safety": _safety(patient, facts, user=user, on=on),
        "episode": open_episode(patient),
        "contact": [*contact(patient, on), _insurance(patient)],
        "next_visit": _next_line(patient, on),
        "visits": _visit_lines(patient, on, user=user),
        "screenings": screenings(patient) if may(user, Permission.SCREENING_VIEW) else [],
        "consents": [_consent_line(row, on) for row in consents(patient)],
    }


def _safety(patient: Patient, facts: validity.ValidityFacts, *, user, on: dt.date) -> list[dict]:
    """Health questions, today's short screen and consent as states; the answers are on their own pages."""
    screening = validity.screening_state(facts, on=on)
    today = validity.visit_state(facts)
    consent = validity.consent_state(facts, on=on)
    lines = [
        {
            "label": _("Health questions"),
            "kind": screening.kind,
            "value": screening.label,
            "sub": _until(screening),
        },
        {"label": _("Today"), "kind": today.kind, "value": today.label},
        {"label": _("Consent"), "kind": consent.kind, "value": consent.label, "sub": _areas(facts)},
        _referral(patient),
    ]
    if may(user, Permission.SCREENING_VIEW):
        lines[0] |= _answers_link(patient, facts.intake, user=user)
        lines[1] |= _answers_link(patient, validity.visit_screen(facts), user=user)
    if facts.consent and may(user, Permission.CONSENT_VIEW):
        url = reverse("patients:consent", args=[patient.ref, facts.consent.pk])
        lines[2] |= {"url": url, "link": _("Read")}
    return lines


def _answers_link(patient: Patient, answers: validity.ScreeningFacts | None, *, user) -> dict:
    """The way to the answers; for whoever may review them also the word, while nobody has."""
    if answers is None:
        return {}
    waits = not answers.decided_level and may(user, Permission.SCREENING_REVIEW)
    url = reverse("patients:screening", args=[patient.ref, answers.pk])
    return {"url": url, "link": _("Review") if waits else _("Read")}


def _areas(facts: validity.ValidityFacts) -> str:
    """The regions that the patient consented to, named as on the body chart."""
    names = {row["consent_group"]: row["group"] for row in regions_by_code().values()}
    consented = facts.consent.regions if facts.consent else frozenset()
    if consented >= set(names):
        return _("Whole body")
    return ", ".join(name for code, name in names.items() if code in consented)


def _referral(patient: Patient) -> dict:
    newest = next(iter(referrals(patient)), None)
    if newest is None:
        return {"label": _("Referral"), "value": _("None")}
    ends = newest["expires_on"]
    given = formats.day(newest["given_on"])
    sub = _("%(given)s, ends %(day)s") % {"given": given, "day": formats.day(ends)} if ends else given
    return {"label": _("Referral"), "value": newest["by_whom"], "sub": sub}


def _until(state: validity.ValidityState) -> str:
    return _("Until %(day)s") % {"day": formats.day(state.until)} if state.until else ""


def contact(patient: Patient, on: dt.date) -> list[dict]:
    """How the patient and their people are reached."""
    place = " ".join(part for part in (patient.state, patient.postal_code) if part)
    address = ", ".join(part for part in (patient.address, patient.city, place) if part)
    return [
        {
            "label": _("Phone"),
            "value": patient.phone,
            "sub": _("Wrong number") if patient.phone_wrong_at else "",
        },
        {"label": _("Email"), "value": patient.email},
        {"label": _("Address"), "value": address},
        *_people(patient, on),
        {"label": _("Language"), "value": patient.language},
    ]


def _people(patient: Patient, on: dt.date) -> list[dict]:
    """Guardians and emergency contacts; of a minor the guardian who is missing."""
    guardian = RelatedPerson.Kind.GUARDIAN
    people = [
        {
            "label": _("Guardian") if row["kind"] == guardian else _("Emergency"),
            "value": ", ".join(part for part in (row["name"], row["relationship"]) if part),
            "sub": row["phone"],
        }
        for row in patient.people_rows
    ]
    has_one = any(row["kind"] == guardian for row in patient.people_rows)
    missing = {"label": _("Guardian"), "kind": "caution", "value": _("None on record")}
    return [missing, *people] if ages.is_minor(patient.born, on=on) and not has_one else people


def _insurance(patient: Patient) -> dict:
    payers = [
        ", ".join(filter(None, (str(Coverage.Kind(row["kind"]).label), row["payer"])))
        for row in patient.coverage_rows
    ]
    return {"label": _("Insurance"), "value": "; ".join(payers)}


def _visit_lines(patient: Patient, on: dt.date, *, user) -> list[dict]:
    """Readers of the chart find a visit with a note among the sessions."""
    reads, notes = may(user, Permission.CHART_VIEW), may(user, Permission.SESSION_OPEN)
    return [
        {
            **row,
            "is_owed": notes and _lacks_note(row, on),
            "kind": VISIT_KINDS.get(row["state"], "neutral"),
            "word": VISIT_WORDS[row["state"]],
            "day": formats.near_day(timezone.localdate(row["at"]), today=on),
        }
        for row in visits(patient)
        if not (reads and row["noted"])
    ]


def _lacks_note(row: dict, on: dt.date) -> bool:
    """Whether the visit is over, nobody has noted it, and it can still be noted."""
    is_over = row["arrived_at"] and (row["left_at"] or row["on"] < on)
    return bool(is_over) and not row["noted"] and on - row["on"] <= dt.timedelta(days=LATE_DAYS)


def _consent_line(row: dict, on: dt.date) -> dict:
    """One consent or refusal, with its state."""
    if row["refused_at"]:
        return {**row, "state_kind": "stop", "word": _("Refused"), "at": row["refused_at"], "how": ""}
    kind, word = "ok", _("Given")
    if row["withdrawn"]:
        kind, word = "stop", _("Withdrawn")
    elif row["expires_on"] and row["expires_on"] < on:
        kind, word = "caution", _("Expired")
    return {
        **row,
        "state_kind": kind,
        "word": word,
        "at": row["given_at"],
        "how": Consent.Method(row["method"]).label,
    }
