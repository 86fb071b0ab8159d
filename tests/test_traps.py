"""Traps that nothing else tests: what the product's own texts, tables and addresses must not have."""

import csv
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from treatments.models import NeedleSite, SessionCondition

ROOT = Path(__file__).parents[1]
FOLDERS = ("clinic", "demo", "patients", "treatments", "templates")
KINDS = {".py", ".html", ".csv", ".js", ".json", ".txt"}


def texts() -> Iterator[tuple[str, str]]:
    """(path, text) of everything that is shipped, in lower case. The text begins with the path itself."""
    for folder in FOLDERS:
        for path in sorted((ROOT / folder).rglob("*")):
            if path.suffix in KINDS and "migrations" not in path.parts:
                name = path.relative_to(ROOT).as_posix()
                yield name, f"{name}\n{path.read_text(encoding='utf-8')}".lower()


def found(pattern: str, shipped: Iterable[tuple[str, str]] = ()) -> list[str]:
    return [
        f"{path}: {text[max(0, hit.start() - 40) : hit.end() + 40]!r}"
        for path, text in shipped or texts()
        for hit in re.finditer(pattern, text)
    ]


DESCRIPTORS = r"needle insertion\(?s?\)? without injection|\d or more muscles?\b|\b1 or 2 muscle"
TIMED = r"\b(?:97110|97112|97124|97140|97530|97032|g0283)\b|timed units?\b|8-minute rule|eight-minute rule"
# the names, and what a column or a module would call them: quick_dash, lefs_score
INSTRUMENTS = (
    r"oswestry|quick[ _-]?dash|hit[ _-]?6|neck[ _-]disability|lower[ _-]extremity[ _-]functional"
    r"|(?<![a-z])(?:lefs|ndi|rmdq|spadi|womac)(?![a-z])"
)
FHIR = r"fhir|resourcetype|\bhl7\b"


@pytest.mark.parametrize(
    ("pattern", "planted"),
    [
        (DESCRIPTORS, "needle insertion(s) without injection(s); 3 or more muscles"),
        (TIMED, "97140 manual therapy, two timed units"),
        (INSTRUMENTS, "the oswestry disability index"),
        (INSTRUMENTS, "lefs_score = models.positivesmallintegerfield()"),
        (INSTRUMENTS, "ndi,neck,50"),
        (FHIR, "export as fhir"),
        (FHIR, "def to_fhir(session):"),
        (FHIR, '{"resourcetype": "procedure"}'),
        ("acupunct", "acupuncture and dry needling"),
    ],
)
def test_the_search_sees_what_it_looks_for(pattern, planted):
    assert found(pattern, [("patients/page.html", planted)])


def test_the_search_reads_pages_rules_catalogs_scripts_and_the_demo():
    read = {path for path, _text in texts()}

    assert {path.partition("/")[0] for path in read} == set(FOLDERS)
    assert {Path(path).suffix for path in read} >= {".py", ".html", ".csv", ".js"}
    assert len(read) > 700


@pytest.mark.parametrize("model", [NeedleSite, SessionCondition])
def test_the_side_stands_in_a_column_of_its_own(model):
    assert not model._meta.get_field("side").null
    assert model._meta.get_field("side").choices


def test_no_text_of_the_product_describes_a_billing_code():
    """The words of the American Medical Association need a license; ours say muscles."""
    assert found(DESCRIPTORS) == []


def test_no_minutes_are_billed():
    """Needling has no timed code: no rule of billing takes minutes, no text names a timed unit."""
    assert found(TIMED) == []
    assert "minute" not in (ROOT / "treatments/rules/billing.py").read_text(encoding="utf-8").lower()


def test_no_questionnaire_of_others_is_shipped():
    assert found(INSTRUMENTS) == []


def test_illinois_has_the_counts_of_direct_access():
    """Five business days to tell the physician, then ten visits or fifteen days without improvement."""
    with (ROOT / "clinic/catalogues/jurisdictions.csv").open(encoding="utf-8", newline="") as file:
        [illinois] = [row for row in csv.DictReader(file) if row["code"] == "us-il-pt"]
    counts = ("direct_access_notice_days", "no_improvement_visits", "no_improvement_days")
    assert [illinois[name] for name in counts] == ["5", "10", "15"]


def test_nothing_leaves_as_fhir():
    assert found(FHIR) == []


# where the word stands: what needling is not, what a state asks, and what earlier treatment a patient had
NAMED = (
    "clinic/catalogues/jurisdictions.csv",
    "clinic/models/catalogues.py",
    "clinic/rules/all_states.py",
    "clinic/administration/labels.py",
    "patients/actions/consent_texts.py",
    "patients/admin/consent_texts.py",
    "patients/catalogues/consent_texts.csv",
    "patients/catalogues/screening_items.csv",
    "patients/models/consent_texts.py",
    "treatments/selectors/practice_export/words.txt",
)


def test_no_text_of_the_product_calls_it_acupuncture():
    assert [hit for hit in found("acupunct") if not hit.startswith(NAMED)] == []
    consents = (ROOT / "patients/catalogues/consent_texts.csv").read_text().lower()
    for hit in re.finditer("acupuncture", consents):
        # the word itself is denied: a “not” elsewhere in the sentence before says nothing of it
        assert consents[: hit.start()].endswith(("not ", "not_"))
