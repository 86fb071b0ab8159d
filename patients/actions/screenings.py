"""Records the answers to health questions and a therapist's review of them."""

import datetime as dt
from collections.abc import Mapping

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from clinic import audit
from clinic.access import Permission, may
from clinic.models import Practice
from clinic.values import errors
from patients.actions import records, wordings
from patients.models import Level, Patient, QuestionWording, Screening, ScreeningItem, Visit
from patients.rules import ages, merged, screenings
from patients.selectors import screenings as screenings_selectors


@transaction.atomic
def take(
    patient: Patient,
    *,
    by,
    kind: str,
    source: str,
    answers: Mapping[str, screenings.GivenAnswer],
    visit: Visit | None = None,
    at: dt.datetime | None = None,
    is_whole: bool = True,
) -> Screening:
    """Record the answers by item code. A clear result of a therapist's own questions counts as reviewed.

    Not `is_whole`: an answer that says stop is recorded before the others were given. It stays a stop.
    """
    items = list(screenings_selectors.asked_now(kind, patient=patient))
    errors.refuse(merged.reasons(patient) + _missing_reasons(items, answers, is_whole=is_whole))

    at = at or timezone.now()
    age = screenings.judged_age(kind, ages.age_on(patient.born, timezone.localdate(at)))
    not_asked = screenings.not_asked(items, answers)
    level = Level.STOP if not_asked else screenings.level_of(items, answers, age=age)
    versions = wordings.versions(items, catalogue=QuestionWording.Catalogue.HEALTH)
    screening = Screening.objects.create(
        patient=patient,
        visit=visit,
        kind=kind,
        source=source,
        taken_at=at,
        taken_by=by,
        rule_version=screenings.rule_version(items),
        not_asked=not_asked,
        computed_level=level,
        **screenings.packed(items, answers, versions=versions),
    )

    changes = _close_where_asked(screening, by=by, at=at)
    audit.record("screening.taken", screening, by=by, patient=patient, changes=changes)
    return screening


def _close_where_asked(screening: Screening, *, by, at: dt.datetime) -> dict:
    """The review of a clear result, where a therapist asked: what it changed, else nothing."""
    if not (may(by, Permission.SCREENING_REVIEW) and screenings.is_reviewed_by_asking(screening)):
        return {}
    _close(screening, by=by, decision=Screening.Decision.PROCEED, reason="", at=at)
    return {"decision": ["", screening.decision]}


def _missing_reasons(items: list, answers: Mapping, *, is_whole: bool) -> list[errors.Reason]:
    waits = is_whole or not screenings.says_stop(items, answers)
    return screenings.missing_reasons(items, answers) if waits else []


@transaction.atomic
def review(
    screening: Screening, *, by, decision: str, reason: str = "", at: dt.datetime | None = None
) -> Screening:
    """Record what the answers mean for treatment, which locks them."""
    patient = records.lock_record(screening.patient_id)
    screening = Screening.objects.select_for_update(of=("self",)).get(pk=screening.pk)
    if screening.reviewed_at is not None:
        raise errors.StaleRecord(_("These answers were reviewed by somebody else meanwhile."))
    rows = screenings_selectors.answers_of(screening)
    given = {row.item.code: row.given for row in rows}
    errors.refuse(
        screenings.review_reasons(
            computed=screening.computed_level,
            decision=decision,
            reason=reason,
            cannot_lower=screenings.cannot_be_lowered([row.item for row in rows], given),
            is_whole=not screening.not_asked,
        )
    )

    _close(screening, by=by, decision=decision, reason=reason, at=at or timezone.now())

    changes = {"level": [screening.computed_level, screening.decided_level], "decision": ["", decision]}
    audit.record("screening.reviewed", screening, by=by, patient=patient, changes=changes)
    return screening


def _close(screening: Screening, *, by, decision: str, reason: str, at: dt.datetime) -> None:
    screening.decision = decision
    screening.decided_level = screenings.level_after(screening.computed_level, decision)
    screening.reason = reason
    screening.reviewed_at, screening.reviewed_by = at, by
    if screening.kind == ScreeningItem.Kind.INTAKE:
        months = Practice.objects.get(pk=1).screening_months
        screening.expires_on = ages.months_later(timezone.localdate(screening.taken_at), months)
    screening.save(
        update_fields=["decision", "decided_level", "reason", "reviewed_at", "reviewed_by", "expires_on"]
    )


@transaction.atomic
def place_own_questions() -> None:
    """Put each question of the practice's own behind the shipped ones of its group, and others at the end.

    Called when one is saved, and when an update has placed the shipped ones anew.
    """
    for item in ScreeningItem.objects.filter(own=True):
        shipped = ScreeningItem.objects.filter(own=False, kind=item.kind)
        of_group = shipped.filter(group=item.group).aggregate(last=Max("position"))["last"]
        place = (of_group or shipped.aggregate(last=Max("position"))["last"] or 0) + 1
        if item.position != place:
            item.position = place
            item.save(update_fields=["position"])
