"""What the patient banner shows, from a patient read by its selector: identity, risk flags, states."""

import datetime as dt

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from clinic import formats
from clinic.access import Permission, may
from clinic.models.rows import as_list, instant
from clinic.values.addresses import reverse
from clinic.values.words import Text
from patients.models import Level, Patient, Screening
from patients.rules import ages, body_areas, validity, wordings

SHOWN_RISKS = 3
SHOWN_MEDICINES = 3
AVATAR_PATTERNS = 6
SEX_LABELS: dict[str, Text] = {
    Patient.Sex.FEMALE: pgettext_lazy("sex", "F"),
    Patient.Sex.MALE: pgettext_lazy("sex", "M"),
    Patient.Sex.OTHER: gettext_lazy("Other"),
}
SEVERITY: dict[str, int] = {Level.STOP: 0, Level.CAUTION: 1}
# Questions about blood thinners: their answer and the medicine share one tag.
BLOOD_THINNER_ITEMS = {"blood-thinner", "new-blood-thinner"}
# Answers about an allergy stand with the allergies.
ALLERGY_ITEMS = {"metal-allergy"}
# What the state of a minor says already, from the birth date and the guardian on record.
SAID_OF_A_MINOR = {"under-18"}
# Answers that no longer hold after the first treatment.
FIRST_TIME_ITEMS = {"first-needling"}


def identity(patient: Patient, *, on: dt.date) -> dict:
    return {
        "initials": patient.initials,
        "pattern": patient.pk % AVATAR_PATTERNS + 1,
        "name": ", ".join(part for part in (patient.family_name.upper(), patient.given_name) if part),
        "preferred": patient.preferred_name,
        "sex": str(SEX_LABELS.get(patient.sex, "")),
        "age": ages.age_words(patient.born, patient.deceased_on or on),
        "born": formats.day(patient.born),
        "ref": patient.ref,
        "phone": patient.phone,
        "url": patient.get_absolute_url(),
    }


def risk_tags(patient: Patient, *, user, on: dt.date) -> list[dict]:
    """Tags of the risk flags, the most severe first. Answers show only to those who may read them."""
    answers = _answer_labels(patient, on=on) if may(user, Permission.SCREENING_VIEW) else []
    thinner = next((row for row in answers if row["code"] in BLOOD_THINNER_ITEMS), None)
    tags = _thinner_tags(patient, thinner)
    tags += [
        _tag(Level.CAUTION, _("Allergy: %(substance)s") % {"substance": row["what"]})
        for row in patient.banner_allergies
    ]
    said = BLOOD_THINNER_ITEMS | (SAID_OF_A_MINOR if ages.is_minor(patient.born, on=on) else set())
    others = [row for row in answers if row["code"] not in said]
    # the sort is stable: of one level what is known stands before what is not
    tags += [_tag(row["level"], row["text"]) for row in sorted(others, key=_certainty)]
    if patient.merged_into is not None:
        tags.append(_merged_tag(patient.merged_into))
    if patient.deceased_on:
        tags.append(
            _tag(Level.STOP, _("Deceased %(day)s") % {"day": formats.near_day(patient.deceased_on, today=on)})
        )
    return sorted(tags, key=_severity)


def _answer_labels(patient: Patient, *, on: dt.date) -> list[dict]:
    labels = []
    for screening in patient.banner_answers or []:
        taken_on = timezone.localdate(instant(screening["at"]))
        # answers of a visit hold on its day only
        if screening["kind"] == "visit" and taken_on != on:
            continue
        when = _("asked %(day)s") % {"day": formats.near_day(taken_on, today=on)}
        given = {each.code: each for each in wordings.unpacked(as_list(screening["answers"]))}
        is_old = screening["kind"] != "visit"
        labels += [
            {**_answer_label(item, given.get(item["code"]), when), "label": item["label"], "is_old": is_old}
            for item in as_list(screening["items"])
        ]
    found = [row for row in labels if row["level"] in SEVERITY and not _is_past(patient, row["code"])]
    return _said_once(found)


def _said_once(labels: list[dict]) -> list[dict]:
    """Of answers under one name the gravest, then the one that is known, then the one of today."""
    best: dict[str, dict] = {}
    for row in sorted(labels, key=lambda row: (SEVERITY[row["level"]], row["is_unknown"], row["is_old"])):
        best.setdefault(row["label"], row)
    return [row for row in labels if best[row["label"]] is row]


def _certainty(row: dict) -> tuple[bool, bool]:
    """Allergies first, then what is known, then what is not."""
    return row["is_unknown"], row["code"] not in ALLERGY_ITEMS


def _is_past(patient: Patient, code: str) -> bool:
    return patient.banner_needled and code in FIRST_TIME_ITEMS


def _answer_label(item: dict, given: wordings.Answered | None, when: str) -> dict:
    """Its level is blank when the answer was not about this question, or is none of concern."""
    label, level = item["label"], ""
    if given and given.answer == item["concern"]:
        level, label = given.level, _with_limb(item["code"], label, given)
    elif given and given.answer == Screening.Answer.UNKNOWN:
        label, level = _("%(label)s: not known") % {"label": label}, item["unknown_level"]
    is_unknown = bool(given and given.answer == Screening.Answer.UNKNOWN)
    text = f"{label}, {when}"
    return {"code": item["code"], "level": level, "text": text, "when": when, "is_unknown": is_unknown}


