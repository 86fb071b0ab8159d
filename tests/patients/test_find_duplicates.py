"""manage.py find_duplicates: what it lists, what it writes, what it records."""

import csv
import datetime as dt
import io

import pytest
from django.core.management import CommandError, call_command

from clinic.models import AuditEvent
from patients.models import Patient
from tests import factories

pytestmark = pytest.mark.django_db
BORN = dt.date(1984, 3, 5)


@pytest.fixture
def pair(reception):
    rows = [
        factories.patient(reception, family_name="Pemberton", given_name=given, born=BORN, phone="")
        for given in ("Robert", "Bob")
    ]
    factories.patient(
        reception, family_name="Pemberton", given_name="Ada", born=dt.date(1990, 1, 22), phone=""
    )
    return [row.ref for row in rows]


def listed(**options) -> str:
    out = io.StringIO()
    call_command("find_duplicates", stdout=out, **options)
    return out.getvalue()


def test_a_person_registered_twice_is_listed_with_score_and_reasons(pair, tmp_path):
    path = tmp_path / "pairs.csv"

    said = listed(csv=path)

    head, *rows = csv.reader(io.StringIO(path.read_text(encoding="utf-8-sig")))
    assert head == ["ref_a", "ref_b", "score", "reasons"]
    assert [row[:2] for row in rows] == [pair]
    assert 60 <= int(rows[0][2]) <= 100
    assert "same birth date" in rows[0][3]
    assert "1 likely pair among 3 patients" in said
    assert path.stat().st_mode & 0o077 == 0


def test_nobody_is_named(pair):
    said = listed()

    assert all(ref in said for ref in pair)
    assert "Pemberton" not in said
    assert "1984" not in said


def test_that_it_ran_is_recorded_before_the_list_is_written(pair, tmp_path):
    with pytest.raises(CommandError, match="cannot be written"):
        listed(csv=tmp_path / "missing" / "pairs.csv")

    assert AuditEvent.objects.filter(code="patient.duplicates_listed").count() == 1


def test_a_file_that_is_there_is_kept(pair, tmp_path):
    path = tmp_path / "pairs.csv"
    path.write_text("mine")

    with pytest.raises(CommandError, match="is there already"):
        listed(csv=path)

    assert path.read_text() == "mine"


def test_a_record_that_was_merged_is_not_listed(pair, reception):
    survivor, loser = (Patient.objects.get(ref=ref) for ref in pair)
    Patient.objects.filter(pk=loser.pk).update(
        merged_into=survivor, merged_at=dt.datetime(2026, 1, 1, tzinfo=dt.UTC), merged_by=reception
    )

    assert "0 likely pairs" in listed()
