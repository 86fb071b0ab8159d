"""`manage.py load_icd10cm`: what a year's order file changes, and what is no order file."""

import datetime as dt
import io
import zipfile

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from clinic.actions import code_sets as code_actions
from clinic.models import AuditEvent, CodeSet
from clinic.rules import code_sets, order_file
from clinic.values.errors import RuleViolation
from clinic.wiring import CATALOGUES
from patients.actions import conditions
from patients.models import DiagnosisFamily
from tests.order_files import order_file as written
from tests.order_files import some_titles, titles, with_codes_after
from treatments.models import SessionCondition

pytestmark = pytest.mark.django_db
NEW = {"Z9990": "A new code of a new year", "Z9991": "Another new code of a new year"}


@pytest.fixture(autouse=True)
def a_day_of_fy2027(time_machine):
    """With a set of 2026 as small as the files of these tests."""
    time_machine.move_to(dt.datetime(2026, 11, 30, 15, tzinfo=dt.UTC))
    CodeSet.objects.update(records=len(some_titles()))


@pytest.fixture(scope="module")
def fy2027() -> str:
    """The set of 2026 with one code lost, one split, one renamed and one that came."""
    rows = dict(some_titles())
    rows = with_codes_after(rows, "M7711", {"M77111": "Epicondylitis, one", "M77112": "Epicondylitis, two"})
    rows = with_codes_after(rows, "G5603", {"G5604": "Carpal tunnel syndrome, of a new kind"})
    rows = with_codes_after(rows, "Z9989", NEW)
    rows["M5450"] = "Low back pain, of no kind"
    del rows["M2662"], rows["M26621"], rows["M26622"], rows["M26623"], rows["M26629"]
    more = {"Z9992": "A third", "Z9993": "A fourth", "Z9994": "A fifth"}
    return written(with_codes_after(rows, "Z9991", more))


def load(folder, content, name="icd10cm_order_2027.txt", **options) -> str:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    out = io.StringIO()
    call_command("load_icd10cm", str(path), stdout=out, **options)
    return out.getvalue()


def test_it_says_what_the_families_lost_gained_and_changed(tmp_path, fy2027):
    said = load(tmp_path, fy2027)
    assert "in force Oct 1, 2026 to Sep 30, 2027" in said
    assert "Jaw pain, Arthralgia of temporomandibular joint: lost M26.621, M26.622, M26.623, M26.629" in said
    assert "Tennis elbow, Lateral epicondylitis: changed M77.11 (M77.111, M77.112)" in said
    assert "Lower back pain, Low back pain, unspecified: changed M54.50" in said
    assert "Carpal tunnel syndrome, Carpal tunnel syndrome: gained G56.04" in said
    assert said.count(": lost") == 1
    code_set = CodeSet.objects.get(fiscal_year=2027)
    assert (code_set.valid_from, code_set.valid_to) == (dt.date(2026, 10, 1), dt.date(2027, 9, 30))
    assert not code_set.is_excerpt
    event = AuditEvent.objects.get(code="code_set.loaded")
    assert "digest" in event.changes


def test_the_set_of_2026_changes_no_family(tmp_path):
    """The excerpt that ships and the publisher's own words agree, title by title."""
    said = load(tmp_path, written(titles()), name="icd10cm-order-2026.txt")
    assert "are as they were, 0 lost codes, 0 have changed codes, 0 have new codes" in said
    code_set = CodeSet.objects.get()
    assert (code_set.fiscal_year, code_set.records) == (2026, len(titles()))


APRIL_2026, OCTOBER_2026 = "icd10cm-order-April-2026.txt", "icd10cm_order_2026.txt"


def test_a_whole_file_of_april_takes_the_place_of_the_excerpt_of_its_year(tmp_path):
    said = load(tmp_path, written(some_titles()), name=APRIL_2026)

    assert "in force Apr 1, 2026 to Sep 30, 2026" in said
    code_actions.publish_shipped(CATALOGUES / "code_sets.csv")
    code_set = CodeSet.objects.get()
    assert (code_set.is_excerpt, code_set.valid_from) == (False, dt.date(2026, 4, 1))
    assert code_sets.of_day([code_set], dt.date(2026, 1, 5)) == code_set


