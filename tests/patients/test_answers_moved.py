"""Answers and reports of a practice from before move into the packed columns without loss, forth and back."""

from functools import cache

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.db.migrations.executor import MigrationExecutor

from clinic import audit
from clinic.audit import packing, recording, row_check, verification
from clinic.django_internals import writes
from clinic.locks import triggers
from clinic.models import AuditEvent
from patients.models import QuestionWording, Screening
from patients.selectors import screenings
from tests import factories
from treatments.models import SorenessReport

pytestmark = pytest.mark.django_db(transaction=True)

BEFORE = [
    ("patients", "0011_a_stop_waits_for_no_other_answer"),
    ("treatments", "0020_injuries_of_staff_have_a_log"),
]
ANSWER, TABLE = ("patients", "ScreeningAnswer"), "patients_screeninganswer"
OLD = "Is anything implanted in you?"
PLACES = [{"region": "f-hand", "side": "left"}]
# code, question, level, answer, detail, regions
ANSWERS = [
    ("pacemaker", OLD, "caution", "yes", "", []),
    ("lymph-swelling", "Is an arm swollen?", "stop", "yes", "since May", PLACES),
    ("pregnant", "Might you be pregnant?", "caution", "unknown", "Perhaps “so”", []),
    ("lungs", "Are your lungs well?", "clear", "no", "", PLACES),
]
SIGNS = [
    {"code": "breathless", "question": "Out of breath?", "answer": "yes"},
    {"code": "fainted", "question": "Did you faint?", "answer": "not_asked"},
]


@pytest.fixture
def moved_back(draft, reception, monkeypatch):
    """The keys of a reviewed screening and of a report that stand, with an open screening, as before."""
    open_now = {"reviewed_at": None, "reviewed_by": None}
    with transaction.atomic():
        screening = factories.screening(draft.patient, draft.therapist)
        unreviewed = factories.screening(draft.patient, draft.therapist, **open_now)
        followup = factories.followup(draft)
        report = SorenessReport.objects.create(followup=followup, reported_by=reception, triage="urgent")
        audit.file_written()
    back()
    store(screening.pk, unreviewed.pk, report.pk)
    cover_as_then(monkeypatch)
    yield screening.pk, report.pk
    call_command("migrate", verbosity=0)


def back() -> None:
    call_command("migrate", *BEFORE[0], verbosity=0)


@cache
def apps_of_then():
    return MigrationExecutor(connection).loader.project_state(BEFORE).apps


def then(app: str, name: str):
    """The rows of a model as it was before."""
    return apps_of_then().get_model(app, name).objects


def store(screening: int, unreviewed: int, report: int) -> None:
    triggers.drop(connection)
    codes = dict(then("patients", "ScreeningItem").values_list("code", "pk"))
    answers = then(*ANSWER)
    for code, question, level, answer, detail, regions in ANSWERS:
        answers.create(
            screening_id=screening, item_id=codes[code], question_text=question, level=level,
            answer=answer, detail=detail, regions=regions,
        )  # fmt: skip
    answers.create(
        screening_id=unreviewed, item_id=codes["pacemaker"], question_text="Reworded?", level="stop",
        answer="no",
    )  # fmt: skip
    then("treatments", "SorenessReport").filter(pk=report).update(warning_signs=SIGNS)
    writes.take(connection)  # the release of then has recorded them


def cover_as_then(monkeypatch) -> None:
    """An event covered each answer when it was written: the table had rows of its own."""
    entries = [
        packing.RowEntry(TABLE, str(pk), bytes([1]) * 16) for pk in then(*ANSWER).values_list("pk", flat=True)
    ]
    with monkeypatch.context() as patched, transaction.atomic():
        patched.setattr(recording, "_written_rows", lambda key: packing.pack(entries))
        audit.record("screening.taken", None, by=None)


def stored() -> tuple[list, list]:
    answers = then(*ANSWER).order_by("screening", "item__position")
    columns = ("screening", "item__code", "question_text", "level", "answer", "detail", "regions")
    reports = then("treatments", "SorenessReport").order_by("pk")
    return list(answers.values_list(*columns)), list(reports.values_list("warning_signs", flat=True))


def faults() -> list:
    return list(row_check.faults(verification.ignore_progress))


def test_answers_and_reports_move_forth_and_back_without_loss(moved_back):
    screening, report = moved_back
    before = stored()

    call_command("migrate", verbosity=0)

    shown = [
        (row.item.code, row.question, row.level, row.given.answer, row.given.detail, list(row.given.regions))
        for row in screenings.answers_of(Screening.objects.get(pk=screening))
    ]
    assert sorted(shown, key=str) == sorted(ANSWERS, key=str)
    signs = SorenessReport.objects.get(pk=report).warning_signs
    assert signs == ["breathless 1 yes", "fainted 1 not_asked"]
    worded = QuestionWording.objects.filter(catalogue="health", code="pacemaker")
    assert [row.text for row in worded][:2] == [OLD, "Reworded?"]
    migrated = AuditEvent.objects.filter(code="record.migrated").order_by("-seq")[:2]
    assert {table for event in migrated for table in event.changes} == {TABLE, "treatments_sorenessreport"}
    assert faults() == []

    back()
    assert stored() == before

    call_command("migrate", verbosity=0)
    assert faults() == []
