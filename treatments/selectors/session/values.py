"""Rows into the values of a draft: the session's row with the lists of its statement, and rows of sites."""

import json
from collections.abc import Container, Iterable
from dataclasses import fields, replace
from decimal import Decimal
from typing import TypeVar
from uuid import UUID

from clinic.models import Practice, User
from clinic.models.rows import day, instant, put_beside, stored_key
from patients.models import Patient, ScreeningItem
from patients.rules import body_areas, wordings
from patients.selectors import notices
from treatments.models import NeedleSite, NeedlingSession
from treatments.rules import billing
from treatments.rules.adverse_events.event import EventOnFile
from treatments.rules.session import unsaved
from treatments.rules.session.draft import (
    Clinician,
    Draft,
    DraftPatient,
    DraftSession,
    PracticeChoices,
    SiteEntry,
)
from treatments.rules.session.opened_under import JurisdictionRules
from treatments.rules.session.parts import (
    AdviceItem,
    CourseRegion,
    DraftMeasurement,
    DraftSite,
    NewestEvent,
    PromptAnswer,
    SiteChange,
    SiteChoices,
    SiteMuscle,
    SiteRegion,
)
from treatments.rules.signing import supervision
from treatments.rules.sites import needled_site
from treatments.selectors.session import coded, safety, statement

T = TypeVar("T")
PREFIX = "draft_"
PEOPLE = {"patient", "therapist", "supervisor", "needles_second_by", "jurisdiction", "visit_at"}
SESSION = tuple(field.name for field in fields(DraftSession) if field.name not in PEOPLE)
MUSCLE = tuple(field.name for field in fields(SiteMuscle) if field.name != "hazards")
REGION = tuple(field.name for field in fields(SiteRegion))
SITE = tuple(field.name for field in fields(DraftSite) if field.name not in ("key", "muscle", "region"))


def taken_off(row: NeedlingSession) -> dict:
    """Takes the lists of the statement off the row, which is an ordinary row afterwards."""
    put_beside(row, *statement.BESIDE)
    names = [name for name in vars(row) if name.startswith(PREFIX)]
    return {name.removeprefix(PREFIX): vars(row).pop(name) for name in names}


def draft_of(row: NeedlingSession, lists: dict) -> Draft:
    """`row` with the people and rules beside it, `lists` as its statement made them."""
    sites = tuple(_site_of(found) for found in lists["sites"])
    changes, answered = lists.get("site_changes"), _answers_of_concern(row, lists)
    return Draft(
        session=session_of(row),
        practice=_practice(lists["practice"][0]),
        sites=sites,
        conditions=tuple(map(coded.condition_of, lists["conditions"])),
        measurements=tuple(map(_measurement, lists["measurements"])),
        advice=_advice(lists["advice"], lists["advice_given"]),
        advice_given=frozenset(found["code"] for found in lists["advice_given"]),
        prompt_answers=_each(PromptAnswer, map(_keyed, lists["answers"])),
        events=_each(NewestEvent, map(_keyed, lists["events"])),
        adverse_events=_each(EventOnFile, lists["adverse_events"]),
        has_calls=bool(lists["has_calls"]),
        safety=safety.opened_under(row, lists["consents"]),
        later_screenings=safety.later_screenings(row, lists["later_answers"]),
        later_consent=safety.later_consent(row, lists["consents"], lists["later_consents"]),
        concerns=_concerns(lists["concerns"], answered),
        avoided=_avoided(lists["concerns"], answered),
        health_answers=frozenset(code for code, _ in answered),
        courses=tuple(map(_course, lists["courses"])),
        suggested=frozenset(found["code"] for found in lists["suggested"]),
        medicare=notices.medicare_facts(lists["medicare"], lists["notices"]),
        coded_today=_each(billing.CodedNote, lists["coded_today"]),
        counters=tuple(_clinician(User(**found)) for found in lists["counters"]),
        unsaved=_unsaved(lists.get("unsaved"), {site.key for site in sites}),
        site_changes=None if changes is None else site_changes_of(changes),
        supervisor_changes=tuple(supervision.changes_of(lists["supervisors"])),
    )


def own_fields_of(row: NeedlingSession, lists: dict) -> Draft:
    """`row` with the people and rules beside it, `lists` of the statement `with_own_fields`."""
    return Draft(
        session=session_of(row),
        practice=_practice(lists["practice"][0]),
        counters=tuple(_clinician(User(**found)) for found in lists["counters"]),
    )


