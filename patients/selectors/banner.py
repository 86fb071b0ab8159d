"""The patient banner above every page about a patient, with the risks that are read for it."""

import datetime as dt
import operator
from collections.abc import Callable
from functools import reduce

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery

from clinic.django_internals.prepared import PreparedQuery
from clinic.models.rows import RelatedRows
from patients.models import Allergy, Episode, Medication, Patient, Screening, ScreeningAnswer
from patients.rules import banner, validity
from patients.selectors import validity as validity_selectors

# Callables that say of the patient `OuterRef("pk")` whether they were needled here. A higher floor fills it.
NEEDLED_CONDITIONS: list[Callable[[], Exists]] = []


def with_risk_flags(patients: QuerySet) -> QuerySet:
    """Patients with what the strip shows of their risks, so that a page asks for both at once."""
    return patients.annotate(
        strip_needled=_was_needled(),
        strip_allergies=RelatedRows(_standing(Allergy), what="substance", at="noted_at"),
        strip_medicines=RelatedRows(_standing(Medication), what="name", thins="thins_blood", at="noted_at"),
        strip_answers=RelatedRows(
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


def visible_with_risk_flags(pk: int, *, user) -> Patient | None:
    """The patient as the strip shows them, unless the record is closed to this person."""
    return with_risk_flags(Patient.objects.visible_to(user)).filter(pk=pk).first()


def banner_for(
    patient: Patient,
    *,
    user,
    on: dt.date,
    facts: validity.ValidityFacts | None = None,
    actions: list[dict] | None = None,
) -> dict:
    """Context for components/_strip.html; `risks` are its tags before they fold.

    One query for the alerts unless the patient comes from `with_alerts`, two for validity unless given facts.
    """
    if patient.strip_answers is None:
        (patient,) = PATIENT_WITH_RISK_FLAGS(pk=patient.pk)
    facts = facts or validity_selectors.validity_facts([patient], on=on)[patient.pk]
    risks = banner.risk_tags(patient, user=user, on=on)
    return {
        **banner.identity(patient, on=on),
        "tags": banner.folded_tags(risks, url=patient.get_absolute_url()),
        "risks": risks,
        "states": [*banner.validity_states(facts, on=on), *banner.alert_states(patient, on=on)],
        "actions": actions or [],
    }


PATIENT_WITH_RISK_FLAGS = PreparedQuery(lambda pk: with_risk_flags(Patient.objects.filter(pk=pk)))


def _standing(model) -> QuerySet:
    return model.objects.filter(patient=OuterRef("pk"), ended_at=None).order_by("pk")


def _was_needled() -> Q | Exists:
    """Here, or at the visits that were made before Filiform."""
    before = Exists(Episode.objects.filter(patient=OuterRef("pk"), visits_before__gt=0))
    return reduce(operator.or_, (said() for said in NEEDLED_CONDITIONS), before)


def _answers_that_matter() -> QuerySet:
    """Answers of concern in the newest reviewed questionnaire of each kind."""
    of_patient = Screening.objects.reviewed().filter(patient=OuterRef(OuterRef("pk")))
    newest = of_patient.order_by("-taken_at", "-pk")
    of_kind = [Subquery(newest.filter(kind=kind).values("pk")[:1]) for kind in ("intake", "visit")]
    concern = Q(answer=F("item__concern_answer")) | Q(answer=ScreeningAnswer.Answer.UNKNOWN)
    answers = ScreeningAnswer.objects.filter(Q(screening=of_kind[0]) | Q(screening=of_kind[1]))
    return answers.filter(concern).exclude(item__strip_label="").order_by("item__position")
