"""The strip above every page about a patient: who it is, what may harm them, and what stands."""

import datetime as dt
import operator
from collections.abc import Callable
from functools import reduce

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone
from django.utils.formats import date_format

from clinic.access import Permission, may
from clinic.django_internals.prepared import Prepared
from clinic.models.rows import Rows, instant
from patients import validity
from patients.models import Allergy, Episode, Level, Medication, Patient, Screening, ScreeningAnswer

SHOWN_RISKS = 3
SHOWN_MEDICINES = 3
PATTERNS = 6
LETTERS = {Patient.Sex.FEMALE: "F", Patient.Sex.MALE: "M", Patient.Sex.OTHER: "Other"}
GRAVITY = {Level.STOP: 0, Level.CAUTION: 1}
# The questions behind the flag of a medicine: one tag says both.
THINNER_ITEMS = {"blood-thinner", "new-blood-thinner"}
# True when it was answered and no longer after the first treatment.
FIRST_TIME_ITEMS = {"first-needling"}
# Callables that say of the patient `OuterRef("pk")` whether they were needled here. A higher floor fills it.
NEEDLED: list[Callable[[], Exists]] = []


def with_alerts(patients: QuerySet) -> QuerySet:
    """Patients with what the strip shows of their risks, so that a page asks for both at once."""
    return patients.annotate(
        strip_needled=_was_needled(),
        strip_allergies=Rows(_standing(Allergy), what="substance", at="noted_at"),
        strip_medicines=Rows(_standing(Medication), what="name", thins="thins_blood", at="noted_at"),
        strip_answers=Rows(
            _answers_that_matter(),
            code="item__code",
            label="item__strip_label",
            answer="answer",
            concern="item__concern_answer",
            level="level",
            unknown_level="item__unknown_level",
            kind="screening__kind",
            at="screening__taken_at",
        ),
    )


def strip_for(
    patient: Patient,
    *,
    user,
    on: dt.date,
    facts: validity.Facts | None = None,
    actions: list[dict] | None = None,
) -> dict:
    """Context for components/_strip.html; `risks` are its tags before they fold.

    One query for the alerts unless the patient comes from `with_alerts`, two for validity unless given facts.
    """
    if not hasattr(patient, "strip_answers"):
        patient = ALERTS.one(pk=patient.pk)
    facts = facts or validity.facts_for([patient], on=on)[patient.pk]
    risks = _risks(patient, user=user, on=on)
    return {
        **_identity(patient, on=on),
        "tags": _folded(risks, url=patient.get_absolute_url()),
        "risks": risks,
        "states": [*_validity_states(facts, on=on), *_alert_states(patient, on=on)],
        "actions": actions or [],
    }


ALERTS = Prepared(lambda pk: with_alerts(Patient.objects.filter(pk=pk)))


def age_words(born: dt.date, on: dt.date) -> str:
    """“40 years”, or months below two years of age."""
    months = (on.year - born.year) * 12 + on.month - born.month - (on.day < born.day)
    if months >= 24:
        return f"{months // 12} years"
    return f"{months} month{'' if months == 1 else 's'}"


def said_on(day: dt.date, *, on: dt.date) -> str:
    """“12 May”, with the year when it is another one."""
    return date_format(day, "j M" if day.year == on.year else "j M Y")


def _standing(model) -> QuerySet:
    return model.objects.filter(patient=OuterRef("pk"), ended_at=None).order_by("pk")


def _was_needled() -> Q | Exists:
    """Here, or at the visits that were made before Filiform."""
    before = Exists(Episode.objects.filter(patient=OuterRef("pk"), visits_before__gt=0))
    return reduce(operator.or_, (said() for said in NEEDLED), before)


def _answers_that_matter() -> QuerySet:
    """Answers of concern in the newest reviewed questionnaire of each kind."""
    of_patient = Screening.objects.reviewed().filter(patient=OuterRef(OuterRef("pk")))
    newest = of_patient.order_by("-taken_at", "-pk")
    of_kind = [Subquery(newest.filter(kind=kind).values("pk")[:1]) for kind in ("intake", "visit")]
    concern = Q(answer=F("item__concern_answer")) | Q(answer=ScreeningAnswer.Answer.UNKNOWN)
    answers = ScreeningAnswer.objects.filter(Q(screening=of_kind[0]) | Q(screening=of_kind[1]))
    return answers.filter(concern).exclude(item__strip_label="").order_by("item__position")


def _identity(patient: Patient, *, on: dt.date) -> dict:
    return {
        "initials": patient.initials,
        "pattern": patient.pk % PATTERNS + 1,
        "name": ", ".join(part for part in (patient.family_name.upper(), patient.given_name) if part),
        "preferred": patient.preferred_name,
        "sex": LETTERS.get(patient.sex, ""),
        "age": age_words(patient.born, patient.deceased_on or on),
        "born": date_format(patient.born, "j M Y"),
        "ref": patient.ref,
        "phone": patient.phone,
        "url": patient.get_absolute_url(),
    }


