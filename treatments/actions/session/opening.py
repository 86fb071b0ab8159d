"""A session is opened."""

import datetime as dt
from collections.abc import Iterable
from typing import TypeVar

from django.db import transaction
from django.db.models import Count
from django.utils import timezone
from django.utils.translation import gettext as _

from clinic import audit
from clinic.models import Practice
from clinic.rules import code_sets as code_set_rules
from clinic.rules.all_states import opinion_sentence
from clinic.selectors import code_sets
from clinic.values import errors
from clinic.values.errors import Reason
from clinic.values.words import in_source_words
from patients.actions import episodes
from patients.models import Consent, Patient, PatientCondition, Screening, Visit
from patients.rules.conditions import diagnoses, exclusions
from treatments.models import NeedlingSession, Override, SessionCondition
from treatments.rules.session import opening as opening_rules
from treatments.rules.sites import jurisdiction as jurisdiction_rules
from treatments.selectors.session import opening
from treatments.selectors.session.opening import jurisdiction_at

T = TypeVar("T")


@transaction.atomic
def open_session(
    patient: Patient, *, by, visit: Visit | None, conditions, access="", referral=None,
    consent_confirmed=True, supervisor=None, not_needled="", not_needled_detail="", late_entry_reason="",
    cautions_seen: str | None = None,
) -> NeedlingSession:  # fmt: skip
    """The draft of this visit. The one that stands is returned; a second one is never made.

    `not_needled` is why nobody is needled: consent and health questions are not asked for then. A visit of
    an earlier day needs a `late_entry_reason`.
    """
    today, now = timezone.localdate(), timezone.now()
    occasion = opening_rules.occasion(visit, today=today, needles=not not_needled)
    if visit is not None and (standing := _existing_session(visit, by)) is not None:
        return standing

    practice = Practice.objects.select_related("jurisdiction").get(pk=1)
    who = {"user": by, "supervisor": supervisor}
    facts = opening.open_facts_for(patient, practice=practice, occasion=occasion, **who)
    reasons = opening_rules.open_reasons(facts)
    late = opening_rules.late_reasons(occasion, today=today, reason=late_entry_reason)
    errors.refuse([*reasons, *late, *_form_reasons(patient, conditions, occasion, consent_confirmed)])
    _ask_cautions(patient, reasons, seen=cautions_seen)

    episode = episodes.current_episode(patient, by=by, on=today)
    visit = _required(visit)
    session = NeedlingSession.objects.create(
        **_where(patient, visit, episode, practice),
        **_checked(facts.safety, visit, needles=occasion.needles),
        **_start_stamps(by, now, visit, late=occasion.late, asked=consent_confirmed and occasion.needles),
        therapist=by,
        supervisor=supervisor,
        not_needled=not_needled,
        not_needled_detail=not_needled_detail,
        late_entry_reason=late_entry_reason if occasion.late else "",
        access=access or episode.access,
        referral=referral or episode.referral,
    )
    SessionCondition.objects.bulk_create(condition_rows(session, conditions, on=occasion.on))
    _file_counsel(session, facts, by=by)
    _record_opened(session, conditions, by=by)
    return session


def _file_counsel(session: NeedlingSession, facts: opening_rules.OpenFacts, *, by) -> None:
    """What counsel says stands in the note from the start, as the reason that the rule was answered with."""
    rule = facts.state_rule
    if not rule.bars or rule.opinion is None or session.not_needled:
        return
    with in_source_words():
        asked, reason = (
            jurisdiction_rules.barred_text(rule.name),
            opinion_sentence(rule.opinion),
        )
    Override.objects.create(
        session=session, rule=jurisdiction_rules.STATE_BARS, asked=asked, reason=reason, by=by
    )


def _where(patient: Patient, visit: Visit, episode, practice: Practice) -> dict:
    number = visit_number(episode, visit)
    return {
        "patient": patient, "visit": visit, "episode": episode, "location_id": visit.location_id,
        "visit_number": number, "jurisdiction": jurisdiction_at(visit.location, practice),
    }  # fmt: skip


def _record_opened(session: NeedlingSession, conditions, *, by) -> None:
    names = [row.icd10 or str(row.pk) for row in conditions]
    changes = {"conditions": [None, names], **_supervisor_change(session.supervisor)}
    if session.not_needled:
        changes["not_needled"] = [None, session.not_needled]
    reason = session.late_entry_reason
    audit.record("session.opened", session, by=by, patient=session.patient, changes=changes, reason=reason)


