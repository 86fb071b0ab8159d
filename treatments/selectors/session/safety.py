"""Health questions and consent of a draft: what the session was opened under, and what came since."""

from collections.abc import Iterable
from dataclasses import replace

from clinic.models.rows import as_list, day, instant
from patients.models import Consent, Screening
from patients.rules import validity
from treatments.models import NeedlingSession
from treatments.rules.session.parts import LaterConsent, LaterScreening

Kind = Consent.Kind


def opened_under(row: NeedlingSession, consents: list[dict]) -> validity.ValidityFacts:
    visit_screen = _screening(row.visit_screening)
    return validity.ValidityFacts(
        ref=row.patient.ref,
        born=row.patient.born,
        intake=_screening(row.screening),
        visit_screens=(visit_screen,) if visit_screen else (),
        consent=_consent(row.consent, consents),
    )


def later_screenings(row: NeedlingSession, found: Iterable[dict]) -> tuple[LaterScreening, ...]:
    """The oldest first."""
    stood = {row.screening_id, row.visit_screening_id}
    return tuple(
        LaterScreening(
            kind=each["kind"],
            taken_at=instant(each["taken_at"]),
            facts=validity.ScreeningFacts(
                each["pk"],
                each["computed_level"],
                each["decided_level"],
                day(each["expires_on"]),
                each["visit_id"],
            ),
        )
        for each in found
        if each["pk"] not in stood
    )


def later_consent(row: NeedlingSession, consents: list[dict], later: list[dict]) -> LaterConsent | None:
    """The newest consent or refusal, else that of the session where it has ended. None: it stands as it was.

    `later` are the patient's consents and refusals since the session was opened, the oldest first.
    """
    newest = _last(each for each in later if each["kind"] == Kind.INITIAL and each["pk"] != row.consent_id)
    if newest:
        return _newer(newest, later)
    facts = _consent(row.consent, consents)
    return _ended(row.consent, facts, later) if row.consent and facts else None


def _ended(consent: Consent, facts: validity.ConsentFacts, later: list[dict]) -> LaterConsent | None:
    """Withdrawn, or refused when the patient was asked what a newer text says otherwise."""
    if facts.withdrawn:
        return LaterConsent(facts, consent.withdrawal.withdrawn_at)
    update = _last(each for each in later if each["kind"] == Kind.UPDATE and each["parent_id"] == consent.pk)
    if not update or not update["refused_at"]:
        return None
    return LaterConsent(replace(facts, refused=True), instant(update["refused_at"]))


def _last(found: Iterable[dict]) -> dict | None:
    return next(reversed([*found]), None)


def _newer(found: dict, later: list[dict]) -> LaterConsent:
    added = [each for each in later if each["parent_id"] == found["pk"] and not _ended_at(each)]
    facts = validity.ConsentFacts(
        pk=found["pk"],
        expires_on=day(found["expires_on"]),
        refused=found["refused_at"] is not None,
        withdrawn=found["withdrawn_at"] is not None,
        signer=found["signer"],
        regions=_regions([found, *added]),
    )
    return LaterConsent(facts, instant(_ended_at(found)))


def _ended_at(found: dict):
    return found["refused_at"] or found["withdrawn_at"]


def _consent(row: Consent | None, with_additions: list[dict]) -> validity.ConsentFacts | None:
    """`with_additions` are the consent and the later ones that added regions to it."""
    if row is None:
        return None
    return validity.ConsentFacts(
        pk=row.pk,
        expires_on=row.expires_on,
        refused=row.refused_at is not None,
        withdrawn=getattr(row, "withdrawal", None) is not None,
        signer=row.signer,
        regions=_regions(with_additions),
    )


def _regions(consents: Iterable[dict]) -> frozenset[str]:
    return frozenset(group for found in consents for group in as_list(found["regions"]))


def _screening(row: Screening | None) -> validity.ScreeningFacts | None:
    if row is None:
        return None
    return validity.ScreeningFacts(
        row.pk, row.computed_level, row.decided_level, row.expires_on, row.visit_id
    )