def signature_of(row: NeedlingSession, lists: dict) -> Draft:
    """The same with what was begun. Corrections of sites that do not stand wait for their site."""
    struck_at = {stored_key(found["key"]): found["struck_at"] for found in lists["site_keys"]}
    held = _unsaved(lists["unsaved"], struck_at)
    edits = {key: said for key, said in held.edits.items() if struck_at.get(key, "") is None}
    return replace(own_fields_of(row, lists), unsaved=replace(held, edits=edits))


def changed_parts_of(row: NeedlingSession, lists: dict) -> Draft:
    """`row` with the people and rules beside it, `lists` of the statement `with_changed_parts`."""
    return Draft(
        session=session_of(row),
        sites=tuple(map(_site_of, lists["sites"])),
        conditions=tuple(map(coded.condition_of, lists["conditions"])),
        events=_each(NewestEvent, map(_keyed, lists["events"])),
    )


def _each(kind: type[T], found: Iterable[dict]) -> tuple[T, ...]:
    return tuple(kind(**row) for row in found)


def _advice(found: list[dict], given: list[dict]) -> tuple[AdviceItem, ...]:
    """What was given has the words in which it was given: those of the list may have changed since."""
    words = {row["code"]: row["text"] for row in given}
    return tuple(AdviceItem(**row | {"text": words.get(row["code"], row["text"])}) for row in found)


def site_entry_of(row: NeedlingSession, lists: dict) -> SiteEntry:
    """`row` with its jurisdiction, `lists` of the statement `with_site_choices`."""
    conditions = tuple(map(coded.condition_of, lists["conditions"]))
    each = bool(row.jurisdiction.one_needle_per_insertion)
    choices = SiteChoices(conditions, lists["practice"][0]["needle_stock"], each)
    answers = frozenset(code for code, _ in _answers_of_concern(row, lists))
    return SiteEntry(row.pk, row.patient_id, choices, answers)


def session_of(row: NeedlingSession) -> DraftSession:
    return DraftSession(
        **{name: getattr(row, name) for name in SESSION},
        patient=_patient(row.patient),
        therapist=_clinician(row.therapist),
        supervisor=_clinician(row.supervisor) if row.supervisor else None,
        needles_second_by=_clinician(row.needles_second_by) if row.needles_second_by else None,
        visit_at=row.visit.arrived_at,
        jurisdiction=JurisdictionRules.of(row.jurisdiction),
    )


def site_of(row: NeedleSite) -> DraftSite:
    """`row` with its muscle and region."""
    muscle, region = row.muscle, row.region
    return DraftSite(
        key=str(row.key),
        muscle=SiteMuscle(hazards=tuple(muscle.hazards), **_columns(muscle, MUSCLE)) if muscle else None,
        region=SiteRegion(**_columns(region, REGION)) if region else None,
        **_columns(row, SITE),
    )


def site_changes_of(found: list[dict]) -> tuple[SiteChange, ...]:
    return tuple(
        SiteChange(stored_key(row["site_key"]), _plain(row["old"]), _plain(row["new"]), row["adopted"] or "")
        for row in found
    )


def site_key(value) -> str:
    """A key as text in one spelling: the engines write it with and without dashes."""
    return str(UUID(str(value))) if value else ""


def _columns(row, names: tuple[str, ...]) -> dict:
    return {name: getattr(row, name) for name in names}


def _patient(row: Patient) -> DraftPatient:
    return DraftPatient(row.pk, row.ref, row.born, row.listed_name, row.spoken_name)


def _clinician(row: User) -> Clinician:
    return Clinician(row.pk, row.display_name, row.username)


def _practice(found: dict) -> PracticeChoices:
    return PracticeChoices(
        sides_count_once=bool(found["sides_count_once"]),
        heads_count_once=bool(found["heads_count_once"]),
        ask_lot_numbers=bool(found["ask_lot_numbers"]),
        two_people_count=bool(found["two_people_count"]),
        needle_stock=found["needle_stock"],
        sign_reauth_minutes=found["sign_reauth_minutes"],
        unsigned_nag_hours=found["unsigned_nag_hours"],
        followup_steps=tuple(Practice(followup_hours=found["followup_hours"]).followup_steps),
        followup_open_hours=found["followup_open_hours"],
    )