def _ask_cautions(patient, reasons: list[Reason], *, seen: str | None) -> None:
    """`seen` is the key of the cautions that the form has shown; None where no form was."""
    if seen is not None:
        errors.ask(opening_rules.cautions(reasons), about=patient.ref, confirmed=seen)


def _required(found: T | None) -> T:
    """What a session cannot be opened without: `open_reasons` has refused where it is missing."""
    if found is None:
        raise ValueError("A session is opened on a visit, health questions and a consent.")
    return found


def _form_reasons(patient, conditions, occasion, consent_confirmed) -> list[Reason]:
    found = []
    theirs = PatientCondition.objects.open().filter(
        episode__patient=patient, pk__in=[row.pk for row in conditions]
    )
    if not conditions or theirs.count() != len(conditions):
        message = _("Choose at least one condition that is treated today.")
        found.append(Reason("conditions-missing", message, field="conditions"))
    found += [_excluded(pair) for pair in exclusions.among(conditions)]
    if not (consent_confirmed or occasion.late or not occasion.needles):
        message = _("Ask the patient again, and confirm that they agree to dry needling today.")
        found.append(Reason("consent-unconfirmed", message, field="consent_confirmed"))
    return found


def _excluded(pair: exclusions.Pair) -> Reason:
    message = _(
        "%(question)s Choose one of the two, or open one of them on the record and say that both hold."
    )
    return Reason("codes-exclude", message % {"question": pair.question}, field="conditions")


def _existing_session(visit: Visit, by) -> NeedlingSession | None:
    """The session of this visit that `by` has opened before; the visit is locked from here on."""
    Visit.objects.select_for_update(of=("self",)).get(pk=visit.pk)
    return NeedlingSession.objects.counted().filter(visit=visit, therapist=by).first()


def _supervisor_change(supervisor) -> dict:
    return {"supervisor": [None, supervisor.username]} if supervisor is not None else {}


def _start_stamps(by, now, visit: Visit, *, late: bool, asked: bool) -> dict:
    """The page takes minutes; with seconds, an end in the same minute would lie before the start.

    The session of a visit that is over started when the patient went to the room.
    """
    came_at = visit.roomed_at or visit.arrived_at
    started_at = came_at if came_at and (late or visit.left_at) else now
    return {
        **({"consent_confirmed_at": now, "consent_confirmed_by": by} if asked else {}),
        "opened_at": now,
        "opened_by": by,
        "started_at": started_at.replace(second=0, microsecond=0),
    }


def _checked(safety, visit, *, needles: bool) -> dict:
    """Health questions and consent as they stood on the day; one that was opened to needle has all three."""
    screens = (screen for screen in safety.visit_screens if screen.visit_id in (None, visit.pk))
    return {
        "screening": _row(Screening, safety.intake),
        "visit_screening": _row(Screening, next(screens, None)),
        "consent": _row(Consent, safety.consent if needles and _stands(safety.consent) else None),
    }


def _stands(consent) -> bool:
    return consent is not None and not (consent.refused or consent.withdrawn)


def _row(model, facts):
    return None if facts is None else model(pk=facts.pk)


def visit_number(episode, visit: Visit) -> int:
    """Two therapists at one visit write two sessions of the same number."""
    others = NeedlingSession.objects.counted().filter(episode=episode, error_mark=None).exclude(visit=visit)
    made = others.aggregate(made=Count("visit", distinct=True))["made"]
    return episode.visits_before + made + 1


def condition_rows(session, conditions: Iterable[PatientCondition], *, on: dt.date) -> list[SessionCondition]:
    """One row for each code, under the code set of the session's day.

    Records of before a code stood once may have it for right and for left.
    """
    by_code: dict[str, list[PatientCondition]] = {}
    for row in conditions:
        by_code.setdefault(row.icd10 or f"condition {row.pk}", []).append(row)
    sets = code_sets.all_sets()
    return [_condition_row(session, rows, sets, on) for rows in by_code.values()]


def _condition_row(session, rows: list[PatientCondition], sets, on: dt.date) -> SessionCondition:
    row = rows[0]
    return SessionCondition(
        session=session,
        patient_condition=row,
        name=row.variant.label if row.variant else row.condition.name,
        side=diagnoses.joined_side(each.side for each in rows),
        icd10=row.icd10,
        **code_set_rules.stamp(sets, row.icd10, on),
    )