def _with_limb(code: str, label: str, given: wordings.Answered) -> str:
    """“Lymph swelling: arm, left”"""
    if code not in body_areas.LIMB_QUESTIONS or not given.regions:
        return label
    limbs = [name.lower() for name in body_areas.names_of(given.regions, body_areas.limbs())]
    return f"{label}: {'; '.join(limbs)}"


def _merged_tag(survivor: Patient) -> dict:
    text = _("Merged into %(ref)s: write there") % {"ref": survivor.ref}
    return _tag(Level.STOP, text) | {"url": survivor.get_absolute_url()}


def _thinner_tags(patient: Patient, thinner: dict | None) -> list[dict]:
    names = [row["what"] for row in patient.banner_medicines if row["thins"]]
    if not names:
        return [_tag(thinner["level"], thinner["text"])] if thinner else []
    text = _("Blood thinner: %(names)s") % {"names": ", ".join(names)}
    if thinner is None:
        return [_tag(Level.CAUTION, text)]
    return [_tag(thinner["level"], f"{text}, {thinner['when']}")]


def merged_states(patient: Patient) -> list[dict]:
    """Which records of the same person were merged into this one."""
    refs = [row["ref"] for row in patient.banner_merged]
    if not refs:
        return []
    text = _("Merged with %(refs)s") % {"refs": ", ".join(refs)}
    return [{"kind": "info", "text": text, "url": f"{patient.get_absolute_url()}#merged"}]


def guardian_states(patient: Patient, *, user, on: dt.date) -> list[dict]:
    """Nothing for an adult. Without a guardian on record nobody is known who may consent for a minor."""
    if patient.deceased_on or not ages.is_minor(patient.born, on=on):
        return []
    if patient.banner_has_guardian:
        return [{"kind": "info", "text": _("Under 18, guardian on record")}]
    state = {"kind": "caution", "text": _("Under 18, no guardian on record")}
    if may(user, Permission.ALERTS_EDIT):
        state["url"] = f"{reverse('patients:alerts', args=[patient.ref])}#s-related"
    return [state]


def validity_states(facts: validity.ValidityFacts, *, user, on: dt.date) -> list[dict]:
    """Answers that wait for a review lead to it, for those who may review them."""
    pk = validity.to_review(facts, on=on) if may(user, Permission.SCREENING_REVIEW) else None
    review = {"url": reverse("patients:screening", args=[facts.ref, pk])} if pk else {}
    return [
        _validity_state(_("Health questions"), validity.screening_state(facts, on=on)) | review,
        *_update_states(facts, user=user),
        _validity_state(_("Consent"), validity.consent_state(facts, on=on)),
    ]


def _update_states(facts: validity.ValidityFacts, *, user) -> list[dict]:
    """The health update of the day, where it says stop or waits for a review."""
    state, screen = validity.visit_state(facts), validity.visit_screen(facts)
    if screen is None or state.code not in ("visit-screen-stop", "visit-screen-unreviewed"):
        return []
    found = _validity_state(_("Health update"), state)
    if screen.decided_level or not may(user, Permission.SCREENING_REVIEW):
        return [found]
    return [found | {"url": reverse("patients:screening", args=[facts.ref, screen.pk])}]


def _validity_state(subject: str, state: validity.ValidityState) -> dict:
    return {"kind": state.kind, "text": f"{subject}: {state.label[0].lower()}{state.label[1:]}"}


def alert_states(patient: Patient, *, on: dt.date) -> list[dict]:
    """States of allergies and medicines: “none known, asked 12 May” differs from “not asked”."""
    states = []
    if not patient.banner_allergies:
        states.append(
            _none_known_state(
                patient.allergies_none_at, _("No known allergies"), _("Allergies not asked"), on=on
            )
        )
    other = [row["what"] for row in patient.banner_medicines if not row["thins"]]
    if other:
        more = f" +{len(other) - SHOWN_MEDICINES}" if len(other) > SHOWN_MEDICINES else ""
        states.append(
            {
                "kind": "info",
                "text": _("Medications: %(names)s%(more)s")
                % {"names": ", ".join(other[:SHOWN_MEDICINES]), "more": more},
            }
        )
    elif not patient.banner_medicines:
        states.append(
            _none_known_state(
                patient.medications_none_at, _("No medications"), _("Medications not asked"), on=on
            )
        )
    return states


def _none_known_state(asked_at, none: str, not_asked: str, *, on: dt.date) -> dict:
    if asked_at is None:
        return {"kind": "neutral", "text": not_asked}
    return {
        "kind": "ok",
        "text": _("%(none_known)s, asked %(day)s")
        % {"none_known": none, "day": formats.near_day(timezone.localdate(asked_at), today=on)},
    }


def folded_tags(tags: list[dict], *, url: str) -> list[dict]:
    """The first three tags and “+2 more”; every stop is shown."""
    stops = [tag for tag in tags if tag["kind"] == Level.STOP]
    rest = tags[len(stops) :]
    room = max(SHOWN_RISKS - len(stops), 0)
    hidden = len(rest) - room
    if hidden <= 0:
        return tags
    return [
        *stops,
        *rest[:room],
        {"kind": "caution", "text": _("+%(count)s more") % {"count": hidden}, "url": f"{url}#risks"},
    ]


def _tag(level: str, text: str) -> dict:
    return {"kind": str(level), "text": text}


def _severity(tag: dict) -> int:
    return SEVERITY[tag["kind"]]