def _risks(patient: Patient, *, user, on: dt.date) -> list[dict]:
    """Tags, the gravest first. Answers show to those who may read them; the desk sees a state."""
    answers = _labels(patient, on=on) if may(user, Permission.SCREENING_VIEW) else []
    thinner = next((row for row in answers if row["code"] in THINNER_ITEMS), None)
    tags = [_tag(row["level"], row["text"]) for row in answers if row["code"] not in THINNER_ITEMS]
    tags += _thinner_tags(patient, thinner)
    tags += [_tag(Level.CAUTION, f"Allergy: {row['what']}") for row in patient.strip_allergies]
    if patient.merged_into is not None:
        tags.append(_joined_tag(patient.merged_into))
    if patient.deceased_on:
        tags.append(_tag(Level.STOP, f"Died {said_on(patient.deceased_on, on=on)}"))
    return sorted(tags, key=_gravity)


def _labels(patient: Patient, *, on: dt.date) -> list[dict]:
    labels = []
    for row in patient.strip_answers:
        taken_on = timezone.localdate(instant(row["at"]))
        level = row["level"] if row["answer"] == row["concern"] else row["unknown_level"]
        # what was true of one visit is asked again at the next
        if level not in GRAVITY or (row["kind"] == "visit" and taken_on != on):
            continue
        if patient.strip_needled and row["code"] in FIRST_TIME_ITEMS:
            continue
        words = row["label"] if row["answer"] == row["concern"] else f"{row['label']}: not known"
        when = f"asked {said_on(taken_on, on=on)}"
        labels.append({"code": row["code"], "level": level, "text": f"{words}, {when}", "when": when})
    return labels


def _joined_tag(survivor: Patient) -> dict:
    text = f"Joined with {survivor.ref}: write there"
    return _tag(Level.STOP, text) | {"url": survivor.get_absolute_url()}


def _thinner_tags(patient: Patient, thinner: dict | None) -> list[dict]:
    names = [row["what"] for row in patient.strip_medicines if row["thins"]]
    if not names:
        return [_tag(thinner["level"], thinner["text"])] if thinner else []
    text = f"Blood thinner: {', '.join(names)}"
    if thinner is None:
        return [_tag(Level.CAUTION, text)]
    return [_tag(thinner["level"], f"{text}, {thinner['when']}")]


def _validity_states(facts: validity.Facts, *, on: dt.date) -> list[dict]:
    said = (
        ("Screening", validity.screening_state(facts, on=on)),
        ("Consent", validity.consent_state(facts, on=on)),
    )
    words = ((state.kind, f"{about}: {state.word[0].lower()}{state.word[1:]}") for about, state in said)
    return [{"kind": kind, "text": text} for kind, text in words]


def _alert_states(patient: Patient, *, on: dt.date) -> list[dict]:
    """“None known, asked 12 May” and “not asked” are different things and look different."""
    states = []
    if not patient.strip_allergies:
        states.append(_asked(patient.allergies_none_at, "No known allergies", "Allergies not asked", on=on))
    other = [row["what"] for row in patient.strip_medicines if not row["thins"]]
    if other:
        more = f" +{len(other) - SHOWN_MEDICINES}" if len(other) > SHOWN_MEDICINES else ""
        states.append({"kind": "info", "text": f"Medicines: {', '.join(other[:SHOWN_MEDICINES])}{more}"})
    elif not patient.strip_medicines:
        states.append(_asked(patient.medications_none_at, "No medicines", "Medicines not asked", on=on))
    return states


def _asked(asked_at, none: str, not_asked: str, *, on: dt.date) -> dict:
    if asked_at is None:
        return {"kind": "neutral", "text": not_asked}
    return {"kind": "ok", "text": f"{none}, asked {said_on(timezone.localdate(asked_at), on=on)}"}


def _folded(tags: list[dict], *, url: str) -> list[dict]:
    """The first three and “+2”; a stop never folds."""
    stops = [tag for tag in tags if tag["kind"] == Level.STOP]
    rest = tags[len(stops) :]
    room = max(SHOWN_RISKS - len(stops), 0)
    hidden = len(rest) - room
    if hidden <= 0:
        return tags
    return [*stops, *rest[:room], {"kind": "caution", "text": f"+{hidden} more", "url": f"{url}#risks"}]


def _tag(level: str, text: str) -> dict:
    return {"kind": str(level), "text": text}


def _gravity(tag: dict) -> int:
    return GRAVITY[tag["kind"]]