def test_a_whole_file_of_october_need_not_have_what_the_excerpt_of_april_has(tmp_path):
    load(tmp_path, written(of_an_older_year()), name=OCTOBER_2026)
    load(tmp_path, written(some_titles()), name=APRIL_2026)

    sets = list(CodeSet.objects.all())
    assert [each.is_excerpt for each in sets] == [False, False]
    assert code_sets.of_day(sets, dt.date(2026, 3, 31)).valid_from == dt.date(2025, 10, 1)
    assert code_sets.of_day(sets, dt.date(2026, 4, 1)).valid_from == dt.date(2026, 4, 1)


def test_an_older_release_does_not_come_after_a_whole_later_one(tmp_path):
    load(tmp_path, written(some_titles()), name=APRIL_2026)

    with pytest.raises(CommandError, match="older release"):
        load(tmp_path, written(of_an_older_year()), name=OCTOBER_2026)
    assert CodeSet.objects.get().valid_from == dt.date(2026, 4, 1)


def test_a_later_release_that_is_loaded_again_takes_its_own_place(tmp_path):
    load(tmp_path, written(some_titles()), name=APRIL_2026)
    rows = with_codes_after(dict(some_titles()), "Z9989", NEW)
    load(tmp_path, written(rows), name=APRIL_2026)

    assert CodeSet.objects.get().records == len(rows)


