"""What runs by itself: a run that fails or is missing is told, by mail and where leads and monitors look."""

import datetime as dt
from io import StringIO

import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from django.db import OperationalError, transaction
from django.urls import reverse
from django.utils import timezone

from clinic import audit
from clinic.actions import upkeep as actions
from clinic.models import AuditEvent
from clinic.rules import upkeep as rules
from clinic.rules.upkeep import Upkeep
from clinic.selectors import upkeep

NOW = dt.datetime(2026, 3, 10, 12, 0, tzinfo=dt.UTC)
KEEPER = "keeper@practice.example"
SET_UP = reverse("treatments:set-up")


def ago(**span) -> dt.datetime:
    return NOW - dt.timedelta(**span)


LATELY = {
    "backup_at": ago(hours=10), "checked_at": ago(hours=9), "is_whole": True,
    "drilled_at": ago(days=9), "is_restorable": True,
}  # fmt: skip


@pytest.fixture
def keeper(settings):
    settings.FAILURES_TO = KEEPER
    settings.EMAIL_HOST = "mail.practice.example"


def happened(*codes, at=None, reason=""):
    with transaction.atomic():
        audit.record_many([audit.AuditEntry(code, at=at, reason=reason) for code in codes])


def tell(unit="filiform-backup") -> str:
    said = StringIO()
    call_command("tell_failure", unit, stdout=said)
    return said.getvalue()


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({}, []),
        ({"backup_at": ago(hours=35)}, []),
        ({"backup_at": ago(hours=37)}, ["The last backup was made "]),
        ({"checked_at": ago(days=2)}, ["The record was last checked "]),
        ({"drilled_at": ago(days=39)}, []),
        ({"drilled_at": ago(days=41)}, ["A backup was last tried "]),
        ({"is_whole": False}, ["The last check found the record not as it was written"]),
        ({"is_restorable": False}, ["The last backup that was tried is not as it was written"]),
        ({"failed_at": {"filiform-backup": ago(hours=9)}}, ["filiform-backup failed "]),
        ({"failed_at": {"filiform-backup": ago(hours=11)}}, []),
        ({"failed_at": {"filiform-reminders": ago(days=7)}}, ["filiform-reminders failed "]),
        ({"failed_at": {"filiform-reminders": ago(days=9)}}, []),
        (
            {"is_whole": False, "failed_at": {"filiform-verify": ago(hours=10)}},
            ["The last check found", "filiform-verify failed "],
        ),
    ],
)
def test_what_is_late_failed_or_ended_badly_is_said(changed, words):
    found = rules.faults(Upkeep(**{**LATELY, **changed}), now=NOW)

    assert len(found) == len(words)
    assert all(sentence.startswith(start) for sentence, start in zip(found, words, strict=True)), found


def test_what_never_ran_is_missing_and_no_fault():
    assert rules.faults(Upkeep(), now=NOW) == ()
    assert len(rules.missing(Upkeep())) == 3
    assert rules.missing(Upkeep(**LATELY)) == ()


def test_a_failure_is_mailed_and_on_record(db, keeper):
    assert tell().split(".")[:2] == ["Mailed", "\nIn the audit"]

    [sent] = mail.outbox
    assert (sent.to, sent.subject) == ([KEEPER], "filiform-backup failed")
    assert "journalctl --unit filiform-backup" in sent.body
    assert AuditEvent.objects.get(code="upkeep.failed").reason == "filiform-backup"
    assert list(upkeep.upkeep().failed_at) == ["filiform-backup"]


def test_without_an_address_it_is_still_on_record(db):
    assert "FAILURES_TO names no address" in tell()

    assert mail.outbox == []
    assert AuditEvent.objects.filter(code="upkeep.failed").exists()


def test_a_mail_server_that_is_away_does_not_keep_it_off_the_record(db, keeper, settings):
    settings.EMAIL_HOST = ""

    with pytest.raises(CommandError, match="Not mailed: No mail server is set"):
        tell()
    assert AuditEvent.objects.filter(code="upkeep.failed").exists()


def test_a_database_that_is_away_does_not_keep_it_from_being_mailed(keeper, monkeypatch):
    def away(unit):
        raise OperationalError("connection refused")

    monkeypatch.setattr(actions, "record_failure", away)

    with pytest.raises(CommandError, match="Not in the audit: connection refused"):
        tell()
    assert [sent.to for sent in mail.outbox] == [[KEEPER]]


@pytest.mark.parametrize("unit", ["", "a b", "x\nSubject: y", "é"])
def test_only_the_name_of_a_unit_is_told(unit, keeper):
    with pytest.raises(CommandError, match="Name the unit that failed"):
        tell(unit)
    assert mail.outbox == []


def test_the_board_says_it_to_leads_and_administrators_until_it_went_well(
    lead, admin, therapist, reception, signed_in
):
    happened("backup.made", at=timezone.now() - dt.timedelta(days=3))
    tell()

    for user, is_told in ((lead, True), (admin, True), (therapist, False), (reception, False)):
        page = signed_in(user).get("/").text
        assert ("filiform-backup failed" in page and "The last backup was made" in page) is is_told

    happened("backup.made")
    assert "filiform-backup failed" not in signed_in(lead).get("/").text


def test_set_up_shows_each_run_and_who_is_mailed(admin, signed_in, keeper):
    def item():
        return next(each for each in signed_in(admin).get(SET_UP).context["items"] if each.code == "runs")

    assert not item().is_done
    assert not item().blocks
    assert f"When a run fails, {KEEPER} is mailed." in item().lines

    happened("backup.made", "record.checked", "backup.drilled")
    assert item().is_done

    tell("filiform-sessions")
    assert not item().is_done
    assert item().lines[0].startswith("filiform-sessions failed ")
