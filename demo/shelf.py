"""The catalogues as the demo uses them, read once."""

from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from clinic.models import BodyRegion, Practice
from demo.tables import Stamp
from patients.models import Condition, ConsentText, DiagnosisFamily, ScreeningAnswer, ScreeningItem
from patients.rules import screenings
from treatments.models import AdverseEventKind, AftercareAdvice, Muscle, SuggestedMuscle, WarningSign

# The answer that worries nobody, by the one that would.
UNWORRIED = {"no": screenings.Given("yes"), "yes": screenings.Given("no")}
# Impairments have no muscles of their own in the catalogue.
FOR_IMPAIRMENTS = {
    "decreased-range-of-movement": ("is", "tm", "de", "ss"),
    "muscle-hypertonicity": ("ut", "ls", "sc", "cm"),
}


@dataclass(frozen=True)
class Needle:
    gauge_mm: Decimal
    length_mm: int


@dataclass(frozen=True)
class Shelf:
    conditions: dict[str, Condition]
    # the usual variant of each condition, where it has codes
    families: dict[str, DiagnosisFamily]
    muscles: dict[str, Muscle]
    # muscles to needle for each condition, all usual and each with a needle in stock
    for_condition: dict[str, tuple[Muscle, ...]]
    needles: dict[str, Needle]
    # where each muscle is needled first
    regions: dict[str, BodyRegion]
    intake: tuple[ScreeningItem, ...]
    visit: tuple[ScreeningItem, ...]
    # the answers that worry nobody, by the code of what was asked, and their rows
    unworried: dict[str, screenings.Given]
    usual_answers: dict[str, Stamp]
    # what was asked and how it is judged, by kind
    rule_versions: dict[str, str]
    warning_signs: tuple[WarningSign, ...]
    advice: tuple[AftercareAdvice, ...]
    events: dict[str, AdverseEventKind]
    consent_text: ConsentText
    consent_groups: tuple[str, ...]

    def asked(self, signs: tuple[str, ...]) -> list[dict]:
        """Every warning sign word for word, as it was asked and answered in a call."""
        return [
            {"code": row.code, "question": row.question, "answer": "yes" if row.code in signs else "no"}
            for row in self.warning_signs
        ]

    @cached_property
    def no_signs(self) -> list[dict]:
        return self.asked(())


def stock_up(practice: Practice) -> Shelf:
    stock = [Needle(Decimal(gauge), int(length)) for gauge, length in _stock(practice)]
    muscles = {muscle.code: muscle for muscle in Muscle.objects.current().prefetch_related("regions")}
    needles = {code: needle for code, muscle in muscles.items() if (needle := _needle_for(muscle, stock))}
    items = list(ScreeningItem.objects.current())
    intake, visit = (tuple(item for item in items if item.kind == kind) for kind in ("intake", "visit"))
    families = DiagnosisFamily.objects.filter(retired_at=None).order_by("-position", "-pk")
    return Shelf(
        conditions={condition.code: condition for condition in Condition.objects.current()},
        families={
            family.condition.code: family for family in _usual_last(families.select_related("condition"))
        },
        muscles=muscles,
        for_condition=_muscles_by_condition(muscles, needles),
        needles=needles,
        regions={code: next(iter(muscle.regions.all()), None) for code, muscle in muscles.items()},
        intake=intake,
        visit=visit,
        unworried={item.code: UNWORRIED[item.concern_answer] for item in items},
        usual_answers={item.code: _usual_answer(item) for item in items},
        rule_versions={"intake": screenings.rule_version(intake), "visit": screenings.rule_version(visit)},
        warning_signs=tuple(WarningSign.objects.current()),
        advice=tuple(AftercareAdvice.objects.current()),
        events={kind.code: kind for kind in AdverseEventKind.objects.current()},
        consent_text=ConsentText.objects.published().filter(not_acupuncture=False).order_by("pk").first(),
        consent_groups=tuple(
            sorted(set(BodyRegion.objects.current().values_list("consent_group", flat=True)))
        ),
    )


def answer_to(item: ScreeningItem, given: screenings.Given) -> dict:
    """The columns of an answer that stay when the questionnaire is another."""
    where = {"regions": list(given.regions)} if given.regions else {}
    said = {"answer": given.answer, "detail": given.detail, **where}
    return {"item_id": item.pk, "question_text": item.question, "level": item.level, **said}


def _usual_answer(item: ScreeningItem) -> Stamp:
    return Stamp(ScreeningAnswer, "screening_id", **answer_to(item, UNWORRIED[item.concern_answer]))


def _stock(practice: Practice) -> list[list[str]]:
    return [size.strip().split("x") for size in practice.needle_stock.split(",")]


def _needle_for(muscle: Muscle, stock: list[Needle]) -> Needle | None:
    """The shortest needle in stock within the lengths that a source gives; 40 mm where none does."""
    low, high = muscle.length_min_mm or 0, muscle.length_max_mm or 999
    fitting = [needle for needle in stock if low <= needle.length_mm <= high]
    usual = [needle for needle in fitting if needle.length_mm == 40]
    return (usual or fitting or [None])[0]


def _usual_last(families):
    """In an order in which the default variant overwrites the others."""
    return sorted(families, key=lambda family: family.is_default)


def _muscles_by_condition(muscles: dict, needles: dict) -> dict[str, tuple[Muscle, ...]]:
    found = {code: [muscles[muscle] for muscle in chosen] for code, chosen in FOR_IMPAIRMENTS.items()}
    for row in SuggestedMuscle.objects.select_related("condition").order_by("rank"):
        muscle = next((m for m in muscles.values() if m.pk == row.muscle_id), None)
        if muscle and muscle.code in needles and muscle.default_status == Muscle.Standing.USUAL:
            found.setdefault(row.condition.code, []).append(muscle)
    return {code: tuple(chosen) for code, chosen in found.items()}