def _decimal(value, places: int) -> Decimal | None:
    return None if value is None else Decimal(str(value)).quantize(Decimal(1).scaleb(-places))


def _site_of(found: dict) -> DraftSite:
    """A site out of the database's JSON, as `site_of` makes it of a row."""
    values = {name: found[name] for name in SITE}
    for name in ("needle_in_at", "needle_out_at", "added_at", "struck_at"):
        values[name] = instant(found[name])
    for name in ("taut_band", "nodule", "referral_reproduced"):
        values[name] = None if found[name] is None else bool(found[name])
    for name, places in (("gauge_mm", 2), ("stimulation_hz", 1), ("stimulation_ma", 2)):
        values[name] = _decimal(found[name], places)
    return DraftSite(key=stored_key(found["key"]), muscle=_muscle(found), region=_region(found), **values)


def _muscle(found: dict) -> SiteMuscle | None:
    if found["muscle__code"] is None:
        return None
    hazards = tuple(_plain(found["muscle__hazards"]))
    values = {name: found[f"muscle__{name}"] for name in MUSCLE}
    values["limit_approved_on"] = day(values["limit_approved_on"])
    values["facts_changed_at"] = instant(values["facts_changed_at"])
    return SiteMuscle(hazards=hazards, **values)


def _region(found: dict) -> SiteRegion | None:
    if found["region__code"] is None:
        return None
    values = {name: found[f"region__{name}"] for name in REGION}
    return SiteRegion(**values | {"over_lung": bool(values["over_lung"])})


def _measurement(found: dict) -> DraftMeasurement:
    numbers = {
        name: None if found[name] is None else Decimal(str(found[name])) for name in ("before", "after")
    }
    muscle = found["muscle_name"] or ""
    return DraftMeasurement(**{**found, **numbers, "active": bool(found["active"]), "muscle_name": muscle})


def _keyed(found: dict) -> dict:
    return {**found, "site_key": stored_key(found["site_key"])}


def _answers_of_concern(row: NeedlingSession, lists: dict) -> dict[tuple[str, str], wordings.Answered]:
    """By code and answer, those since the session was opened too. “Not known” is among them."""
    packed = [screening.concerns for screening in (row.screening, row.visit_screening) if screening]
    packed += [_plain(found["concerns"]) for found in lists["later_answers"]]
    return {(each.code, each.answer): each for given in packed for each in wordings.unpacked(given)}


def _concerns(
    found: list[dict], answered: dict[tuple[str, str], wordings.Answered]
) -> tuple[needled_site.ScreeningConcern, ...]:
    """The answers of concern about the whole patient that affect a site."""
    about = [row for row in found if row["scope"] == ScreeningItem.Scope.PATIENT]
    return tuple(
        needled_site.ScreeningConcern(row["acts_like"] or row["code"], row["label"], row["guidance"])
        for row in about
        if (row["code"], row["concern"]) in answered
    )


def _avoided(
    found: list[dict], answered: dict[tuple[str, str], wordings.Answered]
) -> tuple[needled_site.AvoidedRegion, ...]:
    """The answers of concern about single parts of the body."""
    about = [row for row in found if row["scope"] == ScreeningItem.Scope.SITE]
    return tuple(
        needled_site.AvoidedRegion(
            row["code"],
            row["label"],
            row["guidance"],
            _places(body_areas.meant_by(row["code"], given.regions)),
        )
        for row in about
        if (given := answered.get((row["code"], row["concern"])))
    )


def _places(found: Iterable[dict]) -> frozenset[tuple[str, str]]:
    return frozenset((row["region"], row["side"]) for row in found)


def _course(found: dict) -> CourseRegion:
    return CourseRegion(found["code"], day(found["issued_on"]), day(found["expires_on"]))


def _unsaved(found: list[dict] | None, saved: Container[str]) -> unsaved.UnsavedInput:
    if not found:
        return unsaved.NOTHING
    held = unsaved.read(_plain(found[0]["said"]), at=instant(found[0]["at"]))
    return unsaved.without_saved(held, saved=saved)


def _plain(value):
    """SQLite returns a list or an object inside a row as text."""
    return json.loads(value) if isinstance(value, str) else value
