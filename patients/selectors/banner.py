"""The patient banner of every page about a patient, with the risk flags that it shows."""

import datetime as dt
import operator
from collections.abc import Callable
from functools import reduce

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery, Value
from django.utils import timezone

from clinic.django_internals.prepared import PreparedQuery
from clinic.models import User
from clinic.models.rows import RelatedRows
from patients.models import Allergy, Episode, Medication, Patient, RelatedPerson, Screening, ScreeningItem
from patients.rules import banner, validity
from patients.selectors import validity as validity_selectors
from patients.selectors import wordings

# Conditions on the patient `OuterRef("pk")`: whether they were needled here. A higher floor registers one.
NEEDLED_CONDITIONS: list[Callable[[], Exists]] = []


def with_risk_flags(patients: QuerySet) -> QuerySet:
    """Patients with the risk flags of their banner, in the same query."""
    return patients.annotate(
        banner_needled=_was_needled(),
        banner_allergies=RelatedRows(_current(Allergy), what="substance", at="noted_at"),
        banner_medicines=RelatedRows(_current(Medication), what="name", thins="thins_blood", at="noted_at"),
        banner_has_guardian=Exists(_current(RelatedPerson).filter(kind=RelatedPerson.Kind.GUARDIAN)),
        banner_answers=RelatedRows(
            _with_concerns(), kind="kind", at="taken_at", answers="concerns", items=_items_of_concern()
        ),
        banner_merged=RelatedRows(
            Patient.objects.filter(merged_into=OuterRef("pk")).order_by("merged_at", "pk"), ref="ref"
        ),
    )


def visible_with_risk_flags(pk: int, *, user) -> Patient | None:
    """The patient with risk flags, unless the record is closed to this user."""
    return VISIBLE_WITH_RISK_FLAGS.one(pk=pk, user=user.pk, at=timezone.now())


def banner_for(
    patient: Patient,
    *,
    user,
    on: dt.date,
    facts: validity.ValidityFacts | None = None,
    actions: list[dict] | None = None,
) -> dict:
    """Context for components/_strip.html; `risks` are all tags, without folding.

    One query for the risk flags unless the patient comes from `with_risk_flags`, one for validity without
    `facts`.
    """
    if patient.banner_answers is None:
        (patient,) = PATIENT_WITH_RISK_FLAGS(pk=patient.pk)
    facts = facts or validity_selectors.validity_facts([patient], on=on)[patient.pk]
    risks = banner.risk_tags(patient, user=user, on=on)
    return {
        **banner.identity(patient, on=on),
        "tags": banner.folded_tags(risks, url=patient.get_absolute_url()),
        "risks": risks,
        "states": [
            *banner.merged_states(patient),
            *banner.guardian_states(patient, user=user, on=on),
            *banner.validity_states(facts, user=user, on=on),
            *banner.alert_states(patient, on=on),
        ],
        "actions": actions or [],
    }


def _visible_with_risk_flags(pk: int, user: int, at: dt.datetime) -> QuerySet:
    return with_risk_flags(Patient.objects.visible_to(User(pk=user), at=at)).filter(pk=pk).order_by()


PATIENT_WITH_RISK_FLAGS = PreparedQuery(lambda pk: with_risk_flags(Patient.objects.filter(pk=pk).order_by()))
VISIBLE_WITH_RISK_FLAGS = PreparedQuery(_visible_with_risk_flags)


def _current(model) -> QuerySet:
    """Of the records that were merged with this one too: what harms one person harms them."""
    return model.objects.filter(patient__among=_one_person().values("pk"), ended_at=None).order_by("pk")


def _one_person() -> QuerySet:
    return Patient.objects.of_one_person(OuterRef(OuterRef("pk")), OuterRef(OuterRef("merged_into")))


def _was_needled() -> Q | Exists:
    """Whether the patient was needled, here or at visits before Filiform."""
    before_filiform = Exists(Episode.objects.filter(patient=OuterRef("pk"), visits_before__gt=0))
    return reduce(operator.or_, (condition() for condition in NEEDLED_CONDITIONS), before_filiform)


def _with_concerns() -> QuerySet:
    """The newest reviewed screening of each kind, with its answers of concern.

    Of each record that was merged with this one too, until the questions were asked again.
    """
    of_patient = Screening.objects.reviewed().filter(patient=OuterRef(OuterRef("pk")))
    newest = of_patient.order_by("-taken_at", "-pk")
    of_kind = [Subquery(newest.filter(kind=kind).values("pk")[:1]) for kind in ("intake", "visit")]
    of_others = [Q(pk__among=_newest_of_others(kind)) for kind in ("intake", "visit")]
    wanted = reduce(operator.or_, of_others, Q(pk=of_kind[0]) | Q(pk=of_kind[1]))
    return Screening.objects.filter(wanted).order_by("kind", "pk")


def _newest_of_others(kind: str) -> QuerySet:
    """The newest reviewed screening of each record merged with that of the row two levels up."""
    reviewed = Screening.objects.reviewed()
    newest = reviewed.filter(patient=OuterRef("pk"), kind=kind).order_by("-taken_at", "-pk")
    asked_again = reviewed.filter(
        patient=OuterRef("merged_into"), kind="intake", taken_at__gt=OuterRef("merged_at")
    )
    others = _one_person().exclude(pk=OuterRef(OuterRef("pk"))).exclude(Exists(asked_again))
    return others.annotate(newest=Subquery(newest.values("pk")[:1])).values("newest")


def _items_of_concern() -> RelatedRows:
    """The questions of those answers, as the catalogue has them now."""
    named = wordings.has_entry("concerns", F("code"), Value(" "))
    items = ScreeningItem.objects.filter(named).exclude(strip_label="").order_by("position")
    return RelatedRows(
        items, code="code", label="strip_label", concern="concern_answer", unknown_level="unknown_level"
    )
