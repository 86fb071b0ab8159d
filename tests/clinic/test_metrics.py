"""What a monitor reads: who may, what the counts say, and that nobody is in them."""

import datetime as dt
import re
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import OperationalError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from clinic import audit
from clinic.actions import audit as audit_actions
from clinic.models import AuditEvent
from clinic.selectors import upkeep as selectors
from clinic.web import metrics
from tests.statements import data_statements

TOKEN = "of-the-monitor-" + "t" * 32
PAGE = reverse("metrics")


@pytest.fixture
def counts(monkeypatch):
    """Nothing counted yet."""
    fresh = metrics.RequestCounts()
    monkeypatch.setattr(metrics, "COUNTS", fresh)
    return fresh


@pytest.fixture
def monitor(db, settings):
    settings.METRICS_TOKEN = TOKEN
    return Client(headers={"Authorization": f"Bearer {TOKEN}"})


def values(client) -> dict[str, float]:
    """{series: value}; each line that is no comment must be one."""
    answer = client.get(PAGE)
    assert (answer.status_code, answer["Content-Type"][:10]) == (200, "text/plain")
    lines = [line for line in answer.text.splitlines() if not line.startswith("#")]
    found = [
        re.fullmatch(r'([a-z_]+(?:\{[a-z]+="[^"]*"(?:,[a-z]+="[^"]*")*\})?) (\S+)', line) for line in lines
    ]
    assert all(found), lines
    return {match[1]: float(match[2]) for match in found}


@pytest.mark.parametrize("given", ["", "Bearer ", "Bearer x", f"Bearer {TOKEN}x", f"Basic {TOKEN}"])
def test_without_the_token_there_is_no_such_page(db, settings, given):
    settings.METRICS_TOKEN = TOKEN

    assert Client(headers={"Authorization": given}).get(PAGE).status_code == 404


@pytest.mark.parametrize("given", ["", "Bearer ", f"Bearer {TOKEN}"])
def test_where_no_token_is_set_nobody_reads_it(db, given):
    assert Client(headers={"Authorization": given}).get(PAGE).status_code == 404


@pytest.mark.parametrize(
    ("address", "secure", "status"),
    [("192.0.2.7", False, 404), ("192.0.2.7", True, 200), ("::1", False, 200)],
)
def test_the_token_does_not_travel_in_the_open(monitor, address, secure, status):
    assert monitor.get(PAGE, REMOTE_ADDR=address, secure=secure).status_code == status


def test_requests_are_counted_by_page_and_kind_of_status(counts, monitor, ada, therapist, signed_in):
    client = signed_in(therapist)
    for _ in range(2):
        client.get(ada.get_absolute_url())
    Client().get(f"/nowhere/{ada.ref}/")

    found = values(monitor)

    assert found['filiform_requests_total{route="treatments:record",status="2xx"}'] == 2
    assert found['filiform_requests_total{route="",status="4xx"}'] == 1
    assert found["filiform_request_seconds_count"] == 3
    assert found['filiform_request_seconds_bucket{le="+Inf"}'] == 3
    assert found['filiform_route_seconds_total{route="treatments:record"}'] > 0


def test_a_bucket_holds_all_that_were_as_fast(counts):
    for seconds in (0.005, 0.01, 0.2, 99):
        counts.add("a", 200, seconds)

    lines = counts.lines()

    for bound, number in (("0.01", 2), ("0.1", 2), ("0.25", 3), ("10.0", 3), ("+Inf", 4)):
        assert f'filiform_request_seconds_bucket{{le="{bound}"}} {number}' in lines
    assert 'filiform_requests_total{route="a",status="2xx"} 4' in lines


def test_drafts_backups_and_checks_are_told_with_their_age(monitor, draft):
    before = values(monitor)
    with transaction.atomic():
        audit.record_many([audit.AuditEntry("backup.made", at=timezone.now() - dt.timedelta(hours=3))])
    call_command("verify_record", note=True, stdout=StringIO())

    found = values(monitor)

    assert before["filiform_drafts_open"] == 1
    assert not {name for name in before if "backup" in name or "verification" in name}
    assert found["filiform_backup_age_seconds"] == pytest.approx(3 * 3600, abs=60)
    assert found["filiform_verification_age_seconds"] < 60
    assert found["filiform_verification_ok"] == 1


def test_the_last_check_counts(db):
    audit_actions.record_check(faults=0)
    audit_actions.record_check(faults=2)
    assert selectors.upkeep().is_whole is False

    audit_actions.record_check(faults=0)
    assert selectors.upkeep().is_whole is True


def test_a_check_is_noted_only_where_it_was_asked_for_and_whole(db):
    call_command("verify_record", stdout=StringIO())
    call_command("verify_record", only=["locks"], note=True, stdout=StringIO())

    assert not AuditEvent.objects.filter(code__startswith="record.check").exists()


def test_it_costs_two_statements(monitor):
    with data_statements() as cost:
        monitor.get(PAGE)

    assert len(cost) == 2


def test_without_a_database_the_counts_are_still_told(counts, monitor, monkeypatch):
    def away():
        raise OperationalError("gone")

    monkeypatch.setattr(selectors, "upkeep", away)

    found = values(monitor)

    assert found["filiform_database_up"] == 0
    assert "filiform_drafts_open" not in found
    assert "filiform_request_seconds_count" in found


def test_nothing_in_it_is_about_anybody(counts, monitor, ada, draft, therapist, signed_in):
    client = signed_in(therapist)
    for path in (ada.get_absolute_url(), draft.get_absolute_url(), f"/{ada.family_name}/"):
        client.get(path)

    page = monitor.get(PAGE).text

    for word in (
        ada.ref,
        draft.ref,
        ada.family_name,
        ada.given_name,
        therapist.username,
        therapist.last_name,
    ):
        assert word not in page