@pytest.fixture(scope="module")
def broken() -> dict[str, tuple[str, bytes]]:
    """{what it is: (name, content)}"""
    whole = written(some_titles())
    lines = whole.splitlines(keepends=True)
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as packed:
        packed.writestr("icd10cm_order_2027.txt", whole)
    name = "icd10cm_order_2027.txt"
    codes_only = "".join(f"{line[6:13]} {line[77:]}" for line in lines)
    return {
        "empty": (name, b""),
        "blank": (name, b"  \n\n"),
        "zip": ("icd10cm_2027.zip", archive.getvalue()),
        "xml": ("icd10cm_tabular_2027.xml", b'<?xml version="1.0"?>\n<ICD10CM.tabular></ICD10CM.tabular>'),
        "utf-16": (name, whole.encode("utf-16")),
        "latin-1": (name, whole.encode("latin-1", "replace")),
        "codes file": ("icd10cm-codes-2027.txt", codes_only.encode()),
        "cut in a line": (name, whole[:-20].encode()),
        "cut after a line": (name, "".join(lines[:-5]).encode()),
        "cut in the middle": (name, "".join(lines[: len(lines) // 2]).encode()),
        "without its start": (name, "".join(lines[3:]).encode()),
        "a line left out": (name, "".join(lines[:500] + lines[501:]).encode()),
        "a line twice": (name, (whole + lines[-1]).encode()),
        "a letter for the flag": (name, whole.replace(" 1 Cholera due", " y Cholera due", 1).encode()),
        "a heading that may be billed": (name, whole.replace("A01     0", "A01     1", 1).encode()),
        "the set of 2026 again": (name, whole.encode()),
        "an older year": (name, written(of_an_older_year()).encode()),
        "a year of the past": ("icd10cm_order_2021.txt", whole.encode()),
        "a year to come": ("icd10cm_order_2031.txt", whole.encode()),
        "no year": ("order.txt", whole.encode()),
        "other text": (name, b"Dear practice,\nplease find the codes attached.\n"),
    }


def of_an_older_year() -> dict[str, str]:
    """Chronic migraine with aura had no codes."""
    return {code: title for code, title in some_titles().items() if not code.startswith("G43E")}


NAMES = (
    "empty", "blank", "zip", "xml", "utf-16", "latin-1", "codes file", "cut in a line", "cut after a line",
    "cut in the middle", "without its start", "a line left out", "a line twice", "a letter for the flag",
    "a heading that may be billed", "the set of 2026 again", "an older year", "a year of the past",
    "a year to come", "no year", "other text",
)  # fmt: skip


@pytest.mark.parametrize("what", NAMES)
def test_what_is_no_order_file_of_that_year_is_refused_and_nothing_is_loaded(tmp_path, broken, what):
    name, content = broken[what]
    with pytest.raises(CommandError, match=r"^Nothing was loaded\. [A-Z].*[.:)]$"):
        load(tmp_path, content, name=name)
    assert CodeSet.objects.get().fiscal_year == 2026
    assert not AuditEvent.objects.filter(code="code_set.loaded").exists()


def test_every_kind_of_broken_file_is_tried(broken):
    assert broken.keys() == set(NAMES)


def test_a_huge_file_is_not_read(tmp_path, monkeypatch):
    monkeypatch.setattr(order_file, "MAX_BYTES", 1_000_000)
    with pytest.raises(CommandError, match="larger than 1 MB"):
        load(tmp_path, b"0" * 1_000_001)


def test_a_file_that_is_not_there_and_a_folder_are_refused(tmp_path):
    for path in (tmp_path / "icd10cm_order_2027.txt", tmp_path):
        with pytest.raises(CommandError, match="Nothing was loaded"):
            call_command("load_icd10cm", str(path), year=2027)


def test_a_year_that_contradicts_the_name_is_refused(tmp_path, fy2027):
    with pytest.raises(CommandError, match="--year says 2026"):
        load(tmp_path, fy2027, year=2026)


def test_the_same_file_is_not_another_year(tmp_path, fy2027):
    load(tmp_path, fy2027)
    with pytest.raises(CommandError, match="very file is loaded as FY2027"):
        load(tmp_path, fy2027, name="icd10cm-order-April-2027.txt")


def test_a_release_of_april_begins_in_april(tmp_path, fy2027):
    load(tmp_path, fy2027)
    rows = with_codes_after(dict(some_titles()), "Z9989", {f"Z999{n}": f"New {n}" for n in range(9)})
    load(tmp_path, written(rows), name="icd10cm-order-April-2027.txt")
    sets = list(CodeSet.objects.all())
    april = dt.date(2027, 4, 1)
    assert code_sets.of_day(sets, april).valid_from == april
    assert code_sets.of_day(sets, april - dt.timedelta(days=1)).valid_from == dt.date(2026, 10, 1)


def test_open_drafts_move_under_the_set_of_their_day(tmp_path, fy2027, draft):
    SessionCondition.objects.filter(session=draft).update(
        icd10="M54.2", code_set_year=2026, code_set_ended_on=dt.date(2026, 9, 30)
    )
    assert "1 unsigned note uses it" in load(tmp_path, fy2027)
    row = SessionCondition.objects.get(session=draft)
    assert (row.code_set_year, row.code_set_ended_on) == (2027, None)


def test_a_code_that_the_set_has_lost_stays_under_its_own_year(tmp_path, fy2027, draft):
    load(tmp_path, fy2027)
    stamp = code_sets.stamp(list(CodeSet.objects.all()), "M26.621", timezone.localdate())
    assert stamp == {"code_set_year": 2026, "code_set_ended_on": dt.date(2026, 9, 30)}


def test_families_of_lost_codes_are_not_offered(tmp_path, fy2027, signed_in, therapist, ada):
    load(tmp_path, fy2027)
    lost = DiagnosisFamily.objects.get(condition__code="jaw-pain", variant="joint-arthralgia")
    page = signed_in(therapist).post(f"/patients/{ada.ref}/conditions/add/", {"condition": "jaw-pain"})
    text = page.content.decode()
    assert lost.label not in text
    assert "Articular disc disorder of temporomandibular joint" in text
    assert "(2027)" in text
    assert "expired set" not in text


def test_a_code_that_was_split_is_not_recorded_anew(tmp_path, fy2027, therapist, ada):
    load(tmp_path, fy2027)
    elbow = DiagnosisFamily.objects.get(condition__code="tennis-elbow").condition
    with pytest.raises(RuleViolation) as refused:
        conditions.record(ada, by=therapist, condition=elbow, side="right")
    assert refused.value.codes == {"code-not-in-set"}
    (left,) = conditions.record(ada, by=therapist, condition=elbow, side="left")
    assert (left.icd10, left.code_set_year) == ("M77.12", 2027)
