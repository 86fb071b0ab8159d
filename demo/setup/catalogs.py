"""The catalogs as the demo uses them, read once."""

from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Q, QuerySet

from clinic.models import BodyRegion, CodeSet, Practice
from clinic.selectors import code_sets
from patients.actions import wordings
from patients.models import Condition, ConsentText, DiagnosisFamily, QuestionWording, ScreeningItem
from patients.rules import screenings
from patients.rules import wordings as wordings_rules
from patients.selectors import wordings as wordings_selectors
from treatments.models import AftercareAdvice, Muscle, SuggestedMuscle, WarningSign
from treatments.rules.sites.needled_site import ABDOMINAL_WALL

# The answer that raises no concern, by the one that does.
REASSURING = {"no": screenings.GivenAnswer("yes"), "yes": screenings.GivenAnswer("no")}
USUAL_LENGTH_MM = 40
# Impairments have no muscles of their own in the catalog.
FOR_IMPAIRMENTS = {
    "decreased-range-of-movement": ("is", "tm", "de", "ss"),
    "muscle-hypertonicity": ("ut", "ls", "sc", "cm"),
}


@dataclass(frozen=True)
class StockedNeedle:
    gauge_mm: Decimal
    length_mm: int


@dataclass(frozen=True)
class MuscleCatalog:
    muscles: dict[str, Muscle]
    # muscles to needle for each condition, all usual and each with a needle in stock
    for_condition: dict[str, tuple[Muscle, ...]]
    needles: dict[str, StockedNeedle]
    # where each muscle is needled first
    regions: dict[str, BodyRegion]


@dataclass(frozen=True)
class ScreeningCatalog:
    intake: tuple[ScreeningItem, ...]
    visit: tuple[ScreeningItem, ...]
    # the answers that raise no concern, and the version of each question's words, by the code of their item
    reassuring: dict[str, screenings.GivenAnswer]
    versions: dict[str, int]
    # by kind of screening
    rule_versions: dict[str, str]


@dataclass(frozen=True)
class Catalogs:
    conditions: dict[str, Condition]
    # the usual variant of each condition, where it has codes
    families: dict[str, DiagnosisFamily]
    muscle: MuscleCatalog
    screening: ScreeningCatalog
    warning_signs: tuple[WarningSign, ...]
    advice: tuple[AftercareAdvice, ...]
    consent_text: ConsentText
    consent_groups: tuple[str, ...]
    # the newest one
    code_set: CodeSet | None
    # every warning sign, answered with no: one list for all calls, which the bulk insert encodes once
    no_signs: list


def load(practice: Practice) -> Catalogs:
    groups = BodyRegion.objects.current().values_list("consent_group", flat=True)
    return Catalogs(
        conditions={condition.code: condition for condition in Condition.objects.current()},
        families=_usual_families(),
        muscle=_muscle_catalog(practice),
        screening=_screening_catalog(),
        warning_signs=tuple(WarningSign.objects.current()),
        advice=tuple(AftercareAdvice.objects.current()),
        consent_text=ConsentText.objects.published().order_by("pk").first(),
        consent_groups=tuple(sorted(set(groups))),
        code_set=code_sets.newest(),
        no_signs=_no_signs(),
    )


def _no_signs() -> list:
    versions = _versions(WarningSign.objects.current(), QuestionWording.Catalogue.WARNING_SIGN)
    return wordings_rules.packed(
        wordings_rules.Answered(code, version, "no") for code, version in versions.items()
    )


def _usual_families() -> dict[str, DiagnosisFamily]:
    coded = Q(condition__kind=Condition.Kind.DIAGNOSIS) | Q(condition__ambiguous=True)
    rows = DiagnosisFamily.objects.filter(coded, retired_at=None).order_by("-position", "-pk")
    # the default variant comes last and overwrites the others
    ordered = sorted(rows.select_related("condition"), key=lambda family: family.is_default)
    return {family.condition.code: family for family in ordered}


def _muscle_catalog(practice: Practice) -> MuscleCatalog:
    stock = [StockedNeedle(Decimal(gauge), int(length)) for gauge, length in _stocked_sizes(practice)]
    muscles = {muscle.code: muscle for muscle in Muscle.objects.current().prefetch_related("regions")}
    regions = {code: next(iter(muscle.regions.all()), None) for code, muscle in muscles.items()}
    needles = {code: needle for code, muscle in muscles.items() if (needle := _needle_for(muscle, stock))}
    return MuscleCatalog(
        muscles=muscles,
        for_condition=_muscles_by_condition(muscles, needles, regions),
        needles=needles,
        regions=regions,
    )


def _stocked_sizes(practice: Practice) -> list[list[str]]:
    return [size.strip().split("x") for size in practice.needle_stock.split(",")]


def _needle_for(muscle: Muscle, stock: list[StockedNeedle]) -> StockedNeedle | None:
    """The usual length where it lies within those that a source gives, else the first in stock that does."""
    low, high = muscle.length_min_mm or 0, muscle.length_max_mm or 999
    fitting = [needle for needle in stock if low <= needle.length_mm <= high]
    usual = [needle for needle in fitting if needle.length_mm == USUAL_LENGTH_MM]
    return (usual or fitting or [None])[0]


def _muscles_by_condition(
    muscles: dict[str, Muscle], needles: dict[str, StockedNeedle], regions: dict[str, BodyRegion]
) -> dict[str, tuple[Muscle, ...]]:
    """No muscle of the abdominal wall: each of its sites needs a reason."""
    found = {condition: [muscles[code] for code in codes] for condition, codes in FOR_IMPAIRMENTS.items()}
    by_key = {muscle.pk: muscle for muscle in muscles.values()}
    for row in SuggestedMuscle.objects.select_related("condition").order_by("rank"):
        muscle = by_key.get(row.muscle_id)
        is_usual = muscle and muscle.code in needles and muscle.default_status == Muscle.Standing.USUAL
        if is_usual and regions[muscle.code].code not in ABDOMINAL_WALL:
            found.setdefault(row.condition.code, []).append(muscle)
    return {condition: tuple(suggested) for condition, suggested in found.items()}


def _screening_catalog() -> ScreeningCatalog:
    items = list(ScreeningItem.objects.current())
    intake, visit = (tuple(item for item in items if item.kind == kind) for kind in ("intake", "visit"))
    reassuring = {item.code: REASSURING[item.concern_answer] for item in items}
    return ScreeningCatalog(
        intake=intake,
        visit=visit,
        reassuring=reassuring,
        versions=_versions(ScreeningItem.objects.current(), QuestionWording.Catalogue.HEALTH),
        rule_versions={"intake": screenings.rule_version(intake), "visit": screenings.rule_version(visit)},
    )


def _versions(questions: QuerySet, catalogue: str) -> dict[str, int]:
    return wordings.versions(
        wordings_selectors.with_version(questions, catalogue=catalogue), catalogue=catalogue
    )
